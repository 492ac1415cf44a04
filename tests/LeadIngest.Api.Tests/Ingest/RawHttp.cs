using System.Net.Sockets;
using System.Text;

namespace LeadIngest.Api.Tests.Ingest;

/// <summary>A request as bytes, for what <see cref="HttpClient"/> would not send.</summary>
internal static class RawHttp
{
    /// <returns>The whole answer: status line, headers, body.</returns>
    public static async Task<string> PostAsync(Uri service, string path, string body, params string[] headers)
    {
        using var socket = new TcpClient(service.Host, service.Port);
        await using var stream = socket.GetStream();
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = $"POST {path} HTTP/1.1\r\nHost: {service.Authority}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\n"
            + string.Concat(headers.Select(h => h + "\r\n")) + "\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head));
        await stream.WriteAsync(bytes);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
