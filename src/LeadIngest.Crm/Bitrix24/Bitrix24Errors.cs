using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>
/// What an answer of Bitrix24 means, by the code in <c>error</c>: the statuses of one code vary with the portal's version. The same table
/// serves the whole answer and each command of a batch.
/// </summary>
internal static class Bitrix24Errors
{
    private enum Meaning { Rate, Credentials, Blocked, Unknown, Data }

    private static readonly Dictionary<string, Meaning> Codes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["QUERY_LIMIT_EXCEEDED"] = Meaning.Rate,
        ["OPERATION_TIME_LIMIT"] = Meaning.Rate,
        ["expired_token"] = Meaning.Credentials,
        ["invalid_token"] = Meaning.Credentials,
        ["invalid_grant"] = Meaning.Credentials,
        ["NO_AUTH_FOUND"] = Meaning.Credentials,
        ["INVALID_CREDENTIALS"] = Meaning.Credentials,
        ["insufficient_scope"] = Meaning.Credentials,
        ["authorization_error"] = Meaning.Credentials,
        ["user_access_error"] = Meaning.Credentials,
        ["WRONG_AUTH_TYPE"] = Meaning.Credentials,
        ["allowed_only_intranet_user"] = Meaning.Credentials,

        // Either the plan has ended or the webhook's user may not touch the CRM: both wait for a person, neither is the lead's fault.
        ["ACCESS_DENIED"] = Meaning.Blocked,
        ["PAYMENT_REQUIRED"] = Meaning.Blocked,
        ["OVERLOAD_LIMIT"] = Meaning.Blocked,
        ["PORTAL_DELETED"] = Meaning.Blocked,
        ["INVALID_REQUEST"] = Meaning.Blocked,

        // A box without the module, or a webhook without the scope.
        ["ERROR_METHOD_NOT_FOUND"] = Meaning.Blocked,
        ["INTERNAL_SERVER_ERROR"] = Meaning.Unknown,
        ["ERROR_UNEXPECTED_ANSWER"] = Meaning.Unknown,

        ["NOT_FOUND"] = Meaning.Data,
        ["ENTITY_TYPE_NOT_SUPPORTED"] = Meaning.Data,
        ["INVALID_ARG_VALUE"] = Meaning.Data,
        ["CRM_FIELD_ERROR_REQUIRED"] = Meaning.Data,
        ["CRM_FIELD_ERROR_VALUE_NOT_VALID"] = Meaning.Data,
        ["OWNER_NOT_FOUND"] = Meaning.Data,
        ["ERROR_CORE"] = Meaning.Data,
        ["ERROR_BATCH_LENGTH_EXCEEDED"] = Meaning.Data,
        ["ERROR_BATCH_METHOD_NOT_ALLOWED"] = Meaning.Data,
        ["100"] = Meaning.Data,
        ["0"] = Meaning.Data,
    };

    public static CallEnd Read(HttpReply reply, DateTimeOffset now)
    {
        if (reply.Status is >= 300 and < 400)
        {
            return new CallEnd.AccountBlocked($"The portal answers with a redirect to {reply.Location?.Host ?? "another place"}: its address has changed.") { Vitals = Vitals.Well, IsElsewhere = true, Location = reply.Location };
        }

        var json = reply.Json();
        if (json.Get("error") is { } error)
        {
            return Read(((JsonElement?)error).Text() ?? "", json.Get("error_description").Text(), reply.Status,
                RetryTime.Read(reply.RetryAfter, json, now));
        }

        if (reply.IsSuccess && json.Get("result") is not null)
        {
            return new CallEnd.Ok(json) { Vitals = Vitals.Well };
        }

        var words = json is null ? reply.Sketch() : $"HTTP {reply.Status} without a result";
        return reply.Status switch
        {
            401 => new CallEnd.CredentialsRefused($"The credentials are not accepted: {words}.") { Vitals = Vitals.Well },
            402 or 403 => new CallEnd.AccountBlocked($"The portal refuses access: {words}.") { Vitals = Vitals.Well },
            404 or 410 => new CallEnd.AccountBlocked($"The portal is not at this address: {words}.") { Vitals = Vitals.Well },
            429 => new CallEnd.NotExecuted($"The portal asks for a slower pace: {words}.", RetryTime.Read(reply.RetryAfter, json, now)) { IsRate = true },
            >= 400 and < 500 => new CallEnd.Unknown($"An answer that is not Bitrix24's: {words}.") { Vitals = Vitals.Well },
            _ => new CallEnd.Unknown($"The answer cannot be read: {words}.") { Vitals = Vitals.Ill },
        };
    }

    /// <summary>The class of one error; <paramref name="status"/> is that of the HTTP answer, 200 for a command of a batch.</summary>
    public static CallEnd Read(string code, string? description, int status, TimeSpan? after = null)
    {
        var words = Words.Short($"{code} {description}".Trim()).TrimEnd('.');
        var meaning = Codes.TryGetValue(code, out var known)
            ? known
            : code.Length == 0 && description?.StartsWith("Access denied", StringComparison.OrdinalIgnoreCase) == true ? Meaning.Blocked
            : status switch
            {
                401 => Meaning.Credentials,
                402 or 403 or 404 or 410 => Meaning.Blocked,
                429 => Meaning.Rate,
                408 or >= 500 => Meaning.Unknown,
                _ => Meaning.Data,
            };
        return meaning switch
        {
            Meaning.Rate => new CallEnd.NotExecuted($"The portal asks for a slower pace: {words}.", after) { IsRate = true },
            // The vendor may block an application that refreshes for anything but this.
            Meaning.Credentials => new CallEnd.CredentialsRefused($"The credentials are not accepted: {words}.")
            {
                Vitals = Vitals.Well,
                IsStale = code.Equals("expired_token", StringComparison.OrdinalIgnoreCase),
            },
            Meaning.Blocked => new CallEnd.AccountBlocked($"The portal refuses access: {words}.") { Vitals = Vitals.Well },
            Meaning.Unknown => new CallEnd.Unknown($"The portal failed: {words}.") { Vitals = Vitals.Ill },
            _ => new CallEnd.Data($"The portal refused: {words}.", [new DataError(null, code, "", Words.Short(description))]) { Vitals = Vitals.Well },
        };
    }
}
