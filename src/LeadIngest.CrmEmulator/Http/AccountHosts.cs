namespace LeadIngest.CrmEmulator.Http;

/// <summary>Which account a request means: the emulator answers for any host name, each with an account of its own.</summary>
/// <remarks>
/// Three ways to ask: <c>/amocrm/…</c> with the account in the Host header (this machine's own names mean the standard account),
/// <c>/amocrm@acme.amocrm.ru/…</c> whatever the header says, and the vendor's own addresses without a prefix, for callers that
/// are only routed here (a proxy, a hosts file, a connect callback). The same for <c>/bitrix24</c>.
/// </remarks>
internal static class AccountHosts
{
    public const string Amocrm = "amocrm", Bitrix24 = "bitrix24";

    private static readonly string[] AmocrmDomains = [".amocrm.ru", ".amocrm.com", ".kommo.com"];
    private static readonly string[] Bitrix24Domains = [".bitrix24.ru", ".bitrix24.com", ".bitrix24.by", ".bitrix24.kz", ".bitrix24.eu", ".bitrix24.tech", ".bitrix.info"];

    /// <summary>The account that is meant when nothing but this machine is named.</summary>
    public static string Standard(string crm) => crm == Amocrm ? "emulator.amocrm.ru" : "emulator.bitrix24.ru";

    /// <summary>Cuts the prefix off the path and tells CRM and host, or null for what is no CRM's address.</summary>
    public static (string Crm, string Host)? Locate(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        var end = path.Length > 1 && path.IndexOf('/', 1) is > 0 and var slash ? slash : path.Length;
        var first = path.AsSpan(Math.Min(1, path.Length)..end);
        foreach (var crm in new[] { Amocrm, Bitrix24 })
        {
            if (!first.StartsWith(crm, StringComparison.Ordinal) || (first.Length > crm.Length && first[crm.Length] != '@'))
                continue;
            var host = first.Length > crm.Length + 1 ? Named(first[(crm.Length + 1)..].ToString()) : OfHeader(crm, request.Host);
            (request.PathBase, request.Path) = (request.PathBase + path[..end], path[end..]);
            return (crm, host);
        }
        if (path.StartsWith("/_", StringComparison.Ordinal))
            return null;
        var name = Named(request.Host.Host);
        return EndsIn(name, AmocrmDomains) ? (Amocrm, name) : EndsIn(name, Bitrix24Domains) ? (Bitrix24, name) : null;
    }

    /// <summary>The account that a door is asked about: <c>?account=</c>, else by the Host header.</summary>
    public static string OfDoor(string crm, HttpRequest request) =>
        request.Query["account"].ToString() is { Length: > 0 } account ? Named(account) : OfHeader(crm, request.Host);

    public static string Named(string host) => host.Trim().TrimEnd('.').ToLowerInvariant();

    private static string OfHeader(string crm, HostString header) =>
        Named(header.Host) is var host && host is "" or "localhost" or "127.0.0.1" or "[::1]" ? Standard(crm) : host;

    private static bool EndsIn(string host, string[] domains) => Array.Exists(domains, d => host.EndsWith(d, StringComparison.Ordinal));
}
