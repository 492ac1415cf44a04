using System.Globalization;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Calls;

/// <summary>What a manager reads about a call, and the names of its states on the wire.</summary>
internal static class CallWords
{
    public const string Form = "call";

    /// <summary>The name of a caller of whom nothing is known.</summary>
    public const string Nameless = "Скрытый номер";

    /// <summary>"Пропущенный звонок", "Звонок, 1:04".</summary>
    public static string Comment(CallFacts facts) => facts.Outcome switch
    {
        CallOutcome.Answered when facts.TalkSeconds is > 0 and var talk => "Звонок, " + Length(talk),
        CallOutcome.Answered => "Звонок, разговор состоялся",
        CallOutcome.Missed => "Пропущенный звонок",
        CallOutcome.Rejected => "Отклонённый звонок",
        CallOutcome.Unanswered => "Звонок без ответа",
        _ => facts.HasEnded ? "Звонок" : "Входящий звонок",
    };

    /// <summary>The caller's name; a caller without a number is named for what is known.</summary>
    public static string? Name(CallFacts facts) =>
        facts.ClientName ?? (facts.ClientPhone is not null ? null : facts.IsHidden || facts.ClientPhoneTyped is null ? Nameless : null);

    public static string Wire(CallDirection direction) => direction switch
    {
        CallDirection.In => "in",
        CallDirection.Out => "out",
        CallDirection.Internal => "internal",
        _ => "unknown",
    };

    public static string Wire(CallPhase phase) => phase.ToString().ToLowerInvariant();

    public static string Wire(CallOutcome outcome) => outcome.ToString().ToLowerInvariant();

    private static string Length(int seconds) => seconds < 3600
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");
}
