using System.Text;

namespace LeadIngest.Core.Passports;

/// <summary>Files of <c>Passports/Data</c>, embedded in the assembly under their own names.</summary>
internal static class EmbeddedData
{
    /// <exception cref="InvalidOperationException">The file was not embedded: a fault of the build.</exception>
    internal static Stream Open(string name) =>
        typeof(EmbeddedData).Assembly.GetManifestResourceStream("LeadIngest.Core.Passports.Data." + name)
        ?? throw new InvalidOperationException($"'{name}' is not embedded in LeadIngest.Core.");

    /// <summary>Lines that are not empty.</summary>
    internal static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(Open(name), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0)
                yield return line;
    }

    /// <summary>Rows of a <c>;</c>-separated file without its header. Our files quote nothing.</summary>
    internal static IEnumerable<string[]> Rows(string name) => Lines(name).Skip(1).Select(line => line.Split(';'));
}
