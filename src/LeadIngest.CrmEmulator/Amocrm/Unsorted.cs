using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary><c>/leads/unsorted</c>.</summary>
internal static class Unsorted
{
    private sealed record Wanted(string SourceUid, string SourceName, JsonObject Metadata, Draft Lead, Draft? Contact, Draft? Company, long? PipelineId);

    public static Answer Add(Account account, Call call, string category)
    {
        var (batch, refusal) = Batch<Wanted>.Read(account, call.ReadJson(), Lists.MaxLimit, 422, item => Read(account, item, category));
        if (batch is null)
            return refusal!;
        var added = batch.Items.ConvertAll(i => (i.RequestId, Row: Store(account, i.Value, category)));
        return Answer.Json(200, Shapes.Hal, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("_total_items", added.Count);
            Shapes.WriteSelf(w, $"{call.BaseUrl}/{call.Path}");
            w.WriteStartObject("_embedded");
            w.WriteStartArray("unsorted");
            foreach (var (requestId, row) in added)
                Write(w, account.Id, row, requestId, withMetadata: false);
            w.WriteEndArray();
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    public static Answer List(Account account, Call call)
    {
        var rows = account.Incoming.All;
        if (call.Query["filter"] is JsonObject filter)
        {
            var (uids, categories) = (Texts(filter["uid"]), Texts(filter["category"]));
            var pipeline = filter["pipeline_id"] is { } id ? EntityFilter.Range(id) : null;
            rows = rows.Where(r => (uids.Count == 0 || uids.Contains(r.Uid)) && (categories.Count == 0 || categories.Contains(r.Category)) && (pipeline is null || pipeline(r.PipelineId)));
        }
        if (Json.Text((call.Query["order"] as JsonObject)?["created_at"]) is "desc")
            rows = rows.Reverse();
        return Lists.Page(call, "unsorted", rows, (w, row) => Write(w, account.Id, row, null, withMetadata: true));
    }

    public static Answer One(Account account, string uid) =>
        account.Incoming.Find(uid) is { } row ? Answer.Json(200, Shapes.Hal, w => Write(w, account.Id, row, null, withMetadata: true)) : Answer.Empty(204);

    public static Answer Accept(Account account, Call call, string uid)
    {
        if (account.Incoming.Find(uid) is not { } row)
            return Problem.Plain(404, "Unsorted not found");
        var status = call.ReadJson() is JsonObject body ? Json.Integer(body["status_id"]) : null;
        if (status is { } id && !Array.Exists(account.Directory.Pipeline(row.PipelineId)!.Statuses, s => s.Id == id && !s.IsIncoming))
            return Problem.Invalid([("0", [Violation.NotSupported("status_id")])]);
        account.Incoming.Accept(account, row, status);
        return Answer.Json(200, Shapes.Hal, w => Write(w, account.Id, row, null, withMetadata: false));
    }

    public static Answer Decline(Account account, string uid)
    {
        if (account.Incoming.Find(uid) is not { } row)
            return Problem.Plain(404, "Unsorted not found");
        account.Incoming.Decline(account, row);
        return Answer.Json(200, Shapes.Hal, w => Write(w, account.Id, row, null, withMetadata: false));
    }

    public static Answer Summary(Account account) => Answer.Json(200, Shapes.Hal, w =>
    {
        w.WriteStartObject();
        w.WriteNumber("total", account.Incoming.All.Count());
        w.WriteNumber("accepted", account.Incoming.Accepted);
        w.WriteNumber("declined", account.Incoming.Declined);
        w.WriteNumber("average_sort_time", 0);
        w.WriteEndObject();
    });

    public static void Write(Utf8JsonWriter w, long accountId, IncomingLead row, string? requestId, bool withMetadata)
    {
        w.WriteStartObject();
        w.WriteString("uid", row.Uid);
        w.WriteString("source_uid", row.SourceUid);
        w.WriteString("source_name", row.SourceName);
        w.WriteString("category", row.Category);
        w.WriteNumber("pipeline_id", row.PipelineId);
        w.WriteNumber("created_at", row.CreatedAt);
        w.WriteNumber("account_id", accountId);
        if (requestId is not null)
            w.WriteString("request_id", requestId);
        if (withMetadata)
        {
            w.WritePropertyName("metadata");
            w.WriteRawValue(row.MetadataJson);
        }
        w.WriteStartObject("_embedded");
        foreach (var (name, id) in new[] { ("leads", row.LeadId), ("contacts", row.Contact?.Id), ("companies", row.Company?.Id) })
        {
            w.WriteStartArray(name);
            if (id is { } known)
            {
                w.WriteStartObject();
                w.WriteNumber("id", known);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        }
        w.WriteEndObject();
        w.WriteEndObject();
    }

    private static HashSet<string?> Texts(JsonNode? node) => [.. Json.Items(node).Select(Json.Text)];

    private static IncomingLead Store(Account account, Wanted wanted, string category)
    {
        var company = wanted.Company is null ? null : Amocrm.Store.AddPerson(account, wanted.Company, isHidden: true);
        var contact = wanted.Contact is null ? null : Amocrm.Store.AddPerson(account, wanted.Contact, isHidden: true);
        if (contact is not null)
            wanted.Lead.ContactIds.Add((contact.Id, true));
        if (company is not null)
            wanted.Lead.CompanyIds.Add(company.Id);
        wanted.Lead.PipelineId = wanted.PipelineId;
        wanted.Lead.StatusId = null;
        var lead = Amocrm.Store.AddLead(account, wanted.Lead, isIncoming: true);
        if (category == "sip" && Json.Text(wanted.Metadata["is_call_event_needed"]) is "true" or "1")
            AddCallEvent(account, lead, wanted.Metadata, wanted.SourceName);
        // Write-only: nobody reads it back.
        wanted.Metadata.Remove("is_call_event_needed");
        return account.Incoming.Add(account, lead, category, wanted.Metadata, contact, company, wanted.SourceUid, wanted.SourceName);
    }

    private static void AddCallEvent(Account account, Lead lead, JsonObject metadata, string source) => Notes.AddCall(account, Kind.Lead, lead.Id, isInbound: true, new JsonObject
    {
        ["uniq"] = metadata["uniq"]?.DeepClone(),
        ["duration"] = metadata["duration"]?.DeepClone(),
        ["source"] = source,
        ["link"] = metadata["link"]?.DeepClone(),
        ["phone"] = Json.Text(metadata["phone"]),
    }, Json.Integer(metadata["called_at"]));

    private static void CheckCall(ItemReader metadata)
    {
        metadata.Int("called_at");
        metadata.Int("duration");
        foreach (var name in new[] { "link", "service_code", "uniq" })
            metadata.Text(name);
        metadata.Flag("is_call_event_needed");
        if (string.IsNullOrWhiteSpace(Json.Text(metadata.Item["phone"])))
            metadata.Refuse(Violation.Missing(metadata.Path("phone")));
    }

    private static Wanted Read(Account account, ItemReader item, string category)
    {
        var sourceUid = item.Text("source_uid", required: true) ?? "";
        var sourceName = item.Text("source_name", required: true) ?? "";
        var pipeline = item.Int("pipeline_id");
        if (pipeline is { } id && account.Directory.Pipeline(id) is null)
            item.Refuse(Violation.NotSupported("pipeline_id"));
        var metadata = item.Map("metadata");
        if (metadata is null)
            item.Refuse(Violation.Missing("metadata"));
        else if (account.Options.UnsortedRepeats == "refuse" && account.Incoming.IsRepeat(sourceUid, metadata))
            item.Refuse(new Violation("NotUnique", "source_uid", "The same data was already added."));
        if (metadata is not null && category == "sip")
            CheckCall(item.Below(metadata, "metadata"));
        foreach (var name in metadata is null ? [] : category == "sip" ? new[] { "called_at", "duration", "link", "service_code", "uniq" } : ["form_id", "form_name", "form_page"])
        {
            if (metadata![name] is null)
                item.Refuse(Violation.Missing($"metadata.{name}"));
        }
        var embedded = item.Map("_embedded");
        Draft? Model(string list, Kind kind) => embedded?[list] is JsonArray { Count: > 0 } models && models[0] is JsonObject model
            ? DraftReader.Read(account, item.Below(model, $"_embedded.{list}.0"), kind, isPatch: false) : null;
        var lead = Model("leads", Kind.Lead) ?? new Draft { Kind = Kind.Lead };
        return new Wanted(sourceUid, sourceName, (JsonObject)(metadata?.DeepClone() ?? new JsonObject()), lead, Model("contacts", Kind.Contact), Model("companies", Kind.Company), pipeline);
    }
}
