using System.Reflection;

namespace LeadIngest.Api.Access;

/// <summary>
/// What a password may be: 12 to 128 characters, not among the most used ones, not mostly one's own e-mail or name, not one run of keys. Nothing is asked of
/// its composition (NIST SP 800-63B, 5.1.1.2): such rules make people predictable.
/// </summary>
internal static class PasswordRules
{
    public const int Shortest = 12, Longest = 128;

    // Below this many characters of its own a password is only somebody's name with an ornament.
    private const int OwnCharacters = 6;

    private static readonly HashSet<string> Common = Read();

    private static readonly string[] Rows =
    [
        "01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "qwertyuiop[]asdfghjkl;'zxcvbnm,./", "qwertyuiopasdfghjklzxcvbnm",
        "йцукенгшщзхъфывапролджэячсмитьбю.", "1234567890-=", "!@#$%^&*()_+",
    ];

    /// <returns>Null when the password will do.</returns>
    /// <param name="own">The user's e-mail and name.</param>
    public static string? FaultOf(string password, params string?[] own)
    {
        if (password.Length < Shortest) return $"At least {Shortest} characters.";
        if (password.Length > Longest) return $"At most {Longest} characters.";
        var plain = password.ToLowerInvariant();
        if (Common.Contains(plain)) return "One of the most used passwords: it would be guessed.";
        if (IsRun(plain) || IsRepeated(plain)) return "A run or a repetition of a few keys: it would be guessed.";
        var rest = plain;
        foreach (var word in own.Append("leadingest").SelectMany(WordsOf).OrderByDescending(w => w.Length)) rest = rest.Replace(word, "", StringComparison.Ordinal);
        return rest.Count(char.IsLetterOrDigit) < OwnCharacters && rest.Length < plain.Length ? "Mostly your own e-mail or name: it would be guessed." : null;
    }

    private static IEnumerable<string> WordsOf(string? own)
    {
        if (own is null) return [];
        var plain = own.ToLowerInvariant();
        return plain.Split([' ', '@', '.', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries).Append(plain).Append(plain.Split('@')[0]).Where(w => w.Length >= 3);
    }

    private static bool IsRun(string text) => Rows.Any(row => (row + row).Contains(text, StringComparison.Ordinal) || new string([.. (row + row).Reverse()]).Contains(text, StringComparison.Ordinal));

    // "abcabcabcabc", "111111111111", "пароль1пароль1": the same few keys over and over.
    private static bool IsRepeated(string text)
    {
        for (var unit = 1; unit <= text.Length / 2; unit++)
            if (Enumerable.Range(unit, text.Length - unit).All(i => text[i] == text[i % unit]) && (unit <= 4 || Common.Contains(text[..unit]) || text[..unit].Distinct().Count() <= 4)) return true;
        return false;
    }

    private static HashSet<string> Read()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("common-passwords.txt")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(l => l[0] != '#')];
    }
}
