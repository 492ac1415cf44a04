using System.Text.Json;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>What to do about an error of Yandex Direct.</summary>
internal enum DirectCure
{
    /// <summary>It passes by itself: after the schedule's pause.</summary>
    Later,

    /// <summary>Too much was asked: after the pause of the row.</summary>
    Slower,

    /// <summary>A person has to do something about the login.</summary>
    Person,
}

/// <param name="Code"><c>error_code</c>.</param>
/// <param name="Pause">Of <see cref="DirectCure.Slower"/>.</param>
/// <param name="Words">What it means, for people; the vendor's own words follow.</param>
internal sealed record DirectError(int Code, DirectCure Cure, TimeSpan Pause, string Words)
{
    /// <summary>Every error that is treated unlike others. Source: "Errors and warnings" of API version 5, <c>yandex.ru/dev/direct/doc/ru/concepts/errors-list</c>.</summary>
    public static readonly IReadOnlyList<DirectError> All =
    [
        new(52, DirectCure.Later, default, "Yandex's login server is away."),
        new(1000, DirectCure.Later, default, "Yandex Direct is away."),
        new(1001, DirectCure.Later, default, "Yandex Direct is away."),
        new(1002, DirectCure.Later, default, "Yandex Direct failed."),
        new(56, DirectCure.Slower, TimeSpan.FromSeconds(15), "Too many requests within ten seconds."),
        new(506, DirectCure.Slower, TimeSpan.FromSeconds(30), "Too many connections at a time."),
        new(9000, DirectCure.Slower, TimeSpan.FromMinutes(1), "Five reports are being built already; other programs ask with this login too."),
        new(152, DirectCure.Slower, TimeSpan.FromMinutes(5), "The points of the cabinet are used up; they come back with time."),
        new(53, DirectCure.Person, default, "The token is not valid (any more): enter a new one."),
        new(54, DirectCure.Person, default, "The login has no right to this cabinet: check the token's owner and `clientLogin`."),
        new(58, DirectCure.Person, default, "The application's access to the API is not approved yet: ask for it in Direct's settings."),
        new(513, DirectCure.Person, default, "The token's owner has no cabinet in Direct."),
        new(3000, DirectCure.Person, default, "The login has no access to the API."),
        new(8800, DirectCure.Person, default, "There is no such `clientLogin`, or it is not the agency's."),
    ];

    private static readonly Dictionary<int, DirectError> ByCode = All.ToDictionary(e => e.Code);

    /// <summary>What an answer means that is no report.</summary>
    public static CabinetEnd Read(CabinetReply reply)
    {
        var (code, said) = Said(reply);
        if (code is { } known && ByCode.TryGetValue(known, out var error))
        {
            var words = said is null ? error.Words : $"{error.Words} Yandex: {known} {said}";
            return error.Cure switch
            {
                DirectCure.Person => new CabinetEnd.Refused(words),
                DirectCure.Slower => new CabinetEnd.TryLater(words, reply.After > error.Pause ? reply.After : error.Pause),
                _ => new CabinetEnd.TryLater(words, reply.After),
            };
        }
        var why = code is null ? reply.Sketch("Yandex Direct") : $"Yandex Direct refused the request: {code} {said}";
        return reply.Status switch
        {
            401 => new CabinetEnd.Refused(why),
            502 => new CabinetEnd.TooMuch("The report took Yandex Direct too long."),
            _ => new CabinetEnd.TryLater(why, reply.After),
        };
    }

    private static (int? Code, string? Words) Said(CabinetReply reply)
    {
        if (reply.Json() is not { } json || !json.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object) return (null, null);
        var words = string.Join(": ", new[] { Text(error, "error_string"), Text(error, "error_detail") }.Where(w => w is not null));
        return (int.TryParse(Text(error, "error_code"), out var code) ? code : null, Core.Identities.Text.CleanLine(words, 300));
    }

    private static string? Text(JsonElement error, string name) => error.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number && value.ToString() is { Length: > 0 } text ? text : null;
}
