using System.Text.Json;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Sites;

/// <summary>A website of the project.</summary>
/// <param name="SiteKey">Public: it stands in the page's source and may only post leads.</param>
/// <param name="AllowedOrigins">Origins whose pages may post; empty: any.</param>
/// <param name="DefaultCountry">ISO 3166 code by which a phone without a country is read.</param>
/// <param name="FieldMap">Posted field name to meaning (<c>name</c>, <c>phone</c>, <c>email</c>, <c>comment</c>, …); wins over the built-in synonyms.</param>
/// <param name="RatePerSecond">Posts a second from all visitors together.</param>
/// <param name="RatePerIpPerMinute">Posts a minute from one address.</param>
/// <param name="Numbers">Phone numbers shown on the site that are to be replaced by tracking numbers.</param>
/// <param name="NumberHoldSeconds">A visit holds its tracking number for so long after its last message.</param>
/// <param name="NumberRestSeconds">A tracking number that was held is lent to nobody else for so long.</param>
/// <param name="NumberLookBackSeconds">A call to a resting number is its last holder's for so long.</param>
/// <param name="Tracker">What the tracker may do on the site's pages.</param>
internal sealed record SiteAnswer(
    Guid Id, string SiteKey, string Name, IReadOnlyList<string> AllowedOrigins, string DefaultCountry, IReadOnlyDictionary<string, string> FieldMap,
    int RatePerSecond, int RatePerIpPerMinute, IReadOnlyList<SiteNumber> Numbers, int NumberHoldSeconds, int NumberRestSeconds, int NumberLookBackSeconds,
    TrackerSettings Tracker, bool IsDemo, DateTimeOffset CreatedAt, SiteEndpoints Endpoints);

/// <summary>A phone number shown on the site.</summary>
/// <param name="Number">E.164; asked for in any spelling.</param>
/// <param name="Region">It is replaced by tracking numbers of this region; empty for a site with one pool.</param>
internal sealed record SiteNumber(string Number, string? Region = "");

/// <summary>Where to post, ready to be pasted.</summary>
/// <param name="Leads">Takes JSON.</param>
/// <param name="Forms">Takes urlencoded and multipart forms with the site's own field names.</param>
/// <param name="Curl">A command that posts a lead.</param>
/// <param name="Form">An HTML form that posts a lead without any script.</param>
/// <param name="Tracker">The tag that loads the tracker, for the head of every page.</param>
internal sealed record SiteEndpoints(string Leads, string Forms, string Curl, string Form, string Tracker);

/// <summary>A row of <c>sites</c> on its way to the API.</summary>
internal sealed class SiteRow
{
    public const string Columns = """
        id, site_key, name, allowed_origins, default_country, field_map::text as field_map, rate_per_second, rate_per_ip_per_minute, replace_numbers::text as replace_numbers,
        number_hold_seconds, number_rest_seconds, number_look_back_seconds, is_demo, created_at,
        tracker::text as tracker
        """;

    public Guid Id { get; init; }
    public string SiteKey { get; init; } = "";
    public string Name { get; init; } = "";
    public string[] AllowedOrigins { get; init; } = [];
    public string DefaultCountry { get; init; } = "";
    public string FieldMap { get; init; } = "{}";
    public int RatePerSecond { get; init; }
    public int RatePerIpPerMinute { get; init; }
    public string ReplaceNumbers { get; init; } = "[]";
    public int NumberHoldSeconds { get; init; }
    public int NumberRestSeconds { get; init; }
    public int NumberLookBackSeconds { get; init; }
    public string Tracker { get; init; } = "{}";
    public bool IsDemo { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    public SiteAnswer Answer(PublicAddress address, HttpRequest request) => new(Id, SiteKey, Name, AllowedOrigins, DefaultCountry,
        JsonSerializer.Deserialize<Dictionary<string, string>>(FieldMap) ?? [], RatePerSecond, RatePerIpPerMinute,
        JsonSerializer.Deserialize<SiteNumber[]>(ReplaceNumbers, JsonSerializerOptions.Web) ?? [], NumberHoldSeconds, NumberRestSeconds, NumberLookBackSeconds,
        TrackerSettings.Read(Tracker), IsDemo, CreatedAt, Endpoints(address.For(request), SiteKey));

    private static SiteEndpoints Endpoints(string service, string key) => PostingTo($"{service}/v1/sites/{key}", Tag(service, key));

    /// <summary>Where the site's tracker is.</summary>
    public static string TrackerUrl(string service, string key) => $"{service}/t/{key}.js";

    /// <summary>The tag that loads it.</summary>
    public static string Tag(string service, string key) => $"""<script async src="{TrackerUrl(service, key)}"></script>""";

    private static SiteEndpoints PostingTo(string site, string tracker) => new($"{site}/leads", $"{site}/forms",
        $$"""
        curl -X POST '{{site}}/leads' -H 'Content-Type: application/json' \
          -d '{"name":"Анна","phone":"+7 916 123-45-67","page":"https://example.ru/?utm_source=yandex&utm_medium=cpc"}'
        """.ReplaceLineEndings("\n"),
        $"""
        <form action="{site}/forms" method="post">
          <input name="name" placeholder="Имя">
          <input name="phone" type="tel" placeholder="Телефон" required>
          <input name="_gotcha" tabindex="-1" autocomplete="off" style="display:none">
          <button>Отправить</button>
        </form>
        """.ReplaceLineEndings("\n"), tracker);
}
