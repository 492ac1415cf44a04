using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LeadIngest.Api.Privacy;

/// <summary>
/// How one person is found in text that nobody took apart: each phone in any spelling, each address, each messenger's handle, each full name, plain or percent-encoded. The patterns mean the same
/// to PostgreSQL (<c>regexp_replace … 'gi'</c>) and here.
/// </summary>
internal sealed class PersonPatterns
{
    // What people put between the digits of a phone, plain, as JSON escapes it and as addresses do. The hyphen stands last: it is no range.
    private const string Gap = "(?:[ ().,_/\u00a0\u2010\u2011\u2012\u2013\u2014\u2015-]|%20|%28|%29|%2d|%2f|%c2%a0|[+])*";

    private static readonly Encoding Windows1251 = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;

    private readonly Regex? _any;

    public string[] Patterns { get; }

    /// <param name="phones">As stored or as typed; what has less than ten digits names nobody.</param>
    /// <param name="emails">Whole addresses.</param>
    /// <param name="handles">As <c>identities</c> keeps messengers: <c>telegram:anna</c>.</param>
    /// <param name="names">A name of one word is a thousand people's, and is not looked for.</param>
    public PersonPatterns(IEnumerable<string> phones, IEnumerable<string> emails, IEnumerable<string> handles, IEnumerable<string> names)
    {
        var patterns = new List<string>();
        foreach (var phone in phones)
        {
            var digits = string.Concat(phone.Where(char.IsAsciiDigit));
            if (digits.Length < 10) continue;
            var national = digits.Length == 11 && digits[0] is '7' or '8' ? digits[1..] : digits;
            patterns.Add($"(?:[+]|%2b)?{(national.Length == 10 ? $"(?:[78]{Gap})?" : "")}" + string.Join(Gap, national.AsEnumerable()));
        }
        foreach (var email in emails.Where(e => e.Contains('@', StringComparison.Ordinal) && e.Length >= 6)) patterns.Add(Literal(email).Replace("\\@", "(?:@|%40)", StringComparison.Ordinal));
        foreach (var handle in handles)
        {
            var name = handle[(handle.IndexOf(':', StringComparison.Ordinal) + 1)..];
            if (name.Length >= 5 && !name.All(char.IsAsciiDigit)) patterns.Add(Literal(name));
        }
        foreach (var name in names)
        {
            var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length < 2 || words.Sum(w => w.Length) < 7) continue;
            foreach (var order in words.Length == 2 ? new[] { words, [words[1], words[0]] } : [words])
            {
                patterns.Add(string.Join("(?:[ +\u00a0]|%20)+", order.Select(Literal)));
                patterns.Add(string.Join("(?:[ +]|%20)+", order.Select(w => Literal(Uri.EscapeDataString(w)))));
            }
        }
        Patterns = [.. patterns.Distinct()];
        if (Patterns.Length > 0) _any = new Regex(string.Join('|', Patterns), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    public bool Hits(string text) => _any?.IsMatch(text) == true;

    /// <summary>Whether the bytes, read as UTF-8 or as windows-1251, percent-encoded or not, name the person.</summary>
    public bool Hits(byte[] body)
    {
        if (_any is null || body.Length == 0) return false;
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Windows1251])
        {
            var text = encoding.GetString(body);
            if (_any.IsMatch(text) || (text.Contains('%', StringComparison.Ordinal) && _any.IsMatch(Uri.UnescapeDataString(text.Replace('+', ' ')))) || (text.Contains("\\u", StringComparison.Ordinal) && _any.IsMatch(Unescaped(text))))
                return true;
        }
        return false;
    }

    /// <summary>The text without the person.</summary>
    public string Without(string text) => _any?.Replace(text, "***") ?? text;

    private static string Unescaped(string json) =>
        Regex.Replace(json, @"\\u([0-9a-fA-F]{4})", m => ((char)int.Parse(m.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    private static string Literal(string text) => string.Concat(text.Select(c => char.IsLetterOrDigit(c) || c is ' ' or '_' ? c.ToString() : char.IsAscii(c) ? "\\" + c : c.ToString()));
}
