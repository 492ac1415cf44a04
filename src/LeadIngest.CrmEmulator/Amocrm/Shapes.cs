using System.Globalization;
using System.Text.Json;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>What to add to a read: the <c>with</c> parameter.</summary>
[Flags]
internal enum With
{
    None = 0,
    Contacts = 1,
    LossReason = 2,
    Leads = 4,
    Source = 8,
    Products = 16,
    All = Contacts | LossReason | Leads | Source | Products,
}

/// <summary>Entities as API v4 answers them.</summary>
internal static class Shapes
{
    public const string Hal = "application/hal+json";

    public static string Collection(Kind kind) => kind switch { Kind.Lead => "leads", Kind.Contact => "contacts", _ => "companies" };

    public static With ParseWith(string? text)
    {
        var with = With.None;
        foreach (var word in (text ?? "").Split(',', StringSplitOptions.TrimEntries))
            with |= word switch { "contacts" => With.Contacts, "loss_reason" => With.LossReason, "leads" => With.Leads, "source" or "source_id" => With.Source, "catalog_elements" => With.Products, _ => 0 };
        return with;
    }

    public static Answer One(long accountId, string baseUrl, Entity entity, With with) =>
        Answer.Json(200, Hal, w => Write(w, accountId, baseUrl, entity, with));

    public static void Write(Utf8JsonWriter w, long accountId, string baseUrl, Entity entity, With with)
    {
        w.WriteStartObject();
        w.WriteNumber("id", entity.Id);
        w.WriteString("name", entity.Name);
        if (entity is Lead lead)
            WriteLead(w, lead, with);
        else
            WritePerson(w, (Person)entity);
        w.WriteNumber("responsible_user_id", entity.ResponsibleUserId);
        w.WriteNumber("group_id", 0);
        w.WriteNumber("created_by", entity.CreatedBy);
        w.WriteNumber("updated_by", entity.UpdatedBy);
        w.WriteNumber("created_at", entity.CreatedAt);
        w.WriteNumber("updated_at", entity.UpdatedAt);
        w.WriteBoolean("is_deleted", false);
        w.WriteNull("closest_task_at");
        WriteFields(w, entity);
        w.WriteNumber("account_id", accountId);
        WriteSelf(w, $"{baseUrl}/api/v4/{Collection(entity.Kind)}/{entity.Id}");
        w.WriteStartObject("_embedded");
        WriteTags(w, entity);
        WriteEmbedded(w, baseUrl, entity, with);
        w.WriteEndObject();
        w.WriteEndObject();
    }

    /// <summary>A card in the trash: next to nothing is left of it.</summary>
    public static void WriteDeleted(Utf8JsonWriter w, long accountId, Entity entity)
    {
        w.WriteStartObject();
        w.WriteNumber("id", entity.Id);
        foreach (var name in new[] { "name", "price", "responsible_user_id", "group_id", "status_id", "pipeline_id", "loss_reason_id", "source_id", "created_by", "created_at", "closed_at", "custom_fields_values" })
            w.WriteNull(name);
        w.WriteNumber("updated_by", entity.UpdatedBy);
        w.WriteNumber("updated_at", entity.UpdatedAt);
        w.WriteBoolean("is_deleted", true);
        w.WriteNumber("account_id", accountId);
        w.WriteEndObject();
    }

    public static void WriteSelf(Utf8JsonWriter w, string href)
    {
        w.WriteStartObject("_links");
        w.WriteStartObject("self");
        w.WriteString("href", href);
        w.WriteEndObject();
        w.WriteEndObject();
    }

