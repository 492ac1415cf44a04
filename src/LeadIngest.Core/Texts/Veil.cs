using System.Text.RegularExpressions;

namespace LeadIngest.Core.Texts;

/// <summary>
/// What somebody is shown who may not see how people are reached: enough to tell two of them apart, too little to write or to call. Unlike <see cref="PersonalData"/>, which is for logs, the
/// text around it stays as it was.
/// </summary>
public static partial class Veil
{
    private const string Hidden = "***";

    /// <summary><c>+7 916 ***-**-67</c>; of a number of another country its first two digits and the last two.</summary>
    /// <param name="phone">In any spelling. What has less than seven digits is hidden whole.</param>
    public static string Phone(string phone)
    {
        var digits = string.Concat(PercentEncoded().Replace(phone, "").Where(char.IsAsciiDigit));
        return digits.Length switch
        {
            11 when digits[0] is '7' or '8' => $"+7 {digits[1..4]} ***-**-{digits[^2..]}",
            10 when digits[0] == '9' => $"+7 {digits[..3]} ***-**-{digits[^2..]}",
            >= 7 => $"+{digits[..2]} {Hidden} {digits[^2..]}",
            _ => Hidden,
        };
    }

    /// <summary><c>a***@okna.ru</c>.</summary>
    /// <param name="email">What has no @ is hidden but for its first character.</param>
    public static string Email(string email)
    {
        var at = email.LastIndexOf('@');
        return email.Length == 0 ? email : email[..(char.IsSurrogate(email[0]) ? 0 : 1)] + Hidden + (at > 0 ? email[at..] : "");
    }

    /// <summary>A messenger's handle: its kind stays, of the rest one letter. <c>telegram:a***</c></summary>
    public static string Handle(string handle)
    {
        var colon = handle.IndexOf(':', StringComparison.Ordinal);
        var (kind, rest) = colon > 0 ? (handle[..(colon + 1)], handle[(colon + 1)..]) : ("", handle);
        return kind + (rest.Any(char.IsAsciiDigit) && rest.Count(char.IsAsciiDigit) >= 7 ? Phone(rest) : Email(rest));
    }

    /// <summary>Text that people or machines write of people (a comment, a form's field, a CRM's refusal): e-mails, and every run of seven digits or more that is no date and no id.</summary>
    public static string Free(string text) => Emails().Replace(Digits().Replace(text, m => m.Groups["id"].Success || m.Groups["date"].Success ? m.Value : Phone(m.Value)), Masked);

    /// <summary>Any other text, the names of campaigns and the ids of advertisements among them: e-mails, and what is spelt like a phone.</summary>
    public static string Text(string text) => Emails().Replace(Phones().Replace(text, m => m.Groups["id"].Success ? m.Value : Phone(m.Value)), Masked);

    private static string Masked(Match m) => m.Value[..1] + Hidden + m.Groups["domain"].Value;

    // Their digits are no part of a phone.
    [GeneratedRegex("%[0-9a-f]{2}", RegexOptions.IgnoreCase)]
    private static partial Regex PercentEncoded();

    // Also as it stands in an address, with its @ and its separators percent-encoded.
    [GeneratedRegex(@"[\p{L}\p{N}._+\-]{1,64}(?<domain>(?:@|%40)[\p{L}\p{N}.\-]{1,200}\.[\p{L}0-9\-]{2,24})", RegexOptions.IgnoreCase)]
    private static partial Regex Emails();

    [GeneratedRegex(@"(?<id>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})|(?<date>(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?|\d\d\.\d\d\.(?:19|20)\d\d(?: \d\d:\d\d(?::\d\d)?)?)(?!\d)|\+?\d(?:(?:[ ()\u00A0.\-\u2010-\u2015_/]|%2[0-9bd]|%c2%a0){0,4}\d){6,}", RegexOptions.IgnoreCase)]
    private static partial Regex Digits();

    // With a plus: of any country. Without: as Russian numbers are written, and 7… or 8… only where no digit stands beside. Ten digits in a row are more often an advertisement's id.
    [GeneratedRegex(@"(?<id>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})|(?:\+|%2b)\d(?:(?:[ ()\u00A0.\-\u2010-\u2015]|%2[089d]){0,4}\d){7,14}|(?<!\d)[78](?:[ ()\u00A0.\-\u2010-\u2015_]|%2[089d]){0,4}[3489](?:(?:[ ()\u00A0.\-\u2010-\u2015_]|%2[089d]){0,4}\d){9}(?!\d)|(?<!\d)\(?9\d\d\)?(?:[ )\u00A0.\-\u2010-\u2015]|%2[089d]){1,3}\d{3}(?:[ \u00A0.\-\u2010-\u2015]|%2[0d]){0,2}\d\d(?:[ \u00A0.\-\u2010-\u2015]|%2[0d]){0,2}\d\d(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex Phones();
}
