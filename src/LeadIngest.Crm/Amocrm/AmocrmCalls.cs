using System.Globalization;
using System.Text.Json.Nodes;
using LeadIngest.Core.Calls;
using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>Bodies of calls: the note in a card, and the incoming lead.</summary>
internal static class AmocrmCalls
{
    private const int Talked = 4;
    private const int NoAnswer = 6;

    /// <summary>The call's note. <c>uniq</c> is our id: nothing says that amoCRM refuses a repeat, but it is found by it.</summary>
    public static JsonObject Note(OutgoingLead lead, string dealId, ConnectionSettings settings)
    {
        var call = lead.Call!;
        var parameters = new JsonObject
        {
            ["uniq"] = LeadCard.ExternalId(call.CallId),
            ["duration"] = call.TalkSeconds ?? 0,
            ["source"] = call.Provider,
            ["phone"] = call.ClientPhone ?? CallCard.HiddenNumber,
        };
        if (CallCard.IsOver(call))
        {
            parameters["call_status"] = CallCard.IsAnswered(call) ? Talked : NoAnswer;
        }

        if (Link(call) is { } link)
        {
            parameters["link"] = link;
        }

        if (Words.Bound(call.Employee, 100, oneLine: true) is { } employee)
        {
            parameters["call_responsible"] = employee;
        }

        var note = new JsonObject
        {
            ["entity_id"] = long.Parse(dealId, CultureInfo.InvariantCulture),
            ["note_type"] = CallCard.IsOut(call) ? "call_out" : "call_in",
            ["created_at"] = call.StartedAt.ToUnixTimeSeconds(),
            ["params"] = parameters,
            ["request_id"] = LeadCard.ExternalId(lead.LeadId),
        };
        if (settings.ResponsibleUserId is { } user)
        {
            // Both the same, or amoCRM's own report of calls leaves it out.
            note["created_by"] = user;
            note["responsible_user_id"] = user;
        }

        return note;
    }

    /// <summary>Whether this lead goes to Неразобранное. amoCRM keeps only calls that came in there.</summary>
    public static bool IsIncoming(OutgoingLead lead, ConnectionSettings settings) =>
        settings.Calls == "incoming" && lead is { Kind: OutgoingKind.Deal, Call.Direction: not (CallDirection.Out or CallDirection.Internal) };

    /// <summary>An incoming lead with a new contact, made of the body of an ordinary one.</summary>
    public static JsonObject Incoming(OutgoingLead lead, JsonObject body)
    {
        var card = new JsonObject { ["name"] = body["name"]!.DeepClone(), ["custom_fields_values"] = body["custom_fields_values"]!.DeepClone() };
        if (body["_embedded"]!["tags"] is { } tags)
        {
            card["_embedded"] = new JsonObject { ["tags"] = tags.DeepClone() };
        }

        if (body["responsible_user_id"] is { } user)
        {
            card["responsible_user_id"] = user.DeepClone();
        }

        var incoming = new JsonObject
        {
            ["source_uid"] = LeadCard.ExternalId(lead.Call!.CallId),
            ["source_name"] = Words.Bound(lead.SiteName, 120, oneLine: true) ?? lead.Call.Provider,
            ["created_at"] = lead.Call.StartedAt.ToUnixTimeSeconds(),
            ["metadata"] = Metadata(lead.Call, needsEvent: CallCard.IsOver(lead.Call)),
            ["_embedded"] = new JsonObject { ["leads"] = new JsonArray(card), ["contacts"] = body["_embedded"]!["contacts"]!.DeepClone() },
            ["request_id"] = LeadCard.ExternalId(lead.LeadId),
        };
        if (body["pipeline_id"] is { } pipeline)
        {
            incoming["pipeline_id"] = pipeline.DeepClone();
        }

        return incoming;
    }

    /// <summary>
    /// An incoming lead of a known contact: only <c>leads/complex</c> can link one. Its call gets a note of its own afterwards, like every lead's.
    /// </summary>
    public static JsonObject IncomingOfKnown(OutgoingLead lead, JsonObject body)
    {
        var metadata = Metadata(lead.Call!, needsEvent: false);
        metadata["category"] = "sip";
        body.Remove("status_id");
        body["_embedded"]!["metadata"] = metadata;
        return body;
    }

    private static JsonObject Metadata(OutgoingCall call, bool needsEvent) => new()
    {
        ["phone"] = call.ClientPhone ?? CallCard.HiddenNumber,
        ["called_at"] = call.StartedAt.ToUnixTimeSeconds(),
        ["duration"] = call.TalkSeconds ?? 0,
        ["link"] = Link(call) ?? "",
        ["service_code"] = call.Provider,
        ["uniq"] = LeadCard.ExternalId(call.CallId),
        ["is_call_event_needed"] = needsEvent,
    };

    private static string? Link(OutgoingCall call) => Words.Bound(call.RecordingUrl, 2000, oneLine: true);
}
