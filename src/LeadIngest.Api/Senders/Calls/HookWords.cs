using System.Text;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>Words of providers: those that mean "nothing", and those for direction, phase and outcome. The owner's <see cref="SenderSettings.Words"/> come first.</summary>
internal static class HookWords
{
    private const int LongestMacro = 80;

    private static readonly HashSet<string> Nothings = new(StringComparer.OrdinalIgnoreCase)
    {
        "<не указано>", "<не заполнено>", "<не определено>",
        "(not set)", "(none)", "(not provided)", "not set", "null", "(null)", "undefined", "none", "nil", "nan", "n/a", "-", "—",
        "[object object]",
    };

    private static readonly Dictionary<string, CallDirection> Directions = Table(
        (CallDirection.In, "in incoming inbound input income входящий входящая"),
        (CallDirection.Out, "out outgoing outbound output outboundapi outbounddial callback исходящий исходящая"),
        (CallDirection.Internal, "internal local внутренний"));

    private static readonly Dictionary<string, CallPhase> Phases = Table(
        (CallPhase.Ringing, "ringing ring appeared start started new incoming initiated queued callstart callstarted begin received waiting invite создан начало"),
        (CallPhase.Talking, "talking talk connected callconnected inprogress accepted answer answered onhold up разговор"),
        (CallPhase.Ended, "ended end callend finished finish completed complete disconnected calldisconnected callcompleted callfinished calllost lost hangup "
            + "released missed over завершен"));

    private static readonly Dictionary<string, CallOutcome> Outcomes = Table(
        (CallOutcome.Answered, "success successful succeeded answered answer ok accepted completed talked отвечен отвеченный успешный успешно принят принятый"),
        (CallOutcome.Missed, "missed lost calllost unsuccessful noanswer notanswered unanswered busy cancel canceled cancelled fail failed notavailable notfound congestion "
            + "chanunavail unallocatednumber nomoney nolimit nodaylimit linelimit abandoned "
            + "пропущен пропущенный потерян потерянный неуспешный неотвечен неотвеченный непринятый"),
        (CallOutcome.Rejected, "rejected reject notallowed dontcall torture blacklist blacklisted declined отклонен отклоненный"));

    /// <summary>Empty, a provider's word for it, or a macro that nobody filled in.</summary>
    public static bool IsNothing(string? value)
    {
        var text = value.AsSpan().Trim();
        return text.IsEmpty || (text.Length <= 24 && Nothings.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text)) || IsMacro(text);
    }

    /// <summary><c>{callerphone}</c>, <c>{{call_session_id}}</c>, <c>${phone}</c>, <c>%phone%</c>: a name in signs, and nothing else.</summary>
    public static bool IsMacro(ReadOnlySpan<char> value)
    {
        value = value.Trim();
        if (value.Length is < 3 or > LongestMacro) return false;
        if (value[0] == '$' && value[1] == '{') value = value[1..];
        if (value[0] == '{' && value[^1] == '}') value = value.Trim("{}");
        else if (value[0] == '%' && value[^1] == '%') value = value[1..^1];
        else return false;
        value = value.Trim();
        if (value.IsEmpty || !(char.IsLetter(value[0]) || value[0] == '_')) return false;
        foreach (var c in value)
            if (!(char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ':' or ' ')) return false;
        return true;
    }

    public static CallDirection Direction(string? word, SenderSettings settings) => Find(word, settings, Directions);

    public static CallPhase Phase(string? word, SenderSettings settings) => Find(word, settings, Phases);

    /// <summary>Of calls without talk, in whatever direction: <see cref="CallOutcome.Missed"/>; the draft turns it by direction.</summary>
    public static CallOutcome Outcome(string? word, SenderSettings settings) => Find(word, settings, Outcomes);

    private static T Find<T>(string? word, SenderSettings settings, Dictionary<string, T> table)
    {
        if (string.IsNullOrWhiteSpace(word) || word.Length > 200) return default!;
        foreach (var (theirs, ours) in settings.Words)
            if (theirs.Trim().Equals(word.Trim(), StringComparison.OrdinalIgnoreCase)) return table.TryGetValue(Fold(ours), out var said) ? said : default!;
        return table.TryGetValue(Fold(word), out var found) ? found : default!;
    }

    private static string Fold(string word)
    {
        var folded = new StringBuilder(word.Length);
        foreach (var c in word)
            if (char.IsLetterOrDigit(c)) folded.Append(char.ToLowerInvariant(c) is var lower && lower == 'ё' ? 'е' : lower);
        return folded.ToString();
    }

    private static Dictionary<string, T> Table<T>(params (T Meaning, string Words)[] rows) =>
        rows.SelectMany(row => row.Words.Split(' ').Select(word => (word, row.Meaning))).ToDictionary(row => row.word, row => row.Meaning);
}
