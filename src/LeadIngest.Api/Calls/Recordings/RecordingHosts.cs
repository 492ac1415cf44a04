using System.Net;
using System.Text.RegularExpressions;

namespace LeadIngest.Api.Calls.Recordings;

/// <summary>Where recordings may be fetched: at hosts that the operator listed, over https.</summary>
/// <remarks>
/// An address of a recording is what a webhook said. A listed name (<c>storage.pbx.ru</c>, <c>*.pbx.ru</c>) must lead to the open internet; a machine of one's own network is listed by its
/// IP address. Ports other than 443 only where the line names them.
/// </remarks>
internal static partial class RecordingHosts
{
    /// <returns>What is wrong with a line of the list; null: nothing.</returns>
    public static string? Fault(string line) => Listed().IsMatch(line) ? null : $"Calls:RecordingHosts: '{line}' is none of: host, host:port, *.domain.";

    /// <param name="url">As the provider gave it.</param>
    /// <param name="listed">Lines of the list.</param>
    /// <param name="takesHttp">In the demo plain http is taken too.</param>
    /// <param name="address">To be fetched.</param>
    /// <returns>Why it is not fetched, without the address itself; null: it is.</returns>
    public static string? Refusal(string? url, IReadOnlyList<string> listed, bool takesHttp, out Uri? address)
    {
        address = null;
        if (url is not { Length: <= 2_000 } || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return "The provider's address of the recording is no web address.";
        if (uri.UserInfo.Length > 0) return "The provider's address of the recording carries a login.";
        var (host, authority) = (uri.IdnHost.ToLowerInvariant(), uri.Authority.ToLowerInvariant());
        if (!listed.Any(line => Matches(line.ToLowerInvariant()))) return $"The host {host} is not among those that recordings are fetched from (Calls:RecordingHosts).";
        if (uri.Scheme != "https" && !takesHttp) return "Recordings are fetched over https only.";
        address = uri;
        return null;

        bool Matches(string line) => line == authority || (uri.IsDefaultPort && (line == host
            || (line.StartsWith("*.", StringComparison.Ordinal) && !IPAddress.TryParse(host, out _) && host.EndsWith(line[1..], StringComparison.Ordinal) && host.Length >= line.Length)));
    }

    // The last label of a domain begins with a letter: "*.0.1" would be addresses, and "*" alone everybody's.
    [GeneratedRegex(@"^(\*\.([a-z0-9-]+\.)*[a-z][a-z0-9-]*|[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?|\[[0-9a-f:.]+\](:\d{1,5})?)$", RegexOptions.IgnoreCase)]
    private static partial Regex Listed();
}
