using System.Text;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>Words of providers for direction, phase and outcome. The owner's <see cref="SenderSettings.Words"/> come first.</summary>
internal static class HookWords
{
    private static readonly Dictionary<string, CallDirection> Directions = Table(
        (CallDirection.In, "in incoming inbound input income входящий входящая"),
        (CallDirection.Out, "out outgoing outbound output outboundapi outbounddial callback исходящий исходящая"),
        (CallDirection.Internal, "internal local внутренний"));

    private static readonly Dictionary<string, CallPhase> Phases = Table(
        (CallPhase.Ringing, "ringing ring appeared start started new incoming initiated queued callstart callstarted calling dialing begin received waiting invite создан начало"),
        (CallPhase.Talking, "talking talk connected callconnected inprogress accepted answer answered onhold ontalk bridged up разговор"),
        (CallPhase.Ended, "ended end callend finished finish completed complete disconnected calldisconnected callcompleted callfinished calllost lost hangup "
            + "released missed over closed завершен"));

    private static readonly Dictionary<string, CallOutcome> Outcomes = Table(
        (CallOutcome.Answered, "success successful succeeded answered answer ok accepted completed talked отвечен отвеченный успешный успешно принят принятый"),
        (CallOutcome.Missed, "missed lost calllost unsuccessful noanswer notanswered unanswered busy cancel canceled cancelled fail failed notavailable notfound congestion "
            + "chanunavail unallocatednumber nomoney nolimit nodaylimit linelimit abandon abandoned "
            + "пропущен пропущенный потерян потерянный неуспешный неотвечен неотвеченный непринятый"),
        (CallOutcome.Rejected, "rejected reject notallowed dontcall torture blacklist blacklisted blocked declined отклонен отклоненный"));

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
