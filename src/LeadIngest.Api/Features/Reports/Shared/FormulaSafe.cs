namespace LeadIngest.Api.Features.Reports.Shared;

/// <summary>Text from outside in a file for spreadsheets: what would be taken for a formula stays text.</summary>
internal static class FormulaSafe
{
    /// <summary>
    /// An apostrophe before what begins like a formula, full-width signs and leading control characters included (OWASP, "CSV Injection"). Numbers are written as numbers and never come here.
    /// </summary>
    public static string Text(string text) =>
        text.TrimStart(' ', '\u00a0') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠' or '|' or '%', ..] ? "'" + text : text;
}