    /// <summary>The answer to POST and PATCH of a collection.</summary>
    public static Answer Written(Call call, string collection, IEnumerable<(string RequestId, long Id, long? UpdatedAt)> items) =>
        Answer.Json(200, Hal, w =>
        {
            w.WriteStartObject();
            WriteSelf(w, $"{call.BaseUrl}/{call.Path}");
            w.WriteStartObject("_embedded");
            w.WriteStartArray(collection);
            foreach (var (requestId, id, updatedAt) in items)
            {
                w.WriteStartObject();
                w.WriteNumber("id", id);
                if (updatedAt is { } at)
                    w.WriteNumber("updated_at", at);
                w.WriteString("request_id", requestId);
                WriteSelf(w, $"{call.BaseUrl}/api/v4/{collection}/{id}");
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteEndObject();
            w.WriteEndObject();
        });

    private static void WriteLead(Utf8JsonWriter w, Lead lead, With with)
    {
        w.WriteNumber("price", lead.Price);
        w.WriteNumber("status_id", lead.StatusId);
        w.WriteNumber("pipeline_id", lead.PipelineId);
        w.WriteNumberOrNull("loss_reason_id", lead.LossReasonId);
        w.WriteNull("source_id");
        if (with.HasFlag(With.Source) && lead.SourceExternalId is not null)
            w.WriteString("source_external_id", lead.SourceExternalId);
        w.WriteNumberOrNull("closed_at", lead.ClosedAt);
        w.WriteNull("score");
        w.WriteNull("labor_cost");
    }

    private static void WritePerson(Utf8JsonWriter w, Person person)
    {
        if (person.Kind != Kind.Contact)
            return;
        w.WriteString("first_name", person.FirstName);
        w.WriteString("last_name", person.LastName);
    }

    private static void WriteFields(Utf8JsonWriter w, Entity entity)
    {
        // The vendor answers null, not an empty array.
        if (entity.Fields.Length == 0)
        {
            w.WriteNull("custom_fields_values");
            return;
        }
        w.WriteStartArray("custom_fields_values");
        foreach (var values in entity.Fields)
        {
            w.WriteStartObject();
            w.WriteNumber("field_id", values.Field.Id);
            w.WriteString("field_name", values.Field.Name);
            w.WriteString("field_code", values.Field.Code);
            w.WriteString("field_type", values.Field.Type);
            w.WriteStartArray("values");
            foreach (var item in values.Items)
                WriteItem(w, values.Field, item);
            w.WriteEndArray();
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteItem(Utf8JsonWriter w, Field field, FieldItem item)
    {
        w.WriteStartObject();
        if (field.Type == "checkbox")
            w.WriteBoolean("value", item.Value == "true");
        else if (field.Type is "date" or "date_time" or "birthday" && long.TryParse(item.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            w.WriteNumber("value", seconds);
        else
            w.WriteString("value", item.Value);
        if (item.Enum is { } choice)
        {
            w.WriteNumber("enum_id", choice.Id);
            w.WriteString("enum_code", choice.Code);
        }
        w.WriteEndObject();
    }

    private static void WriteTags(Utf8JsonWriter w, Entity entity)
    {
        w.WriteStartArray("tags");
        foreach (var tag in entity.Tags)
        {
            w.WriteStartObject();
            w.WriteNumber("id", tag.Id);
            w.WriteString("name", tag.Name);
            w.WriteNull("color");
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteEmbedded(Utf8JsonWriter w, string baseUrl, Entity entity, With with)
    {
        if (entity is Lead lead)
        {
            if (with.HasFlag(With.Contacts))
                WriteIds(w, baseUrl, "contacts", lead.ContactIds, withMain: true);
            WriteIds(w, baseUrl, "companies", lead.CompanyIds);
            if (with.HasFlag(With.LossReason))
                WriteLossReason(w, lead);
            if (with.HasFlag(With.Products))
                Catalogs.WriteLinked(w, lead);
            return;
        }
        var person = (Person)entity;
        if (person.Kind == Kind.Contact)
            WriteIds(w, baseUrl, "companies", person.CompanyIds);
        if (with.HasFlag(With.Leads))
            WriteIds(w, baseUrl, "leads", person.LeadIds);
    }

    private static void WriteIds(Utf8JsonWriter w, string baseUrl, string collection, IReadOnlyList<long> ids, bool withMain = false)
    {
        w.WriteStartArray(collection);
        for (var i = 0; i < ids.Count; i++)
        {
            w.WriteStartObject();
            w.WriteNumber("id", ids[i]);
            if (withMain)
                w.WriteBoolean("is_main", i == 0);
            WriteSelf(w, $"{baseUrl}/api/v4/{collection}/{ids[i]}");
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteLossReason(Utf8JsonWriter w, Lead lead)
    {
        w.WriteStartArray("loss_reason");
        foreach (var (id, name) in Directory.Standard.LossReasons.Where(r => r.Id == lead.LossReasonId))
        {
            w.WriteStartObject();
            w.WriteNumber("id", id);
            w.WriteString("name", name);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }
}
