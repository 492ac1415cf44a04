using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Sites;

/// <summary>Changes a website's settings; what is absent stays. Takes effect on every node within seconds.</summary>
internal sealed class UpdateSite : IEndpoint
{
    /// <param name="AllowedOrigins">All of them; an empty list lets any origin post.</param>
    /// <param name="FieldMap">The whole map.</param>
    /// <param name="Numbers">Phone numbers shown on the site that are to be replaced by tracking numbers, each with the region of its pool. All of them.</param>
    /// <param name="NumberHoldSeconds">A visit holds its tracking number for so long after its last message, 30 to 86,400 s.</param>
    /// <param name="NumberRestSeconds">A tracking number that was held is lent to nobody else for so long, 0 to 86,400 s.</param>
    /// <param name="NumberLookBackSeconds">A call to a resting number is its last holder's for so long, 0 to 604,800 s.</param>
    /// <param name="Tracker">What is absent in it stays.</param>
    internal sealed record Request(
        string? Name, string[]? AllowedOrigins, string? DefaultCountry, Dictionary<string, string>? FieldMap, int? RatePerSecond, int? RatePerIpPerMinute,
        SiteNumber[]? Numbers, int? NumberHoldSeconds, int? NumberRestSeconds, int? NumberLookBackSeconds,
        TrackerSettings? Tracker);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200).When(r => r.Name is not null);
            SiteRules.Origins(RuleFor(r => r.AllowedOrigins));
            SiteRules.Country(RuleFor(r => r.DefaultCountry));
            SiteRules.FieldMap(RuleFor(r => r.FieldMap));
            SiteRules.Rate(RuleFor(r => r.RatePerSecond));
            SiteRules.Rate(RuleFor(r => r.RatePerIpPerMinute));
            SiteRules.Numbers(this, r => r.Numbers, r => r.DefaultCountry, r => r.NumberHoldSeconds, r => r.NumberRestSeconds, r => r.NumberLookBackSeconds);
            SiteRules.Tracker(RuleFor(r => r.Tracker));
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPatch("/{id:guid}", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound)
        .WithExample("""{"allowedOrigins":["https://okna-plus.ru"],"ratePerIpPerMinute":30}""");

    internal static async Task<Results<Ok<SiteAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ProjectScope scope, Database db,
        IOptions<PublicAddress> address, HttpRequest http, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<SiteRow>(new CommandDefinition(Update, new
        {
            scope.ProjectId,
            Id = id,
            Name = request.Name?.Trim(),
            Origins = SiteRules.Normalised(request.AllowedOrigins),
            Country = request.DefaultCountry,
            FieldMap = request.FieldMap is null ? null : JsonSerializer.Serialize(request.FieldMap),
            request.RatePerSecond,
            RatePerIp = request.RatePerIpPerMinute,
            Numbers = SiteRules.NumbersJson(request.Numbers, request.DefaultCountry),
            Hold = request.NumberHoldSeconds,
            Rest = request.NumberRestSeconds,
            LookBack = request.NumberLookBackSeconds,
            Tracker = request.Tracker?.Json(),
        }, cancellationToken: ct));
        return row is null ? Problems.NotFound("site") : TypedResults.Ok(row.Answer(address.Value, http));
    }

    private const string Update = $"""
        update sites set name = coalesce(@Name, name), allowed_origins = coalesce(@Origins::text[], allowed_origins),
            default_country = coalesce(@Country, default_country), field_map = coalesce(@FieldMap::jsonb, field_map),
            rate_per_second = coalesce(@RatePerSecond, rate_per_second), rate_per_ip_per_minute = coalesce(@RatePerIp, rate_per_ip_per_minute),
            replace_numbers = coalesce(@Numbers::jsonb, replace_numbers), number_hold_seconds = coalesce(@Hold, number_hold_seconds),
            number_rest_seconds = coalesce(@Rest, number_rest_seconds), number_look_back_seconds = coalesce(@LookBack, number_look_back_seconds),
            tracker = coalesce(tracker || @Tracker::jsonb, tracker)
        where project_id = @ProjectId and id = @Id
        returning {SiteRow.Columns};
        select pg_notify('sites', @ProjectId::text)
        """;
}
