namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Writes drafts into the account. Nothing here refuses: drafts are valid by now.</summary>
internal static class Store
{
    public static Lead AddLead(Account account, Draft draft, bool isIncoming = false)
    {
        var pipeline = draft.PipelineId is { } id ? account.Directory.Pipeline(id)! : account.Directory.Main;
        var lead = new Lead
        {
            Id = account.Leads.NextId(),
            Kind = Kind.Lead,
            Born = account.Clock.GetUtcNow(),
            PipelineId = pipeline.Id,
            StatusId = isIncoming ? pipeline.Statuses.First(s => s.IsIncoming).Id : pipeline.FirstStatusId,
        };
        Fill(account, lead, draft, isNew: true);
        if (lead.Name.Length == 0)
            lead.Name = $"Сделка #{lead.Id}";
        account.Leads.Add(lead);
        Search.Index(account, lead);
        Link(account, lead, draft);
        account.Record("lead_added", Kind.Lead, lead.Id, lead.CreatedBy);
        if (!isIncoming)
            account.Webhooks.Raise("add", lead);
        return lead;
    }

    public static Person AddPerson(Account account, Draft draft, bool isHidden = false)
    {
        var table = account.Persons(draft.Kind);
        var person = new Person { Id = table.NextId(), Kind = draft.Kind, Born = account.Clock.GetUtcNow(), IsHidden = isHidden };
        Fill(account, person, draft, isNew: true);
        table.Add(person);
        account.Hidden += isHidden ? 1 : 0;
        Search.Index(account, person);
        account.Record(draft.Kind == Kind.Contact ? "contact_added" : "company_added", draft.Kind, person.Id, person.CreatedBy);
        if (!isHidden)
            account.Webhooks.Raise("add", person);
        return person;
    }

    public static void Change(Account account, Entity entity, Draft draft)
    {
        var oldPrice = (entity as Lead)?.Price;
        var (oldStatus, oldPipeline, oldResponsible) = entity is Lead l ? (l.StatusId, l.PipelineId, l.ResponsibleUserId) : (0, 0, entity.ResponsibleUserId);
        Search.Unindex(account, entity);
        Fill(account, entity, draft, isNew: false);
        Search.Index(account, entity);
        if (entity is Lead lead)
        {
            if (draft.ContactIds.Count + draft.CompanyIds.Count > 0)
                Link(account, lead, draft);
            if (lead.StatusId != oldStatus || lead.PipelineId != oldPipeline)
            {
                account.Record("lead_status_changed", Kind.Lead, lead.Id, lead.UpdatedBy,
                    StatusJson(lead.StatusId, lead.PipelineId), StatusJson(oldStatus, oldPipeline));
                account.Webhooks.Raise("status", lead, oldStatus);
            }
            if (lead.Price != oldPrice)
                account.Record("sale_field_changed", Kind.Lead, lead.Id, lead.UpdatedBy, SaleJson(lead.Price), SaleJson(oldPrice!.Value));
        }
        if (entity.ResponsibleUserId != oldResponsible)
            account.Webhooks.Raise("responsible", entity);
        var isMoved = entity is Lead moved && moved.StatusId != oldStatus;
        account.Webhooks.Raise("update", entity, isMoved ? oldStatus : null);
    }

    public static void Delete(Account account, Entity entity)
    {
        Remove(account, entity, keepLinks: false);
        entity.UpdatedAt = account.Now;
        account.Trash.Add(entity);
        account.Record(entity.Kind.ToString().ToLowerInvariant() + "_deleted", entity.Kind, entity.Id, 0);
        account.Webhooks.Raise("delete", entity);
    }

    /// <summary>A person takes a card back out of the trash.</summary>
    public static bool Restore(Account account, Kind kind, long id)
    {
        if (account.Trash.Find(e => e.Kind == kind && e.Id == id) is not { } entity)
            return false;
        account.Trash.Remove(entity);
        entity.UpdatedAt = account.Now;
        if (entity is Lead lead)
        {
            account.Leads.PutBack(lead);
            lead.ContactIds = [.. lead.ContactIds.Where(c => account.Contacts.Find(c) is not null)];
            foreach (var contact in lead.ContactIds)
                LinkContact(account, lead, contact, isMain: contact == lead.ContactIds[0]);
        }
        else
        {
            account.Persons(kind).PutBack((Person)entity);
        }
        Search.Index(account, entity);
        account.Record(kind.ToString().ToLowerInvariant() + "_restored", kind, id, 0);
        account.Webhooks.Raise("restore", entity);
        return true;
    }

    /// <summary>Takes a card out of tables and indexes.</summary>
    /// <param name="keepLinks">Leave the other ends of its links alone: somebody will move them.</param>
    public static void Remove(Account account, Entity entity, bool keepLinks)
    {
        Search.Unindex(account, entity);
        if (entity is Lead lead)
        {
            account.Leads.Remove(lead.Id);
            foreach (var id in keepLinks ? [] : lead.ContactIds)
                account.Contacts.Find(id)?.LeadIds.Remove(lead.Id);
            return;
        }
        account.Persons(entity.Kind).Remove(entity.Id);
        account.Hidden -= entity.IsHidden ? 1 : 0;
        foreach (var leadId in keepLinks ? [] : ((Person)entity).LeadIds)
        {
            if (account.Leads.Find(leadId) is { } linked)
                (linked.ContactIds, linked.CompanyIds) = (Without(linked.ContactIds, entity, Kind.Contact), Without(linked.CompanyIds, entity, Kind.Company));
        }
    }

