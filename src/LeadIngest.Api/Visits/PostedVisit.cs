using System.Globalization;
using System.Text.Json;

namespace LeadIngest.Api.Visits;

/// <summary>A beacon of the tracker as it was posted. Every member is optional: what has the wrong form is as good as absent.</summary>
internal sealed record PostedVisit
{
    /// <summary>A visit remembers so many views.</summary>
    public const int MostPages = 50;

    private const int MostSeconds = 7 * 86_400;
    private const int MostViews = 100_000;
    private static readonly string[] Events = ["start", "page", "beat", "leave"];

    /// <summary><c>start</c>, <c>page</c>, <c>beat</c> (still there) or <c>leave</c>; <c>beat</c> when it is none of these.</summary>
    public string Event { get; init; } = "beat";

    public Guid? VisitorId { get; init; }
    public Guid? VisitId { get; init; }
    public string? Page { get; init; }
    public string? Referrer { get; init; }
    public string? LandingPage { get; init; }
    public string? LandingReferrer { get; init; }
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Seconds with the page in sight, of the whole visit so far.</summary>
    public int Seconds { get; init; }

    /// <summary>Path and unix seconds of the views so far.</summary>
    public IReadOnlyList<(string Path, long At)> Pages { get; init; } = [];

    public int PageViews { get; init; }

    /// <summary>Analytics ids by name: <c>ym</c>, <c>ga</c>.</summary>
    public IReadOnlyDictionary<string, string> ClientIds { get; init; } = new Dictionary<string, string>();

    public bool WantsNumbers { get; init; }

    /// <summary>The visitor has agreed to no more than what the site needs to work: no address and no analytics ids are kept.</summary>
    public bool EssentialOnly { get; init; }

    /// <returns>Null when the body is not a JSON object; <paramref name="error"/> then says why.</returns>
    public static PostedVisit? Read(ReadOnlyMemory<byte> body, out string error)
    {
        error = "Must be a JSON object.";
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : null;
        }
        catch (JsonException e)
        {
            error = $"Not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.";
            return null;
        }
        catch (InvalidOperationException)
        {
            error = "Is not valid Unicode: broken UTF-8 or half of a surrogate pair.";
            return null;
        }
    }

    private static PostedVisit Read(JsonElement json) => new()
    {
        Event = Text(json, "event", 10) is { } what && Events.Contains(what, StringComparer.Ordinal) ? what : "beat",
        VisitorId = Id(json, "visitorId"),
        VisitId = Id(json, "visitId"),
        Page = Address(json, "page"),
        Referrer = Address(json, "referrer"),
        LandingPage = Address(json, "landingPage"),
        LandingReferrer = Address(json, "landingReferrer"),
        StartedAt = Text(json, "startedAt", 40) is { } at && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var started)
            ? started : null,
        Seconds = Number(json, "seconds", MostSeconds),
        PageViews = Number(json, "pageViews", MostViews),
        Pages = ReadPages(json),
        ClientIds = ReadClientIds(json),
        WantsNumbers = json.TryGetProperty("wantsNumbers", out var wants) && wants.ValueKind == JsonValueKind.True,
        EssentialOnly = Text(json, "consent", 20) == "essential",
    };

    private static List<(string, long)> ReadPages(JsonElement json)
    {
        var pages = new List<(string, long)>();
        if (!json.TryGetProperty("pages", out var list) || list.ValueKind != JsonValueKind.Array) return pages;
        foreach (var view in list.EnumerateArray())
        {
            if (pages.Count == MostPages) break;
            if (view.ValueKind == JsonValueKind.Array && view.GetArrayLength() == 2 && String(view[0]) is { } path && Clean(path, 500) is { } clean
                && view[1].ValueKind == JsonValueKind.Number && view[1].TryGetDouble(out var at) && at is >= 0 and < 1e11)
                pages.Add((clean, (long)at));
        }
        return pages;
    }

    private static Dictionary<string, string> ReadClientIds(JsonElement json)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!json.TryGetProperty("clientIds", out var list) || list.ValueKind != JsonValueKind.Object) return ids;
        foreach (var id in list.EnumerateObject())
            if (ids.Count < 10 && id.Name.Length is > 0 and <= 20 && id.Name.All(char.IsAsciiLetterOrDigit) && String(id.Value) is { } text && Clean(text, 100) is { } value)
                ids[id.Name] = value;
        return ids;
    }

    // Nobody is the visitor of the empty id, and everybody would share it.
    private static Guid? Id(JsonElement json, string name) =>
        Text(json, name, 40) is { } text && Guid.TryParseExact(text, "D", out var id) && id != Guid.Empty && id != Guid.AllBitsSet ? id : null;

    private static int Number(JsonElement json, string name, int most) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? (int)Math.Clamp(number, 0, most) : 0;

    /// <summary>Kept to the letter: the passport mends faults itself and cuts at 8 KiB.</summary>
    private static string? Address(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && String(value) is { Length: > 0 } text ? text : null;

    private static string? Text(JsonElement json, string name, int longest) =>
        json.TryGetProperty(name, out var value) && String(value) is { } text && text.Length <= longest ? Clean(text, longest) : null;

    private static string? Clean(string text, int longest) => Core.Identities.Text.CleanLine(text, longest);

    private static string? String(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // broken UTF-8, or half of a surrogate pair
        }
    }
}
