using System.Globalization;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Entities as webhooks show them: the older names, not those of API v4.</summary>
internal static class HookBody
{
    public static void WriteEntity(HookForm form, long accountId, string prefix, Entity entity, bool idOnly, long? oldStatus)
    {
        form.Add($"{prefix}[id]", Json.Of(entity.Id));
        if (entity.Kind != Kind.Lead)
            form.Add($"{prefix}[type]", entity.Kind == Kind.Contact ? "contact" : "company");
        if (idOnly)
            return;
        form.Add($"{prefix}[name]", entity.Name);
        if (entity is Lead lead)
        {
            form.Add($"{prefix}[status_id]", Json.Of(lead.StatusId));
            if (oldStatus is { } old)
                form.Add($"{prefix}[old_status_id]", Json.Of(old));
            form.Add($"{prefix}[price]", Json.Of(lead.Price));
            form.Add($"{prefix}[pipeline_id]", Json.Of(lead.PipelineId));
        }
        else
        {
            foreach (var id in ((Person)entity).LeadIds)
                form.Add($"{prefix}[linked_leads_id][{id}][ID]", Json.Of(id));
        }
        form.Add($"{prefix}[responsible_user_id]", Json.Of(entity.ResponsibleUserId));
        form.Add($"{prefix}[account_id]", Json.Of(accountId));
        form.Add($"{prefix}[date_create]", Json.Of(entity.CreatedAt));
        form.Add($"{prefix}[last_modified]", Json.Of(entity.UpdatedAt));
        form.Add($"{prefix}[created_user_id]", Json.Of(entity.CreatedBy));
        form.Add($"{prefix}[modified_user_id]", Json.Of(entity.UpdatedBy));
        form.Add($"{prefix}[created_at]", Json.Of(entity.CreatedAt));
        form.Add($"{prefix}[updated_at]", Json.Of(entity.UpdatedAt));
        for (var i = 0; i < entity.Tags.Length; i++)
        {
            form.Add($"{prefix}[tags][{i}][id]", Json.Of(entity.Tags[i].Id));
            form.Add($"{prefix}[tags][{i}][name]", entity.Tags[i].Name);
        }
        for (var i = 0; i < entity.Fields.Length; i++)
            WriteField(form, $"{prefix}[custom_fields][{i}]", entity.Fields[i]);
    }

    public static void WriteNote(HookForm form, string prefix, Note note)
    {
        form.Add($"{prefix}[id]", Json.Of(note.Id));
        form.Add($"{prefix}[note_type]", note.Type switch { "common" => "4", "call_in" => "10", "call_out" => "11", _ => "25" });
        var parameters = JsonNode.Parse(note.ParamsJson);
        form.Add($"{prefix}[text]", note.Type == "common" ? Json.Text(parameters?["text"]) ?? "" : note.ParamsJson);
        form.Add($"{prefix}[element_type]", note.Kind switch { Kind.Contact => "1", Kind.Lead => "2", _ => "3" });
        form.Add($"{prefix}[element_id]", Json.Of(note.EntityId));
        form.Add($"{prefix}[created_by]", Json.Of(note.CreatedBy));
        form.Add($"{prefix}[date_create]", DateTimeOffset.FromUnixTimeSeconds(note.CreatedAt).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
    }

    private static void WriteField(HookForm form, string prefix, FieldValues values)
    {
        form.Add($"{prefix}[id]", Json.Of(values.Field.Id));
        form.Add($"{prefix}[name]", values.Field.Name);
        if (values.Field.Code is { } code)
            form.Add($"{prefix}[code]", code);
        for (var i = 0; i < values.Items.Length; i++)
        {
            // Dates and checkboxes come bare, without the inner "value".
            if (values.Field.Type is "date" or "date_time" or "birthday" or "checkbox")
            {
                form.Add($"{prefix}[values][{i}]", values.Items[i].Value);
                continue;
            }
            form.Add($"{prefix}[values][{i}][value]", values.Items[i].Value);
            if (values.Items[i].Enum is { } choice)
                form.Add($"{prefix}[values][{i}][enum]", Json.Of(choice.Id));
        }
    }
}
