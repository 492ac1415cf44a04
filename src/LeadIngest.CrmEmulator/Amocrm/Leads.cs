using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Leads, contacts and companies: the calls that are the same for all three.</summary>
internal static class Leads
{
    private const int BatchLimit = 250;

    public static Answer Add(Account account, Call call, Kind kind)
    {
        var (batch, refusal) = Batch<Draft>.Read(account, call.ReadJson(), BatchLimit, 422, item => DraftReader.Read(account, item, kind, isPatch: false));
        if (batch is null)
            return refusal!;
        var added = batch.Items.ConvertAll(i =>
        {
            Entity entity = kind == Kind.Lead ? Store.AddLead(account, i.Value) : Store.AddPerson(account, i.Value);
            return (i.RequestId, entity.Id, (long?)null);
        });
        return Shapes.Written(call, Shapes.Collection(kind), added);
    }

    public static Answer ChangeMany(Account account, Call call, Kind kind)
    {
        var (batch, refusal) = Batch<Draft>.Read(account, call.ReadJson(), BatchLimit, 422, item => ReadPatch(account, item, kind));
        if (batch is null)
            return refusal!;
        var changed = batch.Items.ConvertAll(i =>
        {
            var entity = account.Find(kind, i.Value.Id!.Value)!;
            Store.Change(account, entity, i.Value);
            return (i.RequestId, entity.Id, (long?)entity.UpdatedAt);
        });
        return Shapes.Written(call, Shapes.Collection(kind), changed);
    }

    public static Answer ChangeOne(Account account, Call call, Kind kind, long id)
    {
        if (call.ReadJson() is not JsonObject { Count: > 0 } body)
            return Problem.Empty();
        if (account.Find(kind, id) is not { } entity)
            return Problem.Plain(404, "Entity not found");
        var violations = new List<Violation>();
        body["id"] = id;
        var draft = DraftReader.Read(account, new ItemReader(body, violations), kind, isPatch: true);
        if (violations.Count > 0)
            return Problem.Invalid([("0", violations)]);
        Store.Change(account, entity, draft);
        return Answer.Json(200, Shapes.Hal, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("id", entity.Id);
            w.WriteNumber("updated_at", entity.UpdatedAt);
            Shapes.WriteSelf(w, $"{call.BaseUrl}/{call.Path}");
            w.WriteEndObject();
        });
    }

    public static Answer One(Account account, Call call, Kind kind, long id) =>
        account.Find(kind, id) is { } entity
            ? Shapes.One(account.Id, call.BaseUrl, entity, Shapes.ParseWith(call.QueryText("with")))
            : Answer.Empty(204);

    private static Draft ReadPatch(Account account, ItemReader item, Kind kind)
    {
        var draft = DraftReader.Read(account, item, kind, isPatch: true);
        if (draft.Id is null)
            item.Refuse(Violation.Missing("id"));
        else if (account.Find(kind, draft.Id.Value) is null)
            item.Refuse(Violation.NotSupported("id"));
        return draft;
    }
}
