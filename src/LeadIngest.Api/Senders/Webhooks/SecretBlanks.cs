using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LeadIngest.Api.Senders.Webhooks;

/// <summary>
/// Takes secrets out of what is stored of a webhook. The sender's own secrets are replaced by marks that name them, so that a kept body can be read again
/// with whatever the owner has set by then; other values of fields that hold secrets are blanked.
/// </summary>
internal static partial class SecretBlanks
{
    public const string Blanked = "***";

    /// <summary>Names under which a secret is looked for and under which nothing is stored, beside the sender's own <c>key</c>.</summary>
    public static readonly string[] Names =
    [
        "secret", "google_key", "api_key", "apikey", "api-key", "key", "token", "access_token", "webhook_secret", "password", "pass", "crm_token", "planfix_token", "vpbx_api_key",
        "api_token", "auth_token", "user_token",
    ];

    // Shorter ones would be found in any text; under their names they are blanked all the same.
    private const int Shortest = 4;

    private static readonly HashSet<string> SecretHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "X-MPBX-API-AUTH-TOKEN", "X-Auth-Token", "X-Access-Token", "Access-Token", "X-Secret", "X-Webhook-Secret", "X-Token",
    };

    /// <param name="body">As received; not changed.</param>
    /// <param name="secrets">The sender's own.</param>
    /// <param name="ownName">The sender's own name for its secret.</param>
    public static byte[] Blank(ReadOnlySpan<byte> body, SenderSecrets secrets, string? ownName = null) =>
        Encoding.Latin1.GetBytes(BlankBytes(Encoding.Latin1.GetString(body), secrets, ownName));

    public static string Blank(string text, SenderSecrets secrets, string? ownName = null) => Encoding.UTF8.GetString(Blank(Encoding.UTF8.GetBytes(text), secrets, ownName));

    /// <param name="name">Of a header.</param>
    /// <param name="own">The sender's own name for its secret.</param>
    public static bool IsSecretHeader(string name, string? own) => SecretHeaders.Contains(name) || IsOwn(name, own);

    /// <param name="name">Of a field.</param>
    /// <param name="own">The sender's own name for its secret.</param>
    public static bool IsName(string name, string? own) => Names.Contains(name, StringComparer.OrdinalIgnoreCase) || IsOwn(name, own);

    /// <summary>Headers that may be kept, by name.</summary>
    public static Dictionary<string, string> Headers(IReadOnlyDictionary<string, string> headers, SenderSecrets secrets) =>
        headers.Where(h => !SecretHeaders.Contains(h.Key)).ToDictionary(h => h.Key, h => Blank(Core.Identities.Text.CleanLine(h.Value, 2000) ?? "", secrets));

    /// <summary>Puts the sender's secrets back where their marks stand.</summary>
    public static byte[] Restore(byte[] body, SenderSecrets secrets) => Encoding.Latin1.GetBytes(Restore(Encoding.Latin1.GetString(body), secrets, Bytes));

    public static string Restore(string text, SenderSecrets secrets) => Restore(text, secrets, static s => s);

    // A character a byte: whatever the encoding is, everything else stays as it came.
    private static string BlankBytes(string text, SenderSecrets secrets, string? own)
    {
        // Numbers first: in place of one a mark wants quotation marks, or JSON is none any more.
        var nesting = new Nesting(text);
        text = JsonNumbers().Replace(text, match => !IsSecretMember(match, nesting, own) ? match.Value
            : $"{match.Groups["head"].Value}\"{Own(secrets).FirstOrDefault(o => o.Secret == match.Groups["value"].Value).Mark ?? Blanked}\"");
        foreach (var (mark, secret) in Own(secrets))
            foreach (var spelling in (string[])[Bytes(secret), Uri.EscapeDataString(secret), Bytes(JsonSerializer.Serialize(secret)[1..^1])])
                text = text.Replace(spelling, mark, StringComparison.Ordinal);
        text = BlankPairs(text, own);
        nesting = new Nesting(text);
        text = JsonTexts().Replace(text, match => IsSecretMember(match, nesting, own) ? match.Groups["head"].Value + Kept(match.Groups["value"].Value) : match.Value);
        return Multipart().Replace(text, match => IsName(match.Groups["name"].Value, own) ? match.Groups["head"].Value + Kept(match.Groups["value"].Value) : match.Value);
    }

    private static string BlankPairs(string text, string? own)
    {
        // An address within JSON ends where its text does.
        var ends = WebhookBody.LooksLikeJson(text) ? SearchValues.Create("&\r\n\"\\") : SearchValues.Create("&\r\n");
        var (blanked, done) = (new StringBuilder(text.Length), 0);
        foreach (Match head in PairHeads().Matches(text))
        {
            var start = head.Index + head.Length;
            if (head.Index < done || !IsName(Uri.UnescapeDataString(head.Groups["name"].Value), own)) continue;
            var end = text.AsSpan(start).IndexOfAny(ends) is >= 0 and var length ? start + length : text.Length;
            blanked.Append(text, done, start - done).Append(Kept(text[start..end]));
            done = end;
        }
        return blanked.Append(text, done, text.Length - done).ToString();
    }

    private static string Kept(string value) => value is "" or "***own-token***" or "***own-secret***" or "***own-key***" ? value : Blanked;

    /// <summary>Deeper down "key" and the owner's word mean other things: VK calls its questions "key".</summary>
    private static bool IsSecretMember(Match match, Nesting nesting, string? own)
    {
        var name = match.Groups["name"].Value;
        return IsName(name, own) && ((!name.Equals("key", StringComparison.OrdinalIgnoreCase) && !IsOwn(name, own)) || nesting.At(match.Index) < 2);
    }

    private static bool IsOwn(string name, string? own) => own is { Length: > 0 } && name.Equals(own, StringComparison.OrdinalIgnoreCase);

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

    [GeneratedRegex(@"(?:^|[?&])(?<name>[^=&?\r\n]{1,200})=", RegexOptions.None, 1000)]
    private static partial Regex PairHeads();

    [GeneratedRegex("""(?<head>"(?<name>[^"\\]{1,200})"\s*:\s*")(?<value>(?:[^"\\]|\\.)*)""", RegexOptions.None, 1000)]
    private static partial Regex JsonTexts();

    [GeneratedRegex("""(?<head>"(?<name>[^"\\]{1,200})"\s*:\s*)(?<value>-?[0-9][0-9.eE+-]*)""", RegexOptions.None, 1000)]
    private static partial Regex JsonNumbers();

    // So few lines of a part's header, or a body of such first lines is read from each of them to its end.
    [GeneratedRegex("""(?<head>name="?(?<name>[^"\r\n;]{1,200})"?\r?\n(?:[^\r\n]+\r?\n){0,8}\r?\n)(?<value>[^\r\n]*)""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Multipart();

    /// <summary>How deep in JSON's objects and lists a place is; asked from the front to the back.</summary>
    private sealed class Nesting(string text)
    {
        private int _at;
        private int _depth;
        private bool _isText;

        public int At(int index)
        {
            for (; _at < index; _at++)
            {
                if (_isText && text[_at] == '\\') _at++;
                else if (text[_at] == '"') _isText = !_isText;
                else if (!_isText) _depth += text[_at] switch { '{' or '[' => 1, '}' or ']' => -1, _ => 0 };
            }
            return _depth;
        }
    }
}
