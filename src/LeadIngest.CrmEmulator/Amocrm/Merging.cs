namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>A person finds two cards of one client or one sale and makes one of them.</summary>
internal static class Merging
{
    public static void Merge(Account account, Entity keep, Entity gone, long by)
    {
        Store.Remove(account, gone, keepLinks: true);
        Search.Unindex(account, keep);
        keep.Fields = Unite(keep.Fields, gone.Fields);
        keep.Tags = [.. keep.Tags.Union(gone.Tags)];
        (keep.UpdatedAt, keep.UpdatedBy) = (account.Now, by);
        Search.Index(account, keep);
        if (keep is Lead lead)
            TakeContacts(account, lead, (Lead)gone);
        else
            TakeLeads(account, (Person)keep, (Person)gone);
        MoveNotes(account, keep, gone);
        if (account.Options.MergeEvent is "keep" or "both")
            account.Record("entity_merged", keep.Kind, keep.Id, by);
        if (account.Options.MergeEvent is "gone" or "both")
            account.Record("entity_merged", gone.Kind, gone.Id, by);
        if (account.Options.MergeDeletes)
            account.Record(gone.Kind.ToString().ToLowerInvariant() + "_deleted", gone.Kind, gone.Id, by);
        account.Webhooks.Raise("update", keep);
        account.Webhooks.Raise("delete", gone);
    }

    /// <summary>Phones and e-mails of both; of other fields the value of the card that stays.</summary>
    private static FieldValues[] Unite(FieldValues[] keep, FieldValues[] gone)
    {
        var all = keep.ToList();
        foreach (var values in gone)
        {
            var at = all.FindIndex(v => v.Field == values.Field);
            if (at < 0)
                all.Add(values);
            else if (values.Field.IsMultiText)
                all[at] = all[at] with { Items = [.. all[at].Items, .. values.Items.Where(n => !Array.Exists(all[at].Items, o => o.Value == n.Value))] };
        }
        return [.. all];
    }

    private static void TakeContacts(Account account, Lead keep, Lead gone)
    {
        foreach (var id in gone.ContactIds)
        {
            account.Contacts.Find(id)?.LeadIds.Remove(gone.Id);
            Store.LinkContact(account, keep, id, isMain: keep.ContactIds.Length == 0 || keep.ContactIds[0] == id);
        }
        foreach (var id in gone.CompanyIds)
            account.Companies.Find(id)?.LeadIds.Remove(gone.Id);
        if (keep.CompanyIds.Length == 0 && gone.CompanyIds.Length > 0)
            Store.LinkCompany(account, keep, gone.CompanyIds[0]);
    }

    private static void TakeLeads(Account account, Person keep, Person gone)
    {
        foreach (var lead in gone.LeadIds.ToList().Select(account.Leads.Find).OfType<Lead>())
        {
            if (gone.Kind == Kind.Contact)
                lead.ContactIds = [.. lead.ContactIds.Select(id => id == gone.Id ? keep.Id : id).Distinct()];
            else
                lead.CompanyIds = [keep.Id];
            if (!keep.LeadIds.Contains(lead.Id))
                keep.LeadIds.Add(lead.Id);
        }
    }

    private static void MoveNotes(Account account, Entity keep, Entity gone)
    {
        if (!account.NotesOf.Remove((gone.Kind, gone.Id), out var notes))
            return;
        if (!account.NotesOf.TryGetValue((keep.Kind, keep.Id), out var list))
            account.NotesOf[(keep.Kind, keep.Id)] = list = [];
        list.AddRange(notes.Select(n => account.Notes.Replace(n with { EntityId = keep.Id })));
    }
}
