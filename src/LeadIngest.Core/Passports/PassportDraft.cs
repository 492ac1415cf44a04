namespace LeadIngest.Core.Passports;

/// <summary>A passport while its rules are being asked, one after another.</summary>
internal sealed class PassportDraft
{
    internal Channel Channel { get; set; }
    internal string? Source { get; set; }
    internal string? Medium { get; set; }
    internal string? Campaign { get; set; }
    internal string? Content { get; set; }
    internal string? Keyword { get; set; }
    internal Origin Origin { get; set; }
    internal Confidence Confidence { get; set; }
    internal List<string> Evidence { get; } = new(4);

    /// <summary>Names the source by the dictionary's line.</summary>
    internal void Take(SourceEntry entry, string asWritten, string? medium)
    {
        Source = entry.Name.Length > 0 ? entry.Name : asWritten;
        Channel = entry.Channel;
        Evidence.Add($"dictionary: {SourceDictionary.KeyOf(asWritten.ToLowerInvariant())}/{medium ?? "(none)"}");
    }
}
