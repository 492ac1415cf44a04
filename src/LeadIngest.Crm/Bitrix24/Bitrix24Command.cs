using System.Globalization;
using System.Text;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>
/// One command of a batch, <c>method?a=b&amp;c[d]=e</c>. What follows the question mark is parsed as a query whatever the outer body is,
/// so values are percent-encoded.
/// </summary>
internal sealed class Bitrix24Command(string method)
{
    private readonly StringBuilder _text = new(method);
    private char _before = '?';

    public string Method => method;

    /// <param name="path">Names from the outside in: <c>fields</c>, <c>fm</c>, <c>0</c>, <c>value</c>.</param>
    /// <param name="value">Left out when null or empty.</param>
    public Bitrix24Command With(string? value, params ReadOnlySpan<string> path)
    {
        // "$result[" in a visitor's comment would be taken for a reference to another command's answer.
        return string.IsNullOrEmpty(value) ? this : Raw(Uri.EscapeDataString(value.Replace("$result", "$ result", StringComparison.OrdinalIgnoreCase)), path);
    }

    public Bitrix24Command With(int? value, params ReadOnlySpan<string> path) =>
        With(value?.ToString(CultureInfo.InvariantCulture), path);

    /// <summary>The value that the command <paramref name="key"/> of the same batch will have answered with.</summary>
    public Bitrix24Command WithItemOf(string key, params ReadOnlySpan<string> path) => Raw($"$result[{key}][item][id]", path);

    public override string ToString() => _text.ToString();

    private Bitrix24Command Raw(string encoded, ReadOnlySpan<string> path)
    {
        _text.Append(_before).Append(Uri.EscapeDataString(path[0]));
        foreach (var name in path[1..])
        {
            _text.Append('[').Append(Uri.EscapeDataString(name)).Append(']');
        }

        _text.Append('=').Append(encoded);
        _before = '&';
        return this;
    }
}
