using System.Buffers.Text;
using System.Security.Cryptography;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm.OAuth;

/// <summary>Texts of tokens. An access token looks like a JWT; the emulator knows it by heart and never reads it.</summary>
internal static class AccessToken
{
    public const int LifeSeconds = 86_400;

    private static readonly string Header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"RS256"}"""u8);

    public static string Make(Grant grant, DateTimeOffset now)
    {
        var (from, account) = (now.ToUnixTimeSeconds(), grant.Account);
        var claims = Json.Write(w =>
        {
            w.WriteStartObject();
            w.WriteString("aud", grant.Integration.ClientId);
            w.WriteString("jti", Opaque(20));
            w.WriteNumber("iat", from);
            w.WriteNumber("nbf", from);
            w.WriteNumber("exp", from + LifeSeconds);
            w.WriteString("sub", Json.Of(grant.UserId));
            w.WriteString("grant_type", "");
            w.WriteNumber("account_id", account.Id);
            w.WriteString("base_domain", BaseDomain(account.Host));
            w.WriteNumber("version", 2);
            w.WriteStartArray("scopes");
            foreach (var scope in new[] { "crm", "files", "files_delete", "notifications", "push_notifications" })
                w.WriteStringValue(scope);
            w.WriteEndArray();
            if (ApiDomain(account) is { Length: > 0 } domain)
                w.WriteString("api_domain", domain);
            w.WriteEndObject();
        });
        return $"{Header}.{Base64Url.EncodeToString(claims.Span)}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(256))}";
    }

    /// <summary>A code or refresh token: long, and of no fixed length.</summary>
    public static string MakeOpaque() => "def50200" + Opaque(RandomNumberGenerator.GetInt32(240, 360));

    /// <summary><c>amocrm.ru</c> of <c>acme.amocrm.ru</c>; a host that is not the vendor's is its own.</summary>
    public static string BaseDomain(string host) =>
        host.EndsWith(".amocrm.ru", StringComparison.Ordinal) ? "amocrm.ru" : host.EndsWith(".amocrm.com", StringComparison.Ordinal) ? "amocrm.com"
        : host.EndsWith(".kommo.com", StringComparison.Ordinal) ? "kommo.com" : host;

    private static string ApiDomain(Account account) =>
        account.Options.ApiDomain ?? (BaseDomain(account.Host) is var domain && domain != account.Host ? "api-b." + domain : domain);

    private static string Opaque(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
