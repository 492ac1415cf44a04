using System.Text;
using System.Text.RegularExpressions;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>
/// Takes secrets out of what is stored of a webhook. The sender's own secrets are replaced by marks that name them, so that a kept body can be read again
/// with whatever the owner has set by then; other values of fields that hold secrets are blanked.
/// </summary>
internal static partial class SecretBlanks
{
    public const string Blanked = "***";
    private const int Shortest = 4;

    private static readonly HashSet<string> SecretHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "X-MPBX-API-AUTH-TOKEN", "X-Auth-Token", "X-Access-Token", "Access-Token", "X-Secret", "X-Token",
    };

    public static byte[] Blank(ReadOnlySpan<byte> body, SenderSecrets secrets) => Encoding.Latin1.GetBytes(BlankBytes(Encoding.Latin1.GetString(body), secrets));

    public static string Blank(string text, SenderSecrets secrets) => Encoding.UTF8.GetString(Blank(Encoding.UTF8.GetBytes(text), secrets));

    /// <summary>Headers that may be kept, by name.</summary>
    public static Dictionary<string, string> Headers(IReadOnlyDictionary<string, string> headers, SenderSecrets secrets) =>
        headers.Where(h => !SecretHeaders.Contains(h.Key)).ToDictionary(h => h.Key, h => Blank(Core.Identities.Text.CleanLine(h.Value, 2000) ?? "", secrets));

    /// <summary>Puts the sender's secrets back where their marks stand.</summary>
    public static byte[] Restore(byte[] body, SenderSecrets secrets) => Encoding.Latin1.GetBytes(Restore(Encoding.Latin1.GetString(body), secrets, Bytes));

    public static string Restore(string text, SenderSecrets secrets) => Restore(text, secrets, static s => s);

    // A character a byte: whatever the encoding is, everything else stays as it came.
    private static string BlankBytes(string text, SenderSecrets secrets)
    {
        foreach (var (mark, secret) in Own(secrets))
            foreach (var spelling in (string[])[Bytes(secret), Uri.EscapeDataString(secret)])
                text = text.Replace(spelling, mark, StringComparison.Ordinal);
        text = Pairs().Replace(text, Keep);
        text = Json().Replace(text, Keep);
        return Multipart().Replace(text, Keep);
    }

    private static string Keep(Match match) =>
        match.Groups["value"].Value is "" or "***own-token***" or "***own-secret***" or "***own-key***" ? match.Value : match.Groups["name"].Value + Blanked;

    private static string Restore(string text, SenderSecrets secrets, Func<string, string> spell)
    {
        foreach (var (mark, secret) in Own(secrets)) text = text.Replace(mark, spell(secret), StringComparison.Ordinal);
        return text;
    }

    private static IEnumerable<(string Mark, string Secret)> Own(SenderSecrets secrets)
    {
        if (secrets.Token is { Length: >= Shortest } token) yield return ("***own-token***", token);
        if (secrets.Secret is { Length: >= Shortest } secret) yield return ("***own-secret***", secret);
        if (secrets.Key is { Length: >= Shortest } key) yield return ("***own-key***", key);
    }

    private static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private const string Names = "crm_token|planfix_token|vpbx_api_key|api_key|apikey|api_token|access_token|auth_token|user_token|token|secret|password|pass";

    [GeneratedRegex($@"(?<name>(?:^|[?&])(?:{Names})=)(?<value>[^&\r\n]*)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Pairs();

    [GeneratedRegex($$"""(?<name>"(?:{{Names}})"\s*:\s*")(?<value>(?:[^"\\]|\\.)*)""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Json();

    [GeneratedRegex($"""(?<name>name="?(?:{Names})"?\r?\n(?:[^\r\n]+\r?\n)*\r?\n)(?<value>[^\r\n]*)""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Multipart();
}
