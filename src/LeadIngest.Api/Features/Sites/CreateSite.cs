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
    /// <param name="Numbers">Phone numbers shown on the site that are to be replaced by tracking numbers, each with the region of its pool. None when absent.</param>
    /// <param name="NumberHoldSeconds">A visit holds its tracking number for so long after its last message, 30 to 86,400 s; 150 when absent.</param>
    /// <param name="NumberRestSeconds">A tracking number that was held is lent to nobody else for so long, 0 to 86,400 s; 30 when absent.</param>
    /// <param name="NumberLookBackSeconds">A call to a resting number is its last holder's for so long, 0 to 604,800 s; 1,800 when absent.</param>
    /// <param name="Tracker">What the tracker may do; <c>full</c> and <c>mark</c> when absent.</param>
    internal sealed record Request(
        string Name, string[]? AllowedOrigins, string? DefaultCountry, Dictionary<string, string>? FieldMap, int? RatePerSecond, int? RatePerIpPerMinute,
        SiteNumber[]? Numbers, int? NumberHoldSeconds, int? NumberRestSeconds, int? NumberLookBackSeconds,
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
            SiteRules.Numbers(this, r => r.Numbers, r => r.DefaultCountry, r => r.NumberHoldSeconds, r => r.NumberRestSeconds, r => r.NumberLookBackSeconds);
            SiteRules.Tracker(RuleFor(r => r.Tracker));
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", HandleAsync).Validate(new Validator())
        .WithExample("""
            {"name":"okna-plus.ru","allowedOrigins":["https://okna-plus.ru","https://www.okna-plus.ru"],"defaultCountry":"RU",
             "fieldMap":{"Ваш телефон":"phone"},"numbers":[{"number":"+7 495 123-45-67","region":""}],"tracker":{"consent":"full","forms":"mark"}}
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
            Numbers = SiteRules.NumbersJson(request.Numbers, request.DefaultCountry) ?? "[]",
            Hold = request.NumberHoldSeconds ?? 150,
            Rest = request.NumberRestSeconds ?? 30,
            LookBack = request.NumberLookBackSeconds ?? 1_800,
            Tracker = TrackerSettings.Read((request.Tracker ?? new()).Json()).Json(),
        }, cancellationToken: ct));
        return TypedResults.Created($"/v1/sites/{row.Id}", row.Answer(address.Value, http));
    }

    /// <summary>96 random bits in base32: nobody guesses one, and it survives being read aloud.</summary>
    private static string NewKey() => "site_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 20);

    private const string Insert = $"""
        insert into sites (project_id, id, site_key, name, allowed_origins, default_country, field_map, rate_per_second, rate_per_ip_per_minute,
            replace_numbers, number_hold_seconds, number_rest_seconds, number_look_back_seconds, tracker)
        values (@ProjectId, @Id, @SiteKey, @Name, @Origins, @Country, @FieldMap::jsonb, @RatePerSecond, @RatePerIp,
            @Numbers::jsonb, @Hold, @Rest, @LookBack, @Tracker::jsonb)
        returning {SiteRow.Columns};
        select pg_notify('sites', @ProjectId::text)
        """;
}
