using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>What an answer of amoCRM means. Status first: its 403 and 429 come as JSON, as HTML or empty.</summary>
internal static class AmocrmErrors
{
    public static CallEnd Read(HttpReply reply, DateTimeOffset now)
    {
        var json = reply.Json();
        var words = Said(reply, json);
        return reply.Status switch
        {
            204 => new CallEnd.Ok(null) { Vitals = Vitals.Well },
            >= 200 and < 300 when json is not null => new CallEnd.Ok(json) { Vitals = Vitals.Well },
            >= 200 and < 300 => new CallEnd.Unknown($"The answer cannot be read: {words}.") { Vitals = Vitals.Ill },
            >= 300 and < 400 => new CallEnd.AccountBlocked($"The account answers with a redirect to {reply.Location?.Host ?? "another place"}: its address has changed.") { Vitals = Vitals.Well, IsElsewhere = true, Location = reply.Location },
            401 => new CallEnd.CredentialsRefused($"The token is not accepted: {words}.") { Vitals = Vitals.Well, IsStale = true },
            402 => new CallEnd.AccountBlocked($"The account is not paid: {words}.") { Vitals = Vitals.Well },
            403 => new CallEnd.AccountBlocked($"The account refuses access: {words}.") { Vitals = Vitals.Well },
            404 => new CallEnd.AccountBlocked($"Not found, the account may be gone or renamed: {words}.") { Vitals = Vitals.Well, IsElsewhere = true },
            429 => new CallEnd.NotExecuted($"The CRM asks for a slower pace: {words}.", RetryTime.Read(reply.RetryAfter, json, now)) { IsRate = true },
            408 or >= 500 => new CallEnd.Unknown($"The CRM failed: {words}.") { Vitals = Vitals.Ill },

            // Code 244: no right, or the account is not paid; the payload is not to blame.
            400 when json.Get("detail").Text() is "244" || json.Get("code").Text() is "244" =>
                new CallEnd.AccountBlocked($"No right, or the account is not paid: {words}.") { Vitals = Vitals.Well },
            _ when json is not null => new CallEnd.Data($"The CRM refused: {words}.", Errors(json)) { Vitals = Vitals.Well },

            // A refusal in a foreign tongue is some proxy's, not amoCRM's judgement of this lead.
            _ => new CallEnd.Unknown($"An answer that is not amoCRM's: {words}.") { Vitals = Vitals.Well },
        };
    }

    private static string Said(HttpReply reply, JsonElement? json)
    {
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
