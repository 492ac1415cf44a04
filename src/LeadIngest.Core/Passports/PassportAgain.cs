namespace LeadIngest.Core.Passports;

/// <summary>What is kept of a visit or a lead beside its passport.</summary>
/// <param name="Page">The page of the form, where it is not the passport's; of a lead that took its visit's passport: null when it is the same.</param>
/// <param name="Fields">Posted fields.</param>
/// <param name="OwnHosts">Hosts of the site.</param>
/// <param name="Visit">The visit's passport as it is now; read only for a source that was guessed.</param>
public sealed record KeptEvidence(string? Page, IReadOnlyList<KeyValuePair<string, string>> Fields, IReadOnlyList<string> OwnHosts, Passport? Visit = null);

/// <summary>
/// Writes a stored passport again by other rules. What found the source stays: the call tracker, the number, the visit; only what the tags, ids and hosts
/// that it gave are called may change. Pure.
/// </summary>
public static class PassportAgain
{
    private static readonly string[] Decisions = ["dictionary: ", "the project's dictionary: ", "list of hosts: ", "medium "];
    private const string InFields = " in the posted fields";

    /// <returns>
    /// The passport by today's rules. Null where what it was written from is not all kept (a cookie that sourcebuster had left): nothing is made up in its place.
    /// </returns>
    public static Passport? Write(Passport kept, KeptEvidence evidence, SourceCatalog catalog, SourceDictionary dictionary)
    {
        ArgumentNullException.ThrowIfNull(kept);
        ArgumentNullException.ThrowIfNull(evidence);
        if (kept.Origin is Origin.Visit or Origin.Number or Origin.Calltracking) return Renamed(kept, evidence, catalog, dictionary);
        var input = new PassportInput
        {
            Page = evidence.Page ?? kept.LandingPage,
            Referrer = kept.Referrer,
            Fields = evidence.Fields,
            OwnHosts = evidence.OwnHosts,
            Visit = kept.Confidence == Confidence.Guessed ? evidence.Visit : null,
        };
        var again = PassportRules.Write(input, catalog, dictionary);
        if (!ReadsTheSame(again, kept))
        {
            // Tags of cookies, which are not kept themselves: what was read from them is.
            again = PassportRules.Write(input with { Fields = TagsOf(kept) }, catalog, dictionary);
            if (!ReadsTheSame(again, kept)) return null;
            again = again with { Evidence = [.. again.Evidence.Select(line => PlaceOf(line, kept.Evidence))], Warnings = kept.Warnings };
        }
        if (kept.Evidence.Any(IsSourcebuster) && !again.Evidence.Any(IsSourcebuster)) return null;
        string[] cut = [.. kept.Warnings.Where(w => w.StartsWith("truncated: ", StringComparison.Ordinal)).Except(again.Warnings)];
        return cut.Length == 0 ? again : again with { Warnings = [.. again.Warnings.Concat(cut).Order(StringComparer.Ordinal)] };
    }

    /// <summary>Whether they say the same, whatever the order of their maps.</summary>
    public static bool AreSame(Passport one, Passport other) => HaveOneSource(one, other)
        && (one.Origin, one.Confidence, one.LandingPage, one.Referrer) == (other.Origin, other.Confidence, other.LandingPage, other.Referrer)
        && ReadsTheSame(one, other) && one.Evidence.SequenceEqual(other.Evidence) && one.Warnings.SequenceEqual(other.Warnings);

    /// <summary>Whether figures count them in the same place: from the channel down to the keyword.</summary>
    public static bool HaveOneSource(Passport one, Passport other) => (one.Channel, one.Source, one.Medium, one.Campaign, one.Content, one.Keyword)
        == (other.Channel, other.Source, other.Medium, other.Campaign, other.Content, other.Keyword);

    /// <summary>The same finder, and new names for what it found.</summary>
    private static Passport? Renamed(Passport kept, KeptEvidence evidence, SourceCatalog catalog, SourceDictionary dictionary)
    {
        var found = PassportRules.Write(new PassportInput { Page = kept.LandingPage, Referrer = kept.Referrer, Fields = TagsOf(kept), OwnHosts = evidence.OwnHosts }, catalog, dictionary);
        // Nothing was read at all: a static number's own passport, a visit without a page.
        if (found.Origin == Origin.None) return kept;
        if (!ReadsTheSame(found, kept)) return null;
        return kept with
        {
            Channel = found.Channel,
            Source = found.Source,
            Medium = found.Medium,
            Campaign = found.Campaign ?? kept.Campaign,
            Content = found.Content ?? kept.Content,
            Keyword = found.Keyword ?? kept.Keyword,
            Evidence = Evidence(kept.Evidence, found.Evidence),
        };
    }

    /// <summary>How the source was found, and then which lines name it now.</summary>
    private static List<string> Evidence(IReadOnlyList<string> kept, IReadOnlyList<string> found)
    {
        var evidence = kept.Where(line => !IsDecision(line)).ToList();
        evidence.AddRange(found.Where(IsDecision));
        return evidence;
    }

    private static bool IsDecision(string line) => Array.Exists(Decisions, d => line.StartsWith(d, StringComparison.Ordinal));

    private static bool IsSourcebuster(string line) => line.StartsWith("sourcebuster cookie: ", StringComparison.Ordinal);

    private static string PlaceOf(string line, IReadOnlyList<string> kept)
    {
        var at = line.IndexOf(InFields, StringComparison.Ordinal);
        return at < 0 ? line : kept.FirstOrDefault(k => k.StartsWith(line[..at] + " in ", StringComparison.Ordinal)) ?? line;
    }

    private static bool ReadsTheSame(Passport one, Passport other) => Same(one.Utm, other.Utm) && Same(one.ClickIds, other.ClickIds);

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(p => other.TryGetValue(p.Key, out var value) && value == p.Value);

    private static List<KeyValuePair<string, string>> TagsOf(Passport kept) => [.. kept.Utm.Concat(kept.ClickIds)];
}
