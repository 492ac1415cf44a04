using System.Text.Json;
using LeadIngest.Crm.Failures;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>
/// What an answer of Bitrix24 means, by the code in <c>error</c>: the statuses of one code vary with the portal's version. The same table
/// serves the whole answer and each command of a batch.
/// </summary>
internal static class Bitrix24Errors
{
    private static readonly Dictionary<string, Failure> Codes = new[]
    {
        Code("QUERY_LIMIT_EXCEEDED", Meaning.Rate, "usually 503; under 200 and 429 too"),
        Code("OPERATION_TIME_LIMIT", Meaning.MethodRate, "429 for a whole call, 200 for a command inside a batch"),
        // The vendor may block an application that refreshes for anything but this.
        Code("expired_token", Meaning.Expired, "401"),
        Code("invalid_token", Meaning.Credentials, "401: the application was removed"),
        Code("invalid_grant", Meaning.Credentials, "the refresh token is used up"),
        Code("NO_AUTH_FOUND", Meaning.Credentials, "401"),
        Code("INVALID_CREDENTIALS", Meaning.Credentials, "401 or 403: the webhook was removed"),
        Code("insufficient_scope", Meaning.Credentials, "401 or 403: the right `crm` is missing"),
        Code("authorization_error", Meaning.Credentials, "401: the owner was dismissed"),
        Code("user_access_error", Meaning.Credentials, "401 or 403: an administrator restricted the application"),
        Code("WRONG_AUTH_TYPE", Meaning.Credentials, "403: a webhook where an application is needed"),
        Code("allowed_only_intranet_user", Meaning.Credentials, "403: an external user"),
        Code("PAYMENT_REQUIRED", Meaning.Unpaid, "the plan has ended"),
        Code("OVERLOAD_LIMIT", Meaning.Blocked, "401 or 503: blocked by the vendor, only its support lifts it"),
        Code("PORTAL_DELETED", Meaning.Blocked, "403, 410 or 500"),
        Code("INVALID_REQUEST", Meaning.Blocked, "401 or 400: https is required"),
        Code("ERROR_METHOD_NOT_FOUND", Meaning.Blocked, "404: a box without the module, or a webhook without the right"),
        Code("INTERNAL_SERVER_ERROR", Meaning.Unknown, "500", isIll: true),
        Code("ERROR_UNEXPECTED_ANSWER", Meaning.Unknown, "500", isIll: true),
        Code("NOT_FOUND", Meaning.Data, "400: no such element or type"),
        Code("ENTITY_TYPE_NOT_SUPPORTED", Meaning.Data, "400"),
        Code("INVALID_ARG_VALUE", Meaning.Data, "400"),
        Code("CRM_FIELD_ERROR_REQUIRED", Meaning.Data, "400: the portal wants a field that is not sent; `dead` at once, alone"),
        Code("CRM_FIELD_ERROR_VALUE_NOT_VALID", Meaning.Data, "400"),
        Code("OWNER_NOT_FOUND", Meaning.Data, "400: the deal of a note or call is gone; it is looked for, see below"),
        Code("ERROR_CORE", Meaning.Data, "400: a wrong e-mail, telephony's own words"),
        Code("ERROR_BATCH_LENGTH_EXCEEDED", Meaning.Data, "400 inside a batch"),
        Code("ERROR_BATCH_METHOD_NOT_ALLOWED", Meaning.Data, "405 inside a batch"),
        Code("100", Meaning.Data, "400: a number instead of a code, missing parameters"),
        Code("0", Meaning.Data, "400: a number instead of a code"),
    }.ToDictionary(f => f.Key["bitrix24.".Length..], StringComparer.OrdinalIgnoreCase);

    private static readonly Failure
        Done = new("bitrix24.done", Meaning.Done, "2xx with `result`; a batch's commands each have their own end"),
        PlanEnded = new("bitrix24.ACCESS_DENIED", Meaning.Unpaid, "`ACCESS_DENIED` under 401, 402 or 403: the plan has ended"),
        NoRight = new("bitrix24.no_right", Meaning.Blocked, "`ACCESS_DENIED` under 400 or inside a batch, or an empty code with \"Access denied\": the user's rights"),
        EmptyCode = new("bitrix24.empty_code", Meaning.Data, "400 with an empty code: classic methods, disk quota exhausted"),
        OtherCredentials = new("bitrix24.other_401", Meaning.Credentials, "401 with an unknown code"),
        // An answer cut off on its way says as little as a proxy's page; a login that is in order must not wait for a person for it.
        UnreadableLogin = new("bitrix24.unreadable_401", Meaning.Expired, "401 with HTML or a cut-off body: the token is renewed once"),
        OtherBlocked = new("bitrix24.other_403", Meaning.Blocked, "402 or 403 with an unknown code, or HTML"),
        Gone = new("bitrix24.gone", Meaning.Elsewhere, "404 or 410 with an unknown code, or HTML"),
        Moved = new("bitrix24.moved", Meaning.Elsewhere, "3xx: the portal was renamed"),
        OtherRate = new("bitrix24.other_429", Meaning.Rate, "429 with an unknown code, HTML or empty"),
        TimedOut = new("bitrix24.timeout", Meaning.Unknown, "504 or 408 with an unknown code, or HTML: the next batches are half as long") { IsIll = true },
        Failed = new("bitrix24.failed", Meaning.Unknown, "any other 5xx with an unknown code, or HTML") { IsIll = true },
        OtherData = new("bitrix24.refused", Meaning.Data, "any other code under 200 or 4xx"),
        Unreadable = new("bitrix24.unreadable", Meaning.Unknown, "2xx without `error` and `result`: HTML, cut off, longer than 4 MiB") { IsIll = true },
        Foreign = new("bitrix24.foreign", Meaning.Unknown, "any other 4xx that is not JSON: a proxy's page"),
        NotMentioned = new("bitrix24.not_mentioned", Meaning.Unknown, "a batch's answer does not name the command");

