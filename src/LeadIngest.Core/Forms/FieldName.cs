using System.Text;

namespace LeadIngest.Core.Forms;

/// <summary>Brings the many spellings of a field's name to one: <c>fields[Your-Phone][value]</c>, «Ваш телефон*:», <c>phone_2</c>.</summary>
internal static class FieldName
{
    private const int LongestName = 200;

    /// <summary>Parts of a name with brackets or dots: <c>fields[phone][value]</c> → fields, phone, value. Empty brackets give nothing.</summary>
    /// <remarks>A dot splits only between letters: Gravity Forms calls its sub-fields <c>1.3</c>.</remarks>
    public static List<string> Split(string name)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        var text = name.Length > LongestName ? name[..LongestName] : name;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var dot = c == '.' && i > 0 && i + 1 < text.Length && char.IsAsciiLetter(text[i - 1]) && char.IsAsciiLetter(text[i + 1]);
            if (c is '[' or ']' || dot)
                Close(parts, part);
            else
                part.Append(c);
        }
        Close(parts, part);
        return parts;
    }

    /// <summary>Words in lower case joined by <c>_</c>: trimmed, ё as е, punctuation as a break between words.</summary>
    public static string Fold(string name)
    {
        var result = new StringBuilder(name.Length);
        foreach (var c in name.Length > LongestName ? name.AsSpan(0, LongestName) : name)
        {
            if (char.IsLetterOrDigit(c))
                result.Append(char.ToLowerInvariant(c) is var lower && lower == 'ё' ? 'е' : lower);
            else if (result.Length > 0 && result[^1] != '_')
                result.Append('_');
        }
        return result.ToString().TrimEnd('_');
    }

    /// <summary>Folded name without breaks: <c>phone_number</c>, <c>phoneNumber</c> and <c>Phone number</c> are one.</summary>
    public static string Compact(string folded) => folded.Replace("_", "", StringComparison.Ordinal);

    /// <summary><c>phone_2</c> and <c>tel-381</c> without the digits; a name of digits alone stays.</summary>
    public static string WithoutNumber(string folded) => folded.TrimEnd(['_', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) is { Length: > 0 } rest ? rest : folded;

    private static void Close(List<string> parts, StringBuilder part)
    {
        if (part.ToString().Trim() is { Length: > 0 } text)
            parts.Add(text);
        part.Clear();
    }
}
