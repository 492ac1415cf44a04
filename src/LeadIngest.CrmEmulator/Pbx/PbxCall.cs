using System.Text.Json.Serialization;

namespace LeadIngest.CrmEmulator.Pbx;

/// <summary>A call that somebody asked for.</summary>
/// <param name="To">The number dialled.</param>
/// <param name="From">Who calls.</param>
/// <param name="StartedAt">When the phone began to ring.</param>
internal sealed record PbxOrder(string To, string From, bool IsAnswered, int WaitSeconds, int TalkSeconds, bool HasRecording, Uri Webhook, DateTimeOffset StartedAt);

/// <summary>One message about a call, in the plain names of a PBX that speaks no vendor's language. What is not known yet is left out.</summary>
internal sealed record PbxEvent
{
    public required string Id { get; init; }

    /// <summary><c>ringing</c>, <c>answered</c>, <c>ended</c> or <c>recording</c>.</summary>
    public required string Event { get; init; }

    public string Direction { get; init; } = "in";
    public required string From { get; init; }
    public required string To { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? AnsweredAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? WaitSeconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TalkSeconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RecordingUrl { get; init; }

    /// <summary>The messages of a whole call, in their order.</summary>
    public static IEnumerable<PbxEvent> Of(string id, PbxOrder order, string recordingUrl)
    {
        var ringing = new PbxEvent { Id = id, Event = "ringing", From = order.From, To = order.To, StartedAt = order.StartedAt };
        yield return ringing;
        var pickedUp = order.StartedAt.AddSeconds(order.WaitSeconds);
        var last = ringing;
        if (order.IsAnswered)
            yield return last = ringing with { Event = "answered", AnsweredAt = pickedUp, WaitSeconds = order.WaitSeconds };
        yield return last = last with { Event = "ended", EndedAt = pickedUp.AddSeconds(order.TalkSeconds), WaitSeconds = order.WaitSeconds, TalkSeconds = order.TalkSeconds };
        if (order.HasRecording)
            yield return last with { Event = "recording", RecordingUrl = recordingUrl };
    }
}

/// <summary>An event and what the receiver said to it.</summary>
/// <param name="Status">HTTP status; 0 when there was no answer.</param>
/// <param name="Answer">The beginning of its body, or why there was none.</param>
internal sealed record PbxSent(PbxEvent Event, int Status, string Answer);

/// <param name="Outcome"><c>answered</c> or <c>missed</c>.</param>
internal sealed record PbxCall(string Id, string From, string To, string Outcome, DateTimeOffset StartedAt, int WaitSeconds, int TalkSeconds, string? RecordingUrl, IReadOnlyList<PbxSent> Events);
