using System.Globalization;
using System.Text.Json.Nodes;
using LeadIngest.Crm.Deals;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Amocrm;

/// <summary>One lead while it is being sent: its body as it stands after repairs, and what became of it.</summary>
internal sealed class AmocrmItem(OutgoingLead lead, RoutingDecision route) : IDealItem
{
    public OutgoingLead Lead { get; } = lead;

    /// <summary>Where it goes in the account.</summary>
    public RoutingDecision Route { get; set; } = route;

    public JsonObject Body { get; set; } = [];
    public List<string> Warnings { get; } = [];
    public Dictionary<string, string> Steps { get; } = new(lead.Steps);

    IReadOnlyDictionary<string, string> IDealItem.Steps => Steps;

    /// <summary>Null while the item still has to be sent.</summary>
    public DeliveryOutcome? Outcome { get; private set; }

    /// <summary>The known contact does not exist any more: the lead goes with a new one.</summary>
    public bool NeedsNewContact { get; set; }

    /// <summary>How the item's last call ended.</summary>
    public CallEnd? Last { get; private set; }

    public void End(CallEnd end) => (Last, Outcome) = (end, end.ToDelivery(Steps, Warnings));

    public void End(DeliveryOutcome outcome) => Outcome = outcome.Following(Steps, Warnings);

    /// <summary>
    /// Takes over what became of the call's entry, sent as an item of its own. A lead that is in the CRM is not lost for an entry that is refused for good;
    /// one whose fate is open keeps the lead open, and only the entry is sent again.
    /// </summary>
    public void TakeEntry(AmocrmItem entry)
    {
        Warnings.AddRange(entry.Warnings);
        if (entry.Steps.TryGetValue(Step.Call, out var id))
        {
            Steps[Step.Call] = id;
            RememberRecord();
        }

        if (Lead.EntryContactId is not null && entry.Last is CallEnd.Data refused)
        {
            End(DealCourse.WithoutContact(Lead, refused.Why));
            return;
        }

        // 400: this token may not write calls (244), which says nothing of the leads.
        if (Lead.Kind != OutgoingKind.Call && entry.Last is CallEnd.Data or CallEnd.AccountBlocked { Status: 400 })
        {
            Warnings.Add($"The call could not be entered into the card. {entry.Last.Why}");
        }
        else
        {
            End(entry.Last!);
        }
    }

    /// <summary>
    /// Takes over what became of the task, sent as an item of its own. One that is refused for good is a warning: the card is there. One whose fate is open
    /// keeps the lead open, and only the task is sent again.
    /// </summary>
    public void TakeTask(AmocrmItem task)
    {
        Warnings.AddRange(task.Warnings);
        if (task.Steps.TryGetValue(Step.Task, out var id))
        {
            Steps[Step.Task] = id;
        }

        if (task.Last is CallEnd.Data or CallEnd.AccountBlocked { Status: 400 })
        {
            Warnings.Add($"The task could not be set. {task.Last.Why}");
        }
        else
        {
            End(task.Last!);
        }
    }

    /// <summary>The call's entry was made with what is known of the recording now.</summary>
    public void RememberRecord()
    {
        if (Lead.Call?.RecordingUrl is not null)
        {
            Steps[Step.Record] = Steps[Step.Call];
        }
    }

    /// <summary>Takes out of the body exactly what the CRM refused.</summary>
    /// <returns>False when something was refused that a lead cannot go without.</returns>
    public bool Repair(IReadOnlyList<DataError> errors)
    {
        var repaired = errors.Count > 0;

        // From the highest index down, so that the indices of the errors still to come stay true.
        foreach (var error in errors.DistinctBy(e => e.Path).OrderByDescending(e => FieldIndex(e.Path)))
        {
            repaired &= Drop(error);
        }

        return repaired;
    }

    private static int FieldIndex(string path)
    {
        var parts = path.Split('.');
        var at = Array.IndexOf(parts, "custom_fields_values");
        return at >= 0 && at + 1 < parts.Length && int.TryParse(parts[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1;
    }

    private bool Drop(DataError error)
    {
        var contact = Body["_embedded"]?["contacts"]?[0] as JsonObject;
        var inContact = error.Path.Contains("contacts", StringComparison.Ordinal);
        if (inContact && contact?["id"] is not null)
        {
            Warnings.Add($"The CRM does not take the known contact {contact["id"]} any more ({error.Code}): a new one was made.");
            Steps.Remove(Step.Contact);
            return NeedsNewContact = true;
        }

        // An incoming lead is a model inside its item.
        var inLead = error.Path.Contains("_embedded.leads", StringComparison.Ordinal);
        var card = inLead ? Body["_embedded"]?["leads"]?[0] as JsonObject : Body;
        var holder = inContact ? contact : card;
        if (FieldIndex(error.Path) is >= 0 and var index)
        {
            if (holder?["custom_fields_values"] is not JsonArray fields || index >= fields.Count)
            {
                return false;
            }

            Warn(error, (fields[index]?["field_code"] ?? fields[index]?["field_id"])?.ToString(), fields[index]?["values"]?[0]?["value"]?.ToString());
            fields.RemoveAt(index);
            return true;
        }

        var parts = error.Path.Split('.');
        var name = error.Path.Contains("_embedded.tags", StringComparison.Ordinal) ? "tags"
            : inContact || inLead ? parts.SkipWhile(p => p != (inContact ? "contacts" : "leads")).ElementAtOrDefault(2)
            : parts.FirstOrDefault(p => !p.All(char.IsAsciiDigit));
        var parent = name == "tags" ? card?["_embedded"] as JsonObject : holder;
        if (name == "params" && parts[^1] is "link" or "call_status" or "call_responsible")
        {
            (name, parent) = (parts[^1], Body["params"] as JsonObject);
        }

        if (name is null or "request_id" or "_embedded" or "entity_id" or "entity_type" or "text" or "complete_till" or "note_type" or "params" or "metadata" or "source_uid" or "source_name" || parent?[name] is not { } value)
        {
            return false;
        }

        Warn(error, name, value is JsonValue ? value.ToString() : null);
        parent.Remove(name);
        return true;
    }

    private void Warn(DataError error, string? field, string? value) =>
        Warnings.Add($"The CRM refused {field ?? error.Path} ({error.Code}: {error.Words}): it was left out{(value is null ? "" : $", the value was \"{Words.Short(value, 100)}\"")}.");
}
