using LeadIngest.CrmEmulator.Doors;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Many made-up records at once: an account that has been in use for years.</summary>
internal sealed partial class Account
{
    private const int SeedChunk = 2_000;

    public void Seed(SeedPlan plan)
    {
        var now = Now;
        var contacts = new List<Person>(plan.Contacts);
        InChunks(plan.Contacts, i => contacts.Add(SeedPerson(Kind.Contact, $"Клиент{i}", plan, i, now - plan.Contacts + i)));
        InChunks(plan.Companies, i => SeedPerson(Kind.Company, $"Компания{i}", plan, plan.Contacts + i, now - plan.Companies + i));
        InChunks(plan.Deals, i => SeedLead(i, i < contacts.Count ? contacts[i] : null, plan.Closed ? now - ((plan.Deals - i) * 3600L) : now - plan.Deals + i, plan.Closed));
    }

    private void InChunks(int count, Action<int> add)
    {
        for (var start = 0; start < count; start += SeedChunk)
        {
            lock (Gate)
            {
                for (var i = start; i < Math.Min(start + SeedChunk, count); i++)
                    add(i);
            }
        }
    }

    private Person SeedPerson(Kind kind, string name, SeedPlan plan, int i, long at)
    {
        var person = new Person { Id = Persons(kind).NextId(), Kind = kind, Born = DateTimeOffset.UnixEpoch, Name = name, FirstName = name };
        Fill(person, at);
        var (phone, email) = (FieldsOf(kind).Find("PHONE"), FieldsOf(kind).Find("EMAIL"));
        var values = new List<FieldValues>(2);
        if (phone is not null)
            values.Add(new FieldValues(phone, [new FieldItem(plan.Phone(i), phone.Enums[0])]));
        if (email is not null)
            values.Add(new FieldValues(email, [new FieldItem(SeedPlan.Email(i), email.Enums[0])]));
        person.Fields = [.. values];
        Persons(kind).Add(person);
        Search.Index(this, person);
        return person;
    }

    private void SeedLead(int i, Person? contact, long at, bool closed)
    {
        var main = Directory.Main;
        var lead = new Lead { Id = Leads.NextId(), Kind = Kind.Lead, Born = DateTimeOffset.UnixEpoch, Name = $"Сделка{i}", PipelineId = main.Id, StatusId = main.FirstStatusId };
        Fill(lead, at);
        if (closed)
            SeedCourse(lead, i, at);
        Leads.Add(lead);
        Search.Index(this, lead);
        if (contact is not null)
            Store.LinkContact(this, lead, contact.Id, isMain: true);
    }

    /// <summary>Half an hour of work: priced, moved on, and two of three are closed.</summary>
    private void SeedCourse(Lead lead, int i, long at)
    {
        var (main, by) = (Directory.Main, lead.ResponsibleUserId);
        lead.Price = 1000 + i;
        Record("lead_added", Kind.Lead, lead.Id, by, at: at);
        Record("sale_field_changed", Kind.Lead, lead.Id, by, Store.SaleJson(lead.Price), Store.SaleJson(0), at + 60);
        var second = main.Statuses.Where(s => !s.IsIncoming).ElementAt(1).Id;
        Move(second, at + 600);
        if (i % 3 == 0)
            return;
        Move(i % 3 == 1 ? Amocrm.Directory.Won : Amocrm.Directory.Lost, at + 1800);
        lead.ClosedAt = at + 1800;
        if (i % 3 == 2)
            lead.LossReasonId = Directory.LossReasons[i % Directory.LossReasons.Length].Id;

        void Move(long to, long when)
        {
            Record("lead_status_changed", Kind.Lead, lead.Id, by, Store.StatusJson(to, main.Id), Store.StatusJson(lead.StatusId, main.Id), when);
            (lead.StatusId, lead.UpdatedAt) = (to, when);
        }
    }

    private void Fill(Entity entity, long at)
    {
        (entity.CreatedAt, entity.UpdatedAt) = (at, at);
        entity.ResponsibleUserId = Directory.Users[^1].Id;
    }
}
