using System.Net;
using System.Net.Http.Headers;

namespace LeadIngest.Crm.Http;

/// <summary>
/// The body of one attempt. Asks the guard at the very moment the bytes go out, because a worker may be frozen for a minute between the
/// decision to call and the call, and remembers whether they went: before that point nothing can have been done in the CRM.
/// </summary>
internal sealed class GuardedContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly ICallGuard _guard;

    public GuardedContent(ReadOnlyMemory<byte> body, ICallGuard guard)
    {
        (_body, _guard) = (body, guard);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>True once the first byte may have reached the CRM.</summary>
    public bool Started { get; private set; }

    /// <summary>True when the guard said no; nothing was written.</summary>
    public bool Held { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The handler may write a request again by itself when a pooled connection turns out dead; a create must not go out twice.
        if (Started)
        {
            throw new IOException("The body was already written once.");
        }

        if (!_guard.MayCall)
        {
            Held = true;
            throw new IOException("The lease is lost.");
        }

        Started = true;
        await stream.WriteAsync(_body, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
