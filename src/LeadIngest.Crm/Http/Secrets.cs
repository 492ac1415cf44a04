namespace LeadIngest.Crm.Http;

/// <summary>Keeps the credentials of one account out of every text that leaves this project. Tokens change: the latest few are remembered.</summary>
internal sealed class Secrets
{
    /// <summary>A token may be echoed after the next one has come; older ones are dead.</summary>
    private const int Remembered = 4;

    private readonly string[] _fixed;
    private volatile string[] _passing = [];

    public Secrets(params IEnumerable<string?> values) => _fixed =
        [.. values.OfType<string>().SelectMany(Forms).Distinct().OrderByDescending(v => v.Length)];

    /// <summary>From now on this value is masked too.</summary>
    public void Add(string? value)
    {
        if (value is null || _passing.Contains(value) || _fixed.Contains(value))
        {
            return;
        }

        _passing = [.. Forms(value), .. _passing.Take(Remembered)];
    }

    public string Mask(string text)
    {
        foreach (var value in _passing.Concat(_fixed))
        {
            text = text.Replace(value, "***", StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }

    private static IEnumerable<string> Forms(string value) =>
        value.Length < 4 ? [] : Uri.EscapeDataString(value) is var escaped && escaped != value ? [escaped, value] : [value];
}
