using System.Buffers;
using System.IO.Compression;

namespace LeadIngest.Api.Ingest;

/// <summary>A body as it came and as it reads: bounded on the wire and after unpacking.</summary>
/// <param name="Bytes">Unpacked.</param>
/// <param name="Problem">Why it could not be read; <see cref="Bytes"/> is then empty.</param>
internal readonly record struct PostedBody(byte[] Bytes, BodyProblem? Problem)
{
    /// <exception cref="BadHttpRequestException">The client stopped sending, or sent too slowly.</exception>
    public static async ValueTask<PostedBody> ReadAsync(HttpRequest request, int maxBytes, CancellationToken ct)
    {
        if (request.ContentLength > maxBytes) return TooLarge(maxBytes);
        var encoding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        switch (encoding)
        {
            case "" or "identity":
                return request.ContentLength is { } length ? await ExactAsync(request, (int)length, ct) : await BoundedAsync(request.Body, maxBytes, ct);
            case "gzip" or "x-gzip":
                return await UnpackAsync(new GZipStream(request.Body, CompressionMode.Decompress), maxBytes, ct);
            case "br":
                return await UnpackAsync(new BrotliStream(request.Body, CompressionMode.Decompress), maxBytes, ct);
            case "deflate":
                return await UnpackAsync(new ZLibStream(request.Body, CompressionMode.Decompress), maxBytes, ct);
            default:
                return new([], new BodyProblem(415, "unsupported-encoding", "Content-Encoding must be gzip, br, deflate or absent."));
        }
    }

    private static async ValueTask<PostedBody> ExactAsync(HttpRequest request, int length, CancellationToken ct)
    {
        if (length == 0) return new([], null);
        var read = await request.BodyReader.ReadAtLeastAsync(length, ct);
        var bytes = read.Buffer.Slice(0, Math.Min(length, read.Buffer.Length)).ToArray();
        request.BodyReader.AdvanceTo(read.Buffer.End);
        return new(bytes, null);
    }

    private static async Task<PostedBody> UnpackAsync(Stream stream, int maxBytes, CancellationToken ct)
    {
        try
        {
            await using (stream) return await BoundedAsync(stream, maxBytes, ct);
        }
        // A corrupt Brotli body throws InvalidOperationException, corrupt gzip InvalidDataException.
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            return new([], new BodyProblem(400, "corrupt-encoding", "The body is not what its Content-Encoding says."));
        }
    }

    private static async Task<PostedBody> BoundedAsync(Stream stream, int maxBytes, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            using var body = new MemoryStream();
            int read;
            while ((read = await stream.ReadAsync(buffer, ct)) > 0)
            {
                if (body.Length + read > maxBytes) return TooLarge(maxBytes);
                body.Write(buffer, 0, read);
            }
            return new(body.ToArray(), null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static PostedBody TooLarge(int maxBytes) => new([], new BodyProblem(413, "body-too-large", $"The body may have {maxBytes} bytes at most, unpacked."));
}

/// <param name="Status">The HTTP status to answer.</param>
/// <param name="Type">Of the problem document.</param>
/// <param name="Detail">For people.</param>
internal sealed record BodyProblem(int Status, string Type, string Detail);
