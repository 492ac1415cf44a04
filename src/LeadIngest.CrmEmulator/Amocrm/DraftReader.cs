using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Turns an item of a request into a <see cref="Draft"/> and says what the account would refuse.</summary>
internal static class DraftReader
{
    private const int ComplexFieldLimit = 40;

    public static Draft Read(Account account, ItemReader item, Kind kind, bool isPatch, bool isComplex = false)
    {
        var draft = new Draft
        {
            Kind = kind,
            Name = item.Text("name"),
            ResponsibleUserId = item.User("responsible_user_id", robot: false, account.Directory),
            CreatedBy = item.User("created_by", robot: true, account.Directory),
            UpdatedBy = item.User("updated_by", robot: true, account.Directory),
            CreatedAt = item.Int("created_at"),
            UpdatedAt = item.Int("updated_at"),
        };
        if (isPatch)
            draft.Id = item.Int("id");
        if (kind == Kind.Lead)
            ReadLead(account, item, draft);
        if (kind == Kind.Contact)
            (draft.FirstName, draft.LastName) = (item.Text("first_name"), item.Text("last_name"));
        FieldReader.Read(account.FieldsOf(kind), item, draft.Fields);
        if (isComplex && draft.Fields.Count > ComplexFieldLimit)
            item.Refuse(new Violation("TooMany", item.Path("custom_fields_values"), $"Limit {ComplexFieldLimit} values per entity."));
        CheckLengths(account, item, draft);
        ReadTags(account, item, kind, draft);
        if (item.Map("_embedded") is { } embedded)
            ReadEmbedded(account, item.Below(embedded, "_embedded"), draft, isComplex);
        return draft;
    }

    private static void ReadLead(Account account, ItemReader item, Draft draft)
    {
        draft.Price = item.Number("price");
        draft.VisitorUid = item.Text("visitor_uid");
        draft.ClosedAt = item.Int("closed_at");
        draft.PipelineId = item.Int("pipeline_id");
        draft.StatusId = item.Int("status_id");
        draft.LossReasonId = item.Int("loss_reason_id");
        if (draft.PipelineId is { } pipelineId && account.Directory.Pipeline(pipelineId) is null)
            item.Refuse(Violation.NotSupported(item.Path("pipeline_id")));
        if (draft.LossReasonId is { } reason && !Array.Exists(account.Directory.LossReasons, r => r.Id == reason))
            item.Refuse(Violation.NotSupported(item.Path("loss_reason_id")));
        if (draft.StatusId is not { } statusId)
            return;
        var current = draft.PipelineId ?? (Json.Integer(item.Item["id"]) is { } id ? account.Leads.Find(id)?.PipelineId : null);
        var pipelines = account.Directory.Pipelines.Where(p => current is null || p.Id == current || draft.PipelineId is null);
        var home = pipelines.OrderByDescending(p => p.Id == (current ?? account.Directory.Main.Id))
            .FirstOrDefault(p => Array.Exists(p.Statuses, s => s.Id == statusId && !s.IsIncoming));
        // People sort incoming leads; a stage of theirs cannot be asked for.
        if (home is null)
            item.Refuse(Violation.NotSupported(item.Path("status_id")));
        else
            draft.PipelineId = home.Id;
    }

    private static void CheckLengths(Account account, ItemReader item, Draft draft)
    {
        if (account.Options.TextLimit is not (> 0 and var limit))
            return;
        if (draft.Name?.Length > limit)
            item.Refuse(new Violation("TooLong", item.Path("name"), $"This value is too long. It should have {limit} characters or less."));
        for (var i = 0; i < draft.Fields.Count; i++)
        {
            for (var j = 0; j < draft.Fields[i].Items.Length; j++)
            {
                if (draft.Fields[i].Field.Type is not "textarea" && draft.Fields[i].Items[j].Value.Length > limit)
                    item.Refuse(new Violation("TooLong", item.Path($"custom_fields_values.{i}.values.{j}.value"), $"This value is too long. It should have {limit} characters or less."));
            }
        }
    }

    private static void ReadTags(Account account, ItemReader item, Kind kind, Draft draft)
    {
        draft.TagsToAdd.AddRange(TagNames(account, item, kind, "tags_to_add"));
        draft.TagsToDelete.AddRange(TagNames(account, item, kind, "tags_to_delete"));
    }

    private static List<string> TagNames(Account account, ItemReader item, Kind kind, string list)
    {
        var names = new List<string>();
        var nodes = item.List(list);
        for (var i = 0; i < nodes.Count; i++)
        {
            var name = Json.Text(nodes[i]?["name"]) ?? (Json.Integer(nodes[i]?["id"]) is { } id ? account.TagName(kind, id) : null);
            if (string.IsNullOrEmpty(name))
                item.Refuse(Violation.NotSupported(item.Path($"{list}.{i}")));
            else
                names.Add(name);
        }
        return names;
    }

    private static void ReadEmbedded(Account account, ItemReader embedded, Draft draft, bool isComplex)
    {
        if (embedded.Has("tags"))
            draft.Tags = TagNames(account, embedded, draft.Kind, "tags");
        if (draft.Kind != Kind.Lead)
            return;
        if (embedded.Map("source") is { } source)
            draft.SourceExternalId = embedded.Below(source, "source").Text("external_id", required: true);
        draft.Metadata = isComplex ? embedded.Map("metadata") : null;
        ReadLinked(account, embedded, draft, isComplex, "contacts", Kind.Contact);
        ReadLinked(account, embedded, draft, isComplex, "companies", Kind.Company);
    }

    private static void ReadLinked(Account account, ItemReader embedded, Draft draft, bool isComplex, string list, Kind kind)
    {
        var nodes = embedded.List(list);
        if (isComplex && nodes.Count > 1)
            embedded.Refuse(new Violation("TooMany", embedded.Path(list), "Limit 1 per lead."));
        for (var i = 0; i < nodes.Count; i++)
        {
            if (nodes[i] is not JsonObject node)
            {
                embedded.Refuse(Violation.WrongType(embedded.Path($"{list}.{i}"), "object"));
                continue;
            }
            var child = embedded.Below(node, $"{list}.{i}");
            if (node.ContainsKey("id"))
            {
                var id = child.Int("id");
                if (id is { } known && account.Persons(kind).Find(known) is not null)
                    AddLink(draft, kind, known, Json.Is(node["is_main"], JsonValueKind.True));
                else if (id is not null)
                    embedded.Refuse(Violation.NotSupported(child.Path("id")));
            }
            else if (isComplex)
            {
                var person = Read(account, child, kind, isPatch: false, isComplex: true);
                if (kind == Kind.Contact)
                    draft.NewContact = person;
                else
                    draft.NewCompany = person;
            }
            else
            {
                embedded.Refuse(Violation.Missing(child.Path("id")));
            }
        }
    }

    private static void AddLink(Draft draft, Kind kind, long id, bool isMain)
    {
        if (kind == Kind.Contact)
            draft.ContactIds.Add((id, isMain));
        else
            draft.CompanyIds.Add(id);
    }
}
