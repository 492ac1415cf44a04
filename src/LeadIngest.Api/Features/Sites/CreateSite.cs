using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Sites;

/// <summary>Adds a website; the answer holds the addresses that its forms post to.</summary>
internal sealed class CreateSite : IEndpoint
{
    /// <param name="Name">For people; 1 to 200 characters.</param>
    /// <param name="AllowedOrigins">Origins whose pages may post: <c>https://okna-plus.ru</c>. Empty or absent: any.</param>
    /// <param name="DefaultCountry">ISO 3166 code by which a phone without a country is read; <c>RU</c> when absent.</param>
    /// <param name="FieldMap">Posted field name to meaning, where the built-in synonyms do not know it.</param>
    /// <param name="RatePerSecond">Posts a second from all visitors together; 50 when absent.</param>
    /// <param name="RatePerIpPerMinute">Posts a minute from one address; 60 when absent.</param>
    /// <param name="Tracker">What the tracker may do; <c>full</c> and <c>mark</c> when absent.</param>
    internal sealed record Request(
        string Name, string[]? AllowedOrigins, string? DefaultCountry, Dictionary<string, string>? FieldMap, int? RatePerSecond, int? RatePerIpPerMinute,
        TrackerSettings? Tracker);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200);
            SiteRules.Origins(RuleFor(r => r.AllowedOrigins));
            SiteRules.Country(RuleFor(r => r.DefaultCountry));
            SiteRules.FieldMap(RuleFor(r => r.FieldMap));
            SiteRules.Rate(RuleFor(r => r.RatePerSecond));
            SiteRules.Rate(RuleFor(r => r.RatePerIpPerMinute));
            SiteRules.Tracker(RuleFor(r => r.Tracker));
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", HandleAsync).Validate(new Validator())
        .WithExample("""
            {"name":"okna-plus.ru","allowedOrigins":["https://okna-plus.ru","https://www.okna-plus.ru"],"defaultCountry":"RU",
             "fieldMap":{"Ваш телефон":"phone"},"tracker":{"consent":"full","forms":"mark"}}
            """);

    internal static async Task<Results<Created<SiteAnswer>, ProblemHttpResult>> HandleAsync(Request request, ProjectScope scope, Database db,
        IOptions<PublicAddress> address, HttpRequest http, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleAsync<SiteRow>(new CommandDefinition(Insert, new
        {
            scope.ProjectId,
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            SiteKey = NewKey(),
            Name = request.Name.Trim(),
            Origins = SiteRules.Normalised(request.AllowedOrigins) ?? [],
            Country = request.DefaultCountry ?? "RU",
            FieldMap = JsonSerializer.Serialize(request.FieldMap ?? []),
            RatePerSecond = request.RatePerSecond ?? 50,
            RatePerIp = request.RatePerIpPerMinute ?? 60,
            Tracker = TrackerSettings.Read((request.Tracker ?? new()).Json()).Json(),
        }, cancellationToken: ct));
        return TypedResults.Created($"/v1/sites/{row.Id}", row.Answer(address.Value, http));
    }

    /// <summary>96 random bits in base32: nobody guesses one, and it survives being read aloud.</summary>
    private static string NewKey() => "site_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 20);

    private const string Insert = $"""
        insert into sites (project_id, id, site_key, name, allowed_origins, default_country, field_map, rate_per_second, rate_per_ip_per_minute, tracker)
        values (@ProjectId, @Id, @SiteKey, @Name, @Origins, @Country, @FieldMap::jsonb, @RatePerSecond, @RatePerIp,
            @Tracker::jsonb)
        returning {SiteRow.Columns};
        select pg_notify('sites', @ProjectId::text)
        """;
}
