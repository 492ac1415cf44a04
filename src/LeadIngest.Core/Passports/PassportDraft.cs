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
    /// <param name="entry">The line; without a name it leaves the source as it was written.</param>
    /// <param name="source">What was looked up, in lower case.</param>
    /// <param name="asWritten">The source as people wrote it.</param>
    /// <param name="medium">The medium that was looked up.</param>
    internal void Take(SourceEntry entry, string source, string asWritten, string? medium)
    {
        Source = entry.Name.Length > 0 ? entry.Name : asWritten;
        Channel = entry.Channel;
        Evidence.Add($"{(entry.IsOwn ? "the project's dictionary" : "dictionary")}: {SourceDictionary.KeyOf(source)}/{medium ?? "(none)"}");
    }
}
