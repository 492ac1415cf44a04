namespace LeadIngest.CrmEmulator.Storage;

/// <summary>How the CRMs look at the text of a phone number.</summary>
internal static class Digits
{
    public static string Of(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    /// <summary>Whether the text is a number as people write it, and nothing else.</summary>
    public static bool LooksLikePhone(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or ' ' or '(' or ')' or '.');
}