    public static void LinkContact(Account account, Lead lead, long contactId, bool isMain)
    {
        var others = lead.ContactIds.Where(id => id != contactId);
        lead.ContactIds = isMain ? [contactId, .. others] : [.. others, contactId];
        if (account.Contacts.Find(contactId) is { } contact && !contact.LeadIds.Contains(lead.Id))
            contact.LeadIds.Add(lead.Id);
    }

    public static void LinkCompany(Account account, Lead lead, long companyId)
    {
        // A lead has one company.
        lead.CompanyIds = [companyId];
        if (account.Companies.Find(companyId) is { } company && !company.LeadIds.Contains(lead.Id))
            company.LeadIds.Add(lead.Id);
    }

    private static long[] Without(long[] ids, Entity gone, Kind kind) => gone.Kind == kind ? [.. ids.Where(id => id != gone.Id)] : ids;

    public static string StatusJson(long status, long pipeline) => $$"""[{"lead_status":{"id":{{status}},"pipeline_id":{{pipeline}} } }]""";

    public static string SaleJson(decimal price) => $$"""[{"sale_field_value":{"sale":{{Storage.Json.Of(price)}} } }]""";

    private static void Link(Account account, Lead lead, Draft draft)
    {
        foreach (var (id, isMain) in draft.ContactIds)
            LinkContact(account, lead, id, isMain);
        foreach (var id in draft.CompanyIds)
            LinkCompany(account, lead, id);
    }

    private static void Fill(Account account, Entity entity, Draft draft, bool isNew)
    {
        var now = account.Now;
        entity.Name = draft.Name ?? entity.Name;
        entity.ResponsibleUserId = draft.ResponsibleUserId ?? (isNew ? account.Directory.Users[0].Id : entity.ResponsibleUserId);
        entity.CreatedBy = draft.CreatedBy ?? entity.CreatedBy;
        entity.UpdatedBy = draft.UpdatedBy ?? (isNew ? entity.CreatedBy : 0);
        entity.CreatedAt = draft.CreatedAt ?? (isNew ? now : entity.CreatedAt);
        entity.UpdatedAt = draft.UpdatedAt ?? now;
        entity.Fields = Merge(entity.Fields, draft.Fields);
        FillTags(account, entity, draft);
        if (entity is Person person && (isNew || draft.FirstName is not null || draft.LastName is not null || draft.Name is not null))
            FillName(person, draft);
        if (entity is Lead lead)
            FillLead(account, lead, draft, now);
    }

    private static void FillTags(Account account, Entity entity, Draft draft)
    {
        if (draft.Tags is null && draft.TagsToAdd.Count + draft.TagsToDelete.Count == 0)
            return;
        var names = (draft.Tags ?? entity.Tags.Select(t => t.Name)).Concat(draft.TagsToAdd).Except(draft.TagsToDelete).Distinct();
        entity.Tags = [.. names.Select(n => account.TagNamed(entity.Kind, n))];
    }

    private static void FillName(Person person, Draft draft)
    {
        person.FirstName = draft.FirstName ?? (draft.Name is null ? person.FirstName : "");
        person.LastName = draft.LastName ?? (draft.Name is null ? person.LastName : "");
        if (draft.Name is null)
            person.Name = $"{person.FirstName} {person.LastName}".Trim();
    }

    private static void FillLead(Account account, Lead lead, Draft draft, long now)
    {
        lead.Price = draft.Price ?? lead.Price;
        lead.VisitorUid = draft.VisitorUid ?? lead.VisitorUid;
        lead.SourceExternalId = draft.SourceExternalId ?? lead.SourceExternalId;
        if (draft.PipelineId is { } pipeline && pipeline != lead.PipelineId)
            (lead.PipelineId, lead.StatusId) = (pipeline, account.Directory.Pipeline(pipeline)!.FirstStatusId);
        var wasClosed = lead.ClosedAt is not null;
        lead.StatusId = draft.StatusId ?? lead.StatusId;
        var isClosed = lead.StatusId is Directory.Won or Directory.Lost;
        lead.ClosedAt = !isClosed ? (account.Options.ReopenKeepsClosedAt ? lead.ClosedAt : null) : draft.ClosedAt ?? (wasClosed ? lead.ClosedAt : now);
        lead.LossReasonId = lead.StatusId == Directory.Lost ? draft.LossReasonId ?? lead.LossReasonId : null;
    }

    /// <summary>A field that is sent replaces all its values; a field that is not sent stays.</summary>
    private static FieldValues[] Merge(FieldValues[] old, List<FieldValues> sent)
    {
        if (sent.Count == 0)
            return old;
        var kept = old.Where(o => !sent.Exists(s => s.Field == o.Field));
        return [.. kept.Concat(sent.Where(s => s.Items.Length > 0))];
    }
}
