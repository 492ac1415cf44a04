namespace LeadIngest.Api.Http;

/// <summary>A phone that a person types into a search box, as the E.164 values it may stand for.</summary>
internal static class PhoneSpellings
{
    /// <summary>
    /// "8 (916) 123-45-67", "916 123-45-67" and "+7 916 1234567" all give +79161234567. A Russian trunk 8 is read both ways. Fewer than 5 digits
    /// name no phone: the answer is empty and matches nobody.
    /// </summary>
    public static string[] Of(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        if (digits.Length is < 5 or > 18) return [];
        var plain = "+" + (digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits);
        return digits switch
        {
            ['8', ..] when digits.Length == 11 && !text.Contains('+', StringComparison.Ordinal) => ["+7" + digits[1..], plain],
            _ when digits.Length == 10 => ["+7" + digits, plain],
            _ when digits.StartsWith("8107", StringComparison.Ordinal) => ["+" + digits[3..], plain],
            _ => [plain],
        };
    }
}
