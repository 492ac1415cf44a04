using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary><c>/tasks</c>.</summary>
internal static class Tasks
{
    public static Answer Add(Account account, Call call)
    {
        var (batch, refusal) = Batch<Action<TodoTask>>.Read(account, call.ReadJson(), Lists.MaxLimit, 422, item => Read(account, item, isNew: true));
        if (batch is null)
            return refusal!;
        var added = batch.Items.ConvertAll(i =>
        {
            var task = new TodoTask { Id = account.Tasks.NextId(), CreatedAt = account.Now, UpdatedAt = account.Now, ResponsibleUserId = account.Directory.Users[0].Id };
            i.Value(task);
            account.Tasks.Add(task);
            return (i.RequestId, task.Id, (long?)null);
        });
        return Shapes.Written(call, "tasks", added);
    }

    public static Answer Change(Account account, Call call, long id)
    {
        if (account.Tasks.Find(id) is not { } task)
            return Problem.Plain(404, "Task not found");
        if (call.ReadJson() is not JsonObject { Count: > 0 } body)
            return Problem.Empty();
        var violations = new List<Violation>();
        var change = Read(account, new ItemReader(body, violations), isNew: false);
        if (violations.Count > 0)
            return Problem.Invalid([("0", violations)]);
        change(task);
        task.UpdatedAt = account.Now;
        return Answer.Json(200, Shapes.Hal, w => Write(w, account.Id, task));
    }

    public static Answer List(Account account, Call call)
    {
        IEnumerable<TodoTask> rows = account.Tasks.Rows;
        if (call.Query["filter"] is JsonObject filter)
        {
            var entity = filter["entity_id"] is { } ids ? EntityFilter.Range(ids) : null;
            var type = Json.Text(filter["entity_type"]);
            var updated = filter["updated_at"] is { } range ? EntityFilter.Range(range) : null;
            var isCompleted = Json.Text(filter["is_completed"]) is { } done ? done is "1" or "true" : (bool?)null;
            rows = rows.Where(t => (entity is null || (t.EntityId is { } id && entity(id))) && (type is null || t.EntityType == type)
                && (isCompleted is null || t.IsCompleted == isCompleted) && (updated is null || updated(t.UpdatedAt)));
        }
        if (string.Equals(Json.Text((call.Query["order"] as JsonObject)?["id"]), "desc", StringComparison.OrdinalIgnoreCase))
            rows = rows.Reverse();
        return Lists.Page(call, "tasks", rows, (w, task) => Write(w, account.Id, task));
    }

    /// <summary>A person sets a task, changes or finishes it, or removes it.</summary>
    /// <returns>Null: refused.</returns>
    public static long? Act(Account account, JsonObject act, List<Violation> violations)
    {
        if (Json.Integer(act["delete"]) is { } gone)
            return account.Tasks.Remove(gone) ? gone : null;
        var existing = Json.Integer(act["id"]) is { } id ? account.Tasks.Find(id) : null;
        if ((act["create"] ?? act["set"]) is not JsonObject given || (act["set"] is not null && existing is null))
            return null;
        var change = Read(account, new ItemReader((JsonObject)given.DeepClone(), violations), isNew: existing is null);
        if (violations.Count > 0)
            return null;
        var task = existing ?? new TodoTask { Id = account.Tasks.NextId(), CreatedAt = account.Now, ResponsibleUserId = account.Directory.Users[0].Id };
        change(task);
        task.UpdatedAt = account.Now;
        if (existing is null)
            account.Tasks.Add(task);
        return task.Id;
    }

    public static Answer One(Account account, long id) =>
        account.Tasks.Find(id) is { } task ? Answer.Json(200, Shapes.Hal, w => Write(w, account.Id, task)) : Answer.Empty(204);

    public static void Write(Utf8JsonWriter w, long accountId, TodoTask task)
    {
        w.WriteStartObject();
        w.WriteNumber("id", task.Id);
        w.WriteNumber("created_by", task.CreatedBy);
        w.WriteNumber("updated_by", task.CreatedBy);
        w.WriteNumber("created_at", task.CreatedAt);
        w.WriteNumber("updated_at", task.UpdatedAt);
        w.WriteNumber("responsible_user_id", task.ResponsibleUserId);
        w.WriteNumber("group_id", 0);
        w.WriteNumberOrNull("entity_id", task.EntityId);
        w.WriteString("entity_type", task.EntityType);
        w.WriteBoolean("is_completed", task.IsCompleted);
        w.WriteNumber("task_type_id", task.TaskTypeId);
        w.WriteString("text", task.Text);
        w.WriteNumber("complete_till", task.CompleteTill);
        // An object, or an empty array: PHP.
        if (task.ResultText is null)
        {
            w.WriteStartArray("result");
            w.WriteEndArray();
        }
        else
        {
            w.WriteStartObject("result");
            w.WriteString("text", task.ResultText);
            w.WriteEndObject();
        }
        w.WriteNumber("account_id", accountId);
        w.WriteEndObject();
    }

    private static Action<TodoTask> Read(Account account, ItemReader item, bool isNew)
    {
        var (text, till, entityId, entityType) = (item.Text("text", isNew), item.Int("complete_till", isNew), item.Int("entity_id"), item.Text("entity_type"));
        var (type, user, by, done) = (item.Int("task_type_id"), item.User("responsible_user_id", robot: false, account.Directory), item.User("created_by", robot: true, account.Directory), item.Flag("is_completed"));
        var result = Json.Text(item.Map("result")?["text"]);
        if (type is not (null or 1 or 2))
            item.Refuse(Violation.NotSupported("task_type_id"));
        Kind? kind = entityType switch { "leads" => Kind.Lead, "contacts" => Kind.Contact, "companies" => Kind.Company, _ => null };
        if (entityType is not null && kind is null)
            item.Refuse(Violation.NotSupported("entity_type"));
        if (kind is { } known && entityId is { } id && account.Find(known, id) is null)
            item.Refuse(Violation.NotSupported("entity_id"));
        return task =>
        {
            task.Text = text ?? task.Text;
            task.CompleteTill = till ?? task.CompleteTill;
            (task.EntityId, task.EntityType) = (entityId ?? task.EntityId, entityType ?? task.EntityType);
            task.TaskTypeId = type ?? task.TaskTypeId;
            task.ResponsibleUserId = user ?? task.ResponsibleUserId;
            task.CreatedBy = by ?? task.CreatedBy;
            task.IsCompleted = done ?? task.IsCompleted;
            task.ResultText = result ?? task.ResultText;
        };
    }
}
