using System.Globalization;
using System.Text.Json.Nodes;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>One lead while it is being sent: its body as it stands after repairs, and what became of it.</summary>
internal sealed class AmocrmItem(OutgoingLead lead)
{
    public OutgoingLead Lead { get; } = lead;
    public JsonObject Body { get; set; } = [];
    public List<string> Warnings { get; } = [];
    public Dictionary<string, string> Steps { get; } = new(lead.Steps);

    /// <summary>Null while the item still has to be sent.</summary>
    public DeliveryOutcome? Outcome { get; private set; }

    /// <summary>The known contact does not exist any more: the lead goes with a new one.</summary>
    public bool NeedsNewContact { get; set; }

    public void End(CallEnd end) => Outcome = end.ToDelivery(Steps, Warnings);

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

        var holder = inContact ? contact : Body;
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
            : inContact ? parts.SkipWhile(p => p != "contacts").ElementAtOrDefault(2)
            : parts.FirstOrDefault(p => !p.All(char.IsAsciiDigit));
        var parent = name == "tags" ? Body["_embedded"] as JsonObject : holder;
        if (name is null or "request_id" or "_embedded" or "entity_id" or "note_type" or "params" || parent?[name] is not { } value)
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
