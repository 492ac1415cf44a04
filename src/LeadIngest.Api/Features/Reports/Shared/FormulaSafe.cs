namespace LeadIngest.Api.Features.Reports.Shared;

/// <summary>Text from outside in a file for spreadsheets: what would be taken for a formula stays text.</summary>
internal static partial class FormulaSafe
{
    /// <summary>A phone as E.164 writes it and nothing else: begins like a formula and is none.</summary>
    public static bool IsPhone(string text) => Phone().IsMatch(text);

    [System.Text.RegularExpressions.GeneratedRegex(@"^\+[0-9]{7,15}\z")]
    private static partial System.Text.RegularExpressions.Regex Phone();

    /// <summary>
    /// An apostrophe before what begins like a formula, full-width signs and leading control characters included (OWASP, "CSV Injection"). Numbers are written as numbers and never come here.
    /// </summary>
    public static string Text(string text) =>
        text.TrimStart(' ', '\u00a0', '\ufeff', '\u200b', '\u3000') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠' or '|' or '%', ..] ? "'" + text : text;
}
