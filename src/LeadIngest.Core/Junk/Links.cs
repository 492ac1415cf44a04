using System.Buffers;
using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Junk;

/// <summary>Links to elsewhere in what a person is said to have written.</summary>
/// <param name="Foreign">Links that lead to none of the site's own hosts.</param>
/// <param name="HasMarkup">Links written for a page or a forum: <c>&lt;a href</c>, <c>[url=</c>. Nobody types these into a form.</param>
internal readonly record struct Links(int Foreign, bool HasMarkup)
{
    // More links than this say nothing new.
    private const int Longest = 10_000, Most = 50;
    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n<>\"'[]()«»,;");

    public static Links In(string? text, IReadOnlyList<string> ownHosts)
    {
        if (string.IsNullOrEmpty(text))
            return default;
        var rest = text.AsSpan(0, Math.Min(text.Length, Longest));
        var markup = rest.Contains("<a href", StringComparison.OrdinalIgnoreCase) || rest.Contains("[url", StringComparison.OrdinalIgnoreCase);
        var foreign = 0;
        for (var links = 0; links < Most && Next(rest) is var start and >= 0; links++)
        {
            rest = rest[start..];
            var end = rest.IndexOfAny(Ends);
            var link = end < 0 ? rest : rest[..end];
            if (HostName.TryRead(link, out var host, out _) && !IsOwn(host, ownHosts))
                foreign++;
            rest = rest[Math.Max(link.Length, 1)..];
        }
        return new(foreign, markup);
    }

    private static int Next(ReadOnlySpan<char> text)
    {
        var (http, www) = (text.IndexOf("http", StringComparison.OrdinalIgnoreCase), text.IndexOf("www.", StringComparison.OrdinalIgnoreCase));
        while (http >= 0 && !IsScheme(text[http..]))
        {
            var next = text[(http + 4)..].IndexOf("http", StringComparison.OrdinalIgnoreCase);
            http = next < 0 ? -1 : http + 4 + next;
        }
        return http < 0 ? www : www < 0 ? http : Math.Min(http, www);
    }

    private static bool IsScheme(ReadOnlySpan<char> text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static bool IsOwn(string host, IReadOnlyList<string> ownHosts)
    {
        foreach (var own in ownHosts)
            if (HostName.TryRead(own, out var plain, out _) && HostName.IsWithin(host, plain))
                return true;
        return false;
    }
}
