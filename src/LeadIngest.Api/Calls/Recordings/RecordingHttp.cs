using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Calls.Recordings;

/// <summary>Asks for recordings. No redirects, no proxy, no cookies; a name is looked up once, all its addresses must be public, and it is those that are connected to.</summary>
internal sealed class RecordingHttp : IDisposable
{
    /// <summary>For the first byte, and for each after it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public const long MostBytes = 50 * 1024 * 1024;

    /// <summary>Being listened to at the same time on this node.</summary>
    private const int MostAtOnce = 16;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        MaxResponseHeadersLength = 32,
        ConnectCallback = ConnectAsync,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Take a place before asking, give it back when the recording has been passed on.</summary>
    public SemaphoreSlim Places { get; } = new(MostAtOnce);

    /// <returns>As soon as its headers are there.</returns>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public Task<HttpResponseMessage> AskAsync(Uri address, RangeHeaderValue? range, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("LeadIngest", "1.0"));
        request.Headers.Accept.ParseAdd("audio/*");
        request.Headers.Range = range;
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    public void Dispose()
    {
        _http.Dispose();
        Places.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        // An address comes here only where the operator listed that very one.
        IPAddress[] addresses = IPAddress.TryParse(host, out var listed) ? [listed] : await Dns.GetHostAddressesAsync(host, ct);
        if (addresses.Length == 0 || (listed is null && !addresses.All(PublicAddresses.IsPublic))) throw new HttpRequestException("The host leads into a closed network.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