    public static IReadOnlyList<Failure> All { get; } =
    [
        Done, .. Codes.Values, PlanEnded, NoRight, EmptyCode, OtherCredentials, UnreadableLogin, OtherBlocked, Gone, Moved, OtherRate, TimedOut, Failed, OtherData, Unreadable, Foreign, NotMentioned,
    ];

    public static CallEnd Read(HttpReply reply, DateTimeOffset now)
    {
        if (reply.Status is >= 300 and < 400)
        {
            return Moved.End($"The portal answers with a redirect to {reply.Location?.Host ?? "another place"}: its address has changed.", location: reply.Location);
        }

        var json = reply.Json();
        var after = RetryTime.Read(reply.RetryAfter, json, now);
        if (json.Get("error") is { } error)
        {
            return Read(((JsonElement?)error).Text() ?? "", json.Get("error_description").Text(), reply.Status, after);
        }

        if (reply.IsSuccess && json.Get("result") is not null)
        {
            return new CallEnd.Ok(json) { Vitals = Vitals.Well, Failure = Done.Key };
        }

        var words = json is null ? reply.Sketch() : $"HTTP {reply.Status} without a result";
        return End(reply.IsSuccess ? Unreadable : json is null && reply.Status == 401 ? UnreadableLogin : ByStatus(reply.Status) ?? Foreign, words, after);
    }

    /// <summary>The end of one command or answer with an error; <paramref name="status"/> is that of the HTTP answer, 200 for a command of a batch.</summary>
    public static CallEnd Read(string code, string? description, int status, TimeSpan? after = null)
    {
        var failure = Codes.TryGetValue(code, out var known) ? known
            : code.Equals("ACCESS_DENIED", StringComparison.OrdinalIgnoreCase) ? status is 401 or 402 or 403 ? PlanEnded : NoRight
            : code.Length == 0 && description?.StartsWith("Access denied", StringComparison.OrdinalIgnoreCase) == true ? NoRight
            : ByStatus(status) ?? (code.Length == 0 ? EmptyCode : OtherData);
        return End(failure, Words.Short($"{code} {description}".Trim()).TrimEnd('.'), after, [new DataError(null, code, "", Words.Short(description))]);
    }

    /// <summary>A command that the batch's answer does not name.</summary>
    public static CallEnd Unmentioned() => NotMentioned.End("The portal's answer does not mention the command.");

    // A method's pause is an answer's own business; without a word about it, a minute.
    private static CallEnd End(Failure failure, string words, TimeSpan? after, IReadOnlyList<DataError>? errors = null) => failure.End(
        failure.Meaning switch
        {
            Meaning.Rate => "The portal asks for a slower pace",
            Meaning.MethodRate => "The portal has blocked the method for a while",
            Meaning.Expired or Meaning.Credentials => "The credentials are not accepted",
            Meaning.Unpaid => "The portal's plan has ended",
            Meaning.Blocked => "The portal refuses access",
            Meaning.Elsewhere => "The portal is not at this address",
            Meaning.Data => "The portal refused",
            _ when failure == Foreign => "An answer that is not Bitrix24's",
            _ when failure == Unreadable => "The answer cannot be read",
            _ => "The portal failed",
        } + $": {words}.", failure.Meaning == Meaning.MethodRate ? after ?? TimeSpan.FromMinutes(1) : after, errors);

    private static Failure? ByStatus(int status) => status switch
    {
        401 => OtherCredentials,
        402 or 403 => OtherBlocked,
        404 or 410 => Gone,
        429 => OtherRate,
        408 or 504 => TimedOut,
        >= 500 => Failed,
        _ => null,
    };

    private static Failure Code(string code, Meaning meaning, string seen, bool isIll = false) => new("bitrix24." + code, meaning, $"`{code}`: {seen}") { IsIll = isIll };
}
