using System.Xml;
using LeadIngest.Core.Calls;
using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Senders.Calls.Providers;

/// <summary>Beeline's cloud PBX: XML events of BroadWorks Xsi. No signature: the token in the address proves it.</summary>
/// <remarks>Names are compared without their namespaces. Document types are refused, nothing outside the body is ever read.</remarks>
internal sealed class Beeline : ICallProvider
{
    private const int LongestDocument = 1_000_000;
    private const int MostFields = 200;
    private const string Instance = "http://www.w3.org/2001/XMLSchema-instance";

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = LongestDocument,
        MaxCharactersFromEntities = 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CheckCharacters = true,
    };

    public string Name => "beeline";
    public string Title => "Beeline cloud PBX";

    public CallReading Read(CallRequest request)
    {
        var text = LenientText.Decode(request.Body.Span).TrimStart();
        if (text.Length == 0) return new CallReading.Nothing("An empty message: a check of the address.", IsTest: true);
        if (text[0] != '<') return HookMessages.Bad("body", "Must be XML: an xsi:Event.");
        List<KeyValuePair<string, string>> pairs;
        string kind;
        try
        {
            // From text, so that a declared windows-1251, which the reader does not know, does not matter.
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            (pairs, kind) = Flatten(reader);
        }
        catch (XmlException e)
        {
            return HookMessages.Bad("body", $"Not readable XML at line {e.LineNumber}, position {e.LinePosition}: document types are not allowed, and every element must be closed.");
        }
        return Read(request, new HookFacts(pairs, [], request.Sender.Settings.FieldMap), kind);
    }

    private static CallReading Read(CallRequest request, HookFacts facts, string kind)
    {
        if (Is("Subscription") || Is("Heartbeat") || Is("Channel"))
            return new CallReading.Nothing("An event of the subscription, not of a call.");
        var draft = new CallDraft(request, facts) { Id = facts.Take("extTrackingId") ?? facts.Peek("callId") };
        if (draft.Id is null && kind.Length == 0 && facts.Mapped("externalId") is null) return HookMessages.Bad("eventData", "No event and no call in this XML.");
        draft.Direction = facts.Peek("personality")?.ToLowerInvariant() switch
        {
            "terminator" => CallDirection.In,
            "originator" or "click-to-dial" => CallDirection.Out,
            var word => draft.WordOfDirection(word),
        };
        draft.Client = facts.Take("remoteParty.address") ?? facts.Take("remoteParty.phoneNumber");
        draft.ClientName = facts.Take("remoteParty.name");
        draft.DialledLine = facts.Take("redirection.address", "redirections.redirection.party.address", "dialedNumber", "calledNumber");
        draft.Employee = facts.Take("targetId", "userId");
        draft.StartedAt = draft.Time("startTime");
        draft.AnsweredAt = draft.Time("answerTime");
        draft.EndedAt = draft.Time("releaseTime");
        draft.Phase = kind switch
        {
            _ when Is("Released") => CallPhase.Ended,
            _ when Is("Answered") || Is("Held") || Is("Retrieved") || Is("Transferred") => CallPhase.Talking,
            _ when Is("Received") || Is("Originat") => CallPhase.Ringing,
            _ => CallPhase.Unknown,
        };
        if (draft.Phase == CallPhase.Ended)
        {
            if (draft.AnsweredAt is null) draft.TalkSeconds = 0;
            else if (draft.EndedAt - draft.AnsweredAt is { } talk) draft.TalkSeconds = (int)Math.Clamp(talk.TotalSeconds, 0, int.MaxValue);
            if ((draft.AnsweredAt ?? draft.EndedAt) - draft.StartedAt is { } wait) draft.WaitSeconds = (int)Math.Clamp(wait.TotalSeconds, 0, int.MaxValue);
        }
        return draft.Build("callId", CallDraft.Line(facts.Take("eventID"), 200));

        bool Is(string stem) => kind.Contains(stem, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Leaves as paths below the call, and the type of the event. Iterative: no depth of nesting can exhaust the stack.</summary>
    private static (List<KeyValuePair<string, string>> Pairs, string Kind) Flatten(XmlReader reader)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var kind = "";
        var path = new List<string>();
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (path.Count >= 64) throw new XmlException("Nested too deeply.");
                path.Add(reader.LocalName);
                if (reader.LocalName == "eventData" && reader.GetAttribute("type", Instance) is { } type) kind = type[(type.IndexOf(':', StringComparison.Ordinal) + 1)..];
                if (reader.IsEmptyElement) path.RemoveAt(path.Count - 1);
            }
            else if (reader.NodeType == XmlNodeType.EndElement) path.RemoveAt(path.Count - 1);
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && pairs.Count < MostFields) pairs.Add(new(Below(path), reader.Value));
        }
        return (pairs, kind);
    }

    /// <summary>Below the nearest of Event, eventData and call: <c>remoteParty.address</c>.</summary>
    private static string Below(List<string> path)
    {
        var from = path.FindLastIndex(part => part is "Event" or "eventData" or "call") + 1;
        return string.Join('.', path.Skip(Math.Min(from, path.Count - 1)));
    }
}
