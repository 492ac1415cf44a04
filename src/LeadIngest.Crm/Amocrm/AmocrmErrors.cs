using System.Text.Json;
using System.Text.RegularExpressions;
using LeadIngest.Crm.Failures;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>What an answer of amoCRM means. Status first: its 403 and 429 come as JSON, as HTML or empty.</summary>
internal static partial class AmocrmErrors
{
    private sealed record Row(Failure Failure, Func<HttpReply, JsonElement?, bool> Is, string Words);

    /// <summary>The first row that fits is the one.</summary>
    private static readonly Row[] Rows =
    [
        new(new("amocrm.done", Meaning.Done, "2xx with JSON, or 204 (nothing there)"), (r, j) => r.Status == 204 || (r.IsSuccess && j is not null), ""),
        new(new("amocrm.unreadable", Meaning.Unknown, "2xx without readable JSON: empty, HTML, cut off, longer than 4 MiB") { IsIll = true }, (r, _) => r.IsSuccess, "The answer cannot be read"),
        new(new("amocrm.moved", Meaning.Elsewhere, "3xx: the account was renamed"), (r, _) => r.Status is >= 300 and < 400, "The account answers with a redirect, its address has changed"),
        new(new("amocrm.token", Meaning.Expired, "401: expired or revoked token, dismissed user"), (r, _) => r.Status == 401, "The token is not accepted"),
        new(new("amocrm.unpaid", Meaning.Unpaid, "402"), (r, _) => r.Status == 402, "The account is not paid"),
        new(new("amocrm.forbidden", Meaning.Blocked, "403, JSON or HTML: no right, an IP that is not allowed, or the block after too many requests"), (r, _) => r.Status == 403, "The account refuses access"),
        new(new("amocrm.gone", Meaning.Elsewhere, "404: the account is gone or renamed"), (r, _) => r.Status == 404, "Not found, the account may be gone or renamed"),
        new(new("amocrm.rate", Meaning.Rate, "429, JSON with `retry_after`, HTML or empty"), (r, _) => r.Status == 429, "The CRM asks for a slower pace"),
        new(new("amocrm.timeout", Meaning.Unknown, "504 or 408: too large a batch, or too slow; the next batches are half as long") { IsIll = true }, (r, _) => r.Status is 408 or 504, "The CRM failed"),
        new(new("amocrm.failed", Meaning.Unknown, "any other 5xx, JSON or HTML") { IsIll = true }, (r, _) => r.Status >= 500, "The CRM failed"),

        // The payload is not to blame.
        new(new("amocrm.no_right", Meaning.Unpaid, "400 with code 244: no right, or the account is not paid"),
            (r, j) => r.Status == 400 && Errors(j).Count == 0 && (NoRight().IsMatch(j.Get("detail").Text() ?? "") || j.Get("code").Text() is "244"), "No right, or the account is not paid"),
        new(new("amocrm.validation", Meaning.Data, "400 with `validation-errors`: items by `request_id`, values by path"), (_, j) => Errors(j).Count > 0, "The CRM refused"),
        new(new("amocrm.refused", Meaning.Data, "any other 4xx in JSON (405, 422 for too long a batch, 400 for an empty body): halves find the item"), (_, j) => j is not null, "The CRM refused"),

        // A refusal in a foreign tongue is some proxy's, not amoCRM's judgement of this lead.
        new(new("amocrm.foreign", Meaning.Unknown, "any other 4xx that is not JSON: a proxy's page"), (_, _) => true, "An answer that is not amoCRM's"),
    ];

    public static IReadOnlyList<Failure> All { get; } = [.. Rows.Select(r => r.Failure)];

    public static CallEnd Read(HttpReply reply, DateTimeOffset now)
    {
        var json = reply.Json();
        var row = Array.Find(Rows, r => r.Is(reply, json))!;
        return row.Failure.Meaning == Meaning.Done
            ? new CallEnd.Ok(json) { Vitals = Vitals.Well, Failure = row.Failure.Key }
            : row.Failure.End($"{row.Words}: {Said(reply, json)}.", RetryTime.Read(reply.RetryAfter, json, now), Errors(json), reply.Location);
    }

    // Alone, or at the end of a sentence in the account's language.
    [GeneratedRegex(@"\b244\b")]
    private static partial Regex NoRight();

    private static string Said(HttpReply reply, JsonElement? json)
    {
        if (reply.Location is { IsAbsoluteUri: true } place)
        {
            return place.Host;
        }

        if (json is null)
        {
            return reply.Sketch();
        }

        var errors = Errors(json);
        return errors.Count > 0
            ? Words.Short(string.Join("; ", errors.Take(5).Select(e => $"{e.Code} at {e.Path}: {e.Words}".TrimEnd('.'))))
            : Words.Short(string.Join(" ", new[] { json.Get("title").Text(), json.Get("hint").Text(), json.Get("detail").Text() }
                .Where(t => t is not null).DefaultIfEmpty($"HTTP {reply.Status}"))).TrimEnd('.');
    }

    private static List<DataError> Errors(JsonElement? json) =>
    [
        .. from item in json.Get("validation-errors").Items()
           from error in item.Get("errors").Items()
           select new DataError(
               item.Get("request_id").Text(),
               Words.Short(error.Get("code").Text() ?? "?", 60),
               Words.Short(error.Get("path").Text(), 200),
               Words.Short(error.Get("detail").Text(), 200)),
    ];
}
