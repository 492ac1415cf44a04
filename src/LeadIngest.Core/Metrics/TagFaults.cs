using System.Text;

namespace LeadIngest.Core.Metrics;

/// <summary>A kind of warning that passports carry, in words for people.</summary>
/// <param name="Name">As in the warning, before its colon: <c>macro_unsubstituted</c>.</param>
/// <param name="IsFault">Somebody should mend the marking. False: only worth knowing.</param>
/// <param name="Group">Kinds that are mended alike: <c>encoding</c>.</param>
/// <param name="GroupRussian">Its name.</param>
/// <param name="GroupEnglish">Its name.</param>
/// <param name="Russian">What is wrong, in one line.</param>
/// <param name="English">What is wrong, in one line.</param>
public sealed record TagFault(string Name, bool IsFault, string Group, string GroupRussian, string GroupEnglish, string Russian, string English);

/// <summary>Which warnings of passports are faults of UTM marking. The list is data: <c>Metrics/Data/tag-faults.csv</c>.</summary>
public static class TagFaults
{
    private static readonly Dictionary<string, TagFault> ByName = Read();

    /// <summary>In the order of the file.</summary>
    public static IReadOnlyCollection<TagFault> All => ByName.Values;

    /// <param name="warning">Of a passport: <c>macro_unsubstituted: utm_term</c>.</param>
    /// <returns>The kind, and what it is about (<c>utm_term</c>; "" when nothing is said). Null for a warning that is not about marking.</returns>
    public static (TagFault Fault, string Subject)? Of(string warning)
    {
        var colon = warning.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? warning : warning[..colon];
        return ByName.TryGetValue(name, out var fault) ? (fault, colon < 0 ? "" : warning[(colon + 1)..].Trim()) : null;
    }

    private static Dictionary<string, TagFault> Read()
    {
        using var reader = new StreamReader(typeof(TagFaults).Assembly.GetManifestResourceStream("LeadIngest.Core.Metrics.Data.tag-faults.csv")!, Encoding.UTF8);
        var faults = new Dictionary<string, TagFault>(StringComparer.Ordinal);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
            if (line.Split(';') is [var name, var isFault, var group, var groupRussian, var groupEnglish, var russian, var english])
                faults.Add(name, new(name, isFault == "1", group, groupRussian, groupEnglish, russian, english));
            else throw new InvalidOperationException($"tag-faults.csv: not seven columns in \"{line}\".");
        return faults;
    }
}
