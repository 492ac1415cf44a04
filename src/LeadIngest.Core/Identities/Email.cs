using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LeadIngest.Core.Identities;

/// <summary>An e-mail address in one spelling: lower case, the domain in ASCII, for example <c>olga@xn--80a1acny.xn--p1ai</c>.</summary>
/// <remarks>
/// Sources: RFC 5321, 4.5.3.1 for lengths; RFC 5322, 3.4.1 dot-atom for the part before @, letters beyond ASCII by RFC 6531;
/// RFC 5890 for the domain. Quoted local parts and address literals (<c>a@[10.0.0.1]</c>) are refused: nobody types them into a form.
/// Plus tags and typing mistakes stay: both may be true addresses.
/// </remarks>
public sealed record Email
{
    private const int LongestAddress = 254;
    private const int LongestLocal = 64;
    private const int LongestText = 1000;
    private const string Wrapping = " \t\r\n\u00A0\"'`«»“”„‘’()[]{}.,;:|/\\";
    private const string LocalMarks = "!#$%&'*+-/=?^_`{|}~";

    private static readonly IdnMapping Idn = new();

    // Words that people type to get past a required field.
    private static readonly HashSet<string> Fillers =
        ["test", "тест", "no", "нет", "net", "none", "email", "e-mail", "aaa", "qwe", "qwerty", "asd", "asdf", "123", "xxx"];

    private Email(string address, bool isPlaceholder) => (Address, IsPlaceholder) = (address, isPlaceholder);

    /// <summary>At most 254 characters.</summary>
    public string Address { get; }

    /// <summary>
    /// A well-formed address that is nobody's: filler words on both sides of @ (<c>test@test.ru</c>, <c>нет@нет.ру</c>). Must not join people.
    /// Domains reserved for documentation are not among them: integrators try a site out with those and must see their leads joined.
    /// </summary>
    public bool IsPlaceholder { get; }

    /// <summary>Reads one address; of several, separated by commas or spaces, the first. Never throws.</summary>
    /// <remarks>
    /// Refused: no @ or two of them, no dot in the domain (<c>test@test</c>), spaces inside, a domain that DNS could not hold.
    /// </remarks>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Email? email)
    {
        email = null;
        if (text is null || text.Length > LongestText || Text.CleanLine(Narrow(text), LongestText) is not { } line)
            return false;
        var open = line.LastIndexOf('<');
        if (open >= 0 && line.IndexOf('>', open) is var close and > 0)
            return TryRead(line[(open + 1)..close], out email);

        // Several addresses: each part has to be one. "ivan ivanov@mail.ru" is a mistake, not an address after a word.
        Email? first = null;
        foreach (var part in line.Split([',', ';', ' ', '|'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.AsSpan().Trim(Wrapping).IsEmpty || part.Equals("mailto:", StringComparison.OrdinalIgnoreCase))
                continue;
            if (!TryRead(part, out var next))
                return false;
            first ??= next;
        }
        email = first;
        return email is not null;
    }

    public override string ToString() => Address;

    private static bool TryRead(string text, [NotNullWhen(true)] out Email? email)
    {
        email = null;
        var trimmed = text.AsSpan().Trim(Wrapping);
        if (trimmed.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            trimmed = trimmed["mailto:".Length..];
            if (trimmed.IndexOf('?') is var query and >= 0)
                trimmed = trimmed[..query];
            trimmed = trimmed.Trim(Wrapping);
        }
        var lower = trimmed.ToString().ToLowerInvariant();
        var at = lower.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || lower.LastIndexOf('@') != at || !IsLocal(lower.AsSpan(0, at)) || ToAscii(lower[(at + 1)..]) is not { } domain)
            return false;
        var (local, typedDomain) = (lower[..at], lower[(at + 1)..]);
        var address = $"{local}@{domain}";
        if (address.Length > LongestAddress)
            return false;
        email = new Email(address, Fillers.Contains(local) && Fillers.Contains(FirstLabel(typedDomain)));
        return true;
    }

    private static bool IsLocal(ReadOnlySpan<char> local)
    {
        if (local.Length > LongestLocal || local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal))
            return false;
        foreach (var c in local)
            if (!char.IsLetterOrDigit(c) && c != '.' && !LocalMarks.Contains(c) && char.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                return false;
        return true;
    }

    /// <returns>Null when it is no domain name of at least two labels.</returns>
    private static string? ToAscii(string domain)
    {
        if (domain.Length is 0 or > 253 || domain.Contains("..", StringComparison.Ordinal) || domain[0] == '.')
            return null;
        string ascii;
        try
        {
            ascii = Idn.GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return null;
        }
        var labels = ascii.Split('.');
        return labels.Length > 1 && labels.All(IsLabel) && labels[^1].Length > 1 && char.IsAsciiLetter(labels[^1][0]) ? ascii : null;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static string FirstLabel(string domain)
    {
        var label = domain[..domain.IndexOf('.', StringComparison.Ordinal)];
        if (!label.StartsWith("xn--", StringComparison.Ordinal))
            return label;
        try
        {
            return Idn.GetUnicode(label);
        }
        catch (ArgumentException)
        {
            return label;
        }
    }

    /// <summary>Full-width Latin and the dots of East Asian keyboards to ASCII.</summary>
    private static string Narrow(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = source[i] switch
            {
                >= '\uFF01' and <= '\uFF5E' => (char)(source[i] - 0xFEE0),
                '\u3002' or '\uFF61' => '.',
                _ => source[i],
            };
    });
}
