using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace LeadIngest.Core.Junk;

/// <summary>What a user agent says of itself.</summary>
public enum AgentKind
{
    /// <summary>Nothing against it: a browser, a server that posts leads, or no agent at all.</summary>
    Unknown,

    /// <summary>A driven browser, a monitor, a link preview: no visitor, but somebody's own trial may look the same.</summary>
    Automated,

    /// <summary>A crawler by its own name. It is no client.</summary>
    Crawler,
}

/// <summary>Known robots by user agent (<c>Junk/Data</c>). A microsecond or so a call; linear in the agent's length whatever is sent.</summary>
public static class Bots
{
    // Longer agents exist only where somebody tries what happens.
    private const int Longest = 1000;

    private static readonly (AgentKind Kind, SearchValues<string> Texts, Regex Patterns)[] Lists = [Read(AgentKind.Crawler), Read(AgentKind.Automated)];

    /// <summary>No person sits behind this agent. False for an empty one and for libraries: servers post leads.</summary>
    public static bool IsBot(string? userAgent) => KindOf(userAgent) != AgentKind.Unknown;

    /// <summary>Compares letter case too, as the list means it. Only the first 1 000 characters are read. Never throws.</summary>
    public static AgentKind KindOf(string? userAgent)
    {
        if (string.IsNullOrEmpty(userAgent))
            return AgentKind.Unknown;
        var agent = userAgent.AsSpan(0, Math.Min(userAgent.Length, Longest));
        foreach (var (kind, texts, patterns) in Lists)
            if (agent.ContainsAny(texts) || patterns.IsMatch(agent))
                return kind;
        return AgentKind.Unknown;
    }

    // A dozen of the patterns are not plain text. They run without backtracking: no agent can make them slow.
    private static (AgentKind, SearchValues<string>, Regex) Read(AgentKind kind)
    {
        var rows = JunkData.Lines("agents.txt").Select(line => line.Split('\t')).Where(row => row[0] == (kind == AgentKind.Crawler ? "crawler" : "automated")).ToLookup(row => row[1], row => row[2]);
        var any = new StringBuilder().AppendJoin('|', rows["regex"].Select(pattern => $"(?:{pattern})"));
        return (kind, SearchValues.Create([.. rows["text"]], StringComparison.Ordinal),
            new Regex(any.ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
    }
}
