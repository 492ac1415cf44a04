using LeadIngest.CrmEmulator.Doors;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Many made-up records at once: a portal that has been in use for years.</summary>
internal sealed partial class Portal
{
    private const int SeedChunk = 2_000;

    public string? Remember(System.Text.Json.Nodes.JsonObject given) => "a past can be given to amoCRM only";

    public void Seed(SeedPlan plan)
    {
        var now = Now;
        var contacts = new List<long>(plan.Contacts);
        InChunks(plan.Contacts, i => contacts.Add(SeedCard(Schema.Contact, "name", $"Клиент{i}", plan, i, now.AddSeconds(i - plan.Contacts))));
        InChunks(plan.Companies, i => SeedCard(Schema.Company, "title", $"Компания{i}", plan, plan.Contacts + i, now.AddSeconds(i - plan.Companies)));
        InChunks(plan.Deals, i => SeedDeal(i, i < contacts.Count ? contacts[i] : 0, plan.Closed ? now.AddHours(i - plan.Deals) : now.AddSeconds(i - plan.Deals), plan.Closed));
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

    private long SeedCard(int type, string nameField, string name, SeedPlan plan, int i, DateTimeOffset at)
    {
        var item = New(type, at);
        item.Set(SchemaOf(type)[nameField], name);
        item.Fm = [new Multi(NextMulti(), "PHONE", "WORK", plan.Phone(i)), new Multi(NextMulti(), "EMAIL", "WORK", SeedPlan.Email(i))];
        Put(item);
        return item.Id;
    }

    private void SeedDeal(int i, long contact, DateTimeOffset at, bool closed)
    {
        var (item, schema) = (New(Schema.Deal, at), SchemaOf(Schema.Deal));
        item.Set(schema["title"], $"Сделка{i}");
        item.Stage = Stages.First(Stages.Dictionary(Schema.Deal, 0));
        if (contact > 0)
        {
            item.Set(schema["contactId"], contact);
            item.Set(schema["contactIds"], new[] { contact });
        }
        if (closed)
            SeedCourse(item, i, at);
        Put(item);
    }

    /// <summary>Half an hour of work: priced, moved on, and two of three are closed.</summary>
    private void SeedCourse(Item item, int i, DateTimeOffset at)
    {
        item.Set(SchemaOf(Schema.Deal)["opportunity"], 1000m + i);
        Move(item.Stage!, at, 1);
        Move("EXECUTING", at.AddMinutes(10), 2);
        if (i % 3 > 0)
            Move(i % 3 == 1 ? "WON" : "LOSE", at.AddMinutes(30), 3);

        void Move(string to, DateTimeOffset when, int type)
        {
            (item.Stage, item.Moved, item.Updated, item.MovedBy) = (to, when, when, OwnerId);
            History.Add(new HistoryRow(History.Count + 1, type, Schema.Deal, item.Id, when, 0, to, Stages.SemanticOf(Schema.Deal, to, 0)));
        }
    }

    private Item New(int type, DateTimeOffset at)
    {
        var item = new Item(type, Items(type).NextId(), at) { MovedBy = OwnerId };
        item.Set(SchemaOf(type)["assignedById"], OwnerId);
        return item;
    }

    private void Put(Item item)
    {
        Items(item.Type).Add(item);
        ItemStore.Index(this, item, isAdd: true);
    }
}
