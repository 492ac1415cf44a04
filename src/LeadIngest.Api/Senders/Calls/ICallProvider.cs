using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>Reads one provider's webhooks. Pure: no clock, no database, no calls out; one file a provider, its page in api-spec/senders.</summary>
internal interface ICallProvider
{
    /// <summary>The word in the address: <c>mango</c>.</summary>
    string Name { get; }

    /// <summary>For people.</summary>
    string Title { get; }

    /// <summary>What each secret is called over there. None: the token in the address is the proof.</summary>
    SecretsUse Secrets => SecretsUse.None;

    CallReading Read(CallRequest request);
}

/// <summary>A call webhook as it arrived.</summary>
internal sealed record CallRequest
{
    public required Sender Sender { get; init; }
    public required string Method { get; init; }

    /// <summary>The address as the provider called it (scheme, host, path, query): Twilio signs it.</summary>
    public required string Address { get; init; }

    /// <summary>What followed the token in the path, without slashes at the ends: <c>events/call</c> of Mango; empty for most.</summary>
    public string Rest { get; init; } = "";

    public string Query { get; init; } = "";
    public string? ContentType { get; init; }
    public required IReadOnlyDictionary<string, string> Headers { get; init; }
    public required ReadOnlyMemory<byte> Body { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>A header whatever its case; null when it is missing.</summary>
    public string? Header(string name)
    {
        foreach (var (key, value) in Headers)
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
        return null;
    }
}

/// <summary>What a webhook turned out to be.</summary>
internal abstract record CallReading
{
    private CallReading() { }

    /// <param name="List">At least one.</param>
    /// <param name="EventId">The provider's own id of this message, part of its fingerprint; null where it has none.</param>
    public sealed record Events(IReadOnlyList<CallEvent> List, string? EventId = null) : CallReading;

    /// <summary>A check of the address or a question that has an answer of its own: nothing is stored.</summary>
    /// <param name="Text">The body of the answer.</param>
    /// <param name="ContentType">Its type.</param>
    public sealed record Answer(string Text, string ContentType = "text/plain") : CallReading;

    /// <summary>Understood and of no use (a test button, an SMS event): 200, counted, the sender's time of its last test noted when it was one.</summary>
    public sealed record Nothing(string Why, bool IsTest = false) : CallReading;

    /// <summary>The signature or secret is missing or wrong: 401, counted; the body is kept as a Reject, for the token was right.</summary>
    public sealed record Forbidden(string Why) : CallReading;

    /// <summary>It cannot be understood: kept whole as a Reject, answered 200.</summary>
    public sealed record Unreadable(IReadOnlyDictionary<string, string[]> Errors) : CallReading;
}
