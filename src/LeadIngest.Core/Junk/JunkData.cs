namespace LeadIngest.Core.Junk;

/// <summary>Files of <c>Junk/Data</c>, embedded in the assembly under their own names.</summary>
internal static class JunkData
{
    /// <exception cref="InvalidOperationException">The file was not embedded: a fault of the build.</exception>
    internal static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(JunkData).Assembly.GetManifestResourceStream("LeadIngest.Core.Junk.Data." + name)
            ?? throw new InvalidOperationException($"'{name}' is not embedded in LeadIngest.Core."));
        while (reader.ReadLine() is { } line)
            if (line.Length > 0)
                yield return line;
    }
}
