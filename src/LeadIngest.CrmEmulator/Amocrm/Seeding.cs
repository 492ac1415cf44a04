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
        InChunks(plan.Deals, i => SeedLead(i, i < contacts.Count ? contacts[i] : null, now - plan.Deals + i));
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

    private void SeedLead(int i, Person? contact, long at)
    {
        var main = Directory.Main;
        var lead = new Lead { Id = Leads.NextId(), Kind = Kind.Lead, Born = DateTimeOffset.UnixEpoch, Name = $"Сделка{i}", PipelineId = main.Id, StatusId = main.FirstStatusId };
        Fill(lead, at);
        Leads.Add(lead);
        Search.Index(this, lead);
        if (contact is not null)
            Store.LinkContact(this, lead, contact.Id, isMain: true);
    }

    private void Fill(Entity entity, long at)
    {
        (entity.CreatedAt, entity.UpdatedAt) = (at, at);
        entity.ResponsibleUserId = Directory.Users[^1].Id;
    }
}
