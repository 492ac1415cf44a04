namespace LeadIngest.Crm.Http;

/// <summary>Keeps the credentials of one account out of every text that leaves this project.</summary>
internal sealed class Secrets
{
    private readonly string[] _values;

    public Secrets(params IEnumerable<string?> values) => _values =
        [.. values.OfType<string>().Where(v => v.Length >= 4)
            .SelectMany(v => new[] { v, Uri.EscapeDataString(v) }).Distinct().OrderByDescending(v => v.Length)];

    public string Mask(string text)
    {
        foreach (var value in _values)
        {
            text = text.Replace(value, "***", StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }
}
