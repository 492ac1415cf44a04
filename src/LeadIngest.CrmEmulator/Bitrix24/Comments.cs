using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary><c>crm.timeline.comment.*</c>: no external id, never deduplicated.</summary>
internal static class Comments
{
    private static readonly string[] Types = ["lead", "deal", "contact", "company"];

    public static Reply Add(Portal portal, JsonObject parameters)
    {
        // Lower case only: "FIELDS" is not understood here.
        if (parameters["fields"] is not JsonObject fields)
            throw RestException.Missing("fields");
        if (Json.Text(fields["COMMENT"]) is not { } text || string.IsNullOrWhiteSpace(text))
            throw RestException.Argument("Empty comment message");
        var type = (Json.Text(fields["ENTITY_TYPE"]) ?? "").ToLowerInvariant();
        if (TypeOf(type) is not { } entityType || Json.Integer(fields["ENTITY_ID"]) is not { } id || portal.Items(entityType).Find(id) is null)
            throw new RestException(400, "OWNER_NOT_FOUND", "Владелец не найден");
        return Reply.Number(Store(portal, type, id, text).Id);
    }

    public static Comment Store(Portal portal, string type, long id, string text)
    {
        var comment = new Comment(portal.Comments.NextId(), type, id, text, portal.Caller.UserId, portal.Now);
        portal.Comments.Add(comment);
        if (!portal.CommentsOf.TryGetValue((type, id), out var list))
            portal.CommentsOf[(type, id)] = list = [];
        list.Add(comment);
        portal.Events.Raise("ONCRMTIMELINECOMMENTADD", comment.Id);
        return comment;
    }

    public static Reply List(Portal portal, JsonObject parameters)
    {
        var filter = parameters["filter"] as JsonObject;
        var type = (Json.Text(filter?["ENTITY_TYPE"] ?? filter?["=ENTITY_TYPE"]) ?? "").ToLowerInvariant();
        if (Json.Integer(filter?["ENTITY_ID"] ?? filter?["=ENTITY_ID"]) is not { } id || type.Length == 0)
            throw RestException.Argument("ENTITY_ID and ENTITY_TYPE are required in filter");
        var rows = portal.CommentsOf.GetValueOrDefault((type, id)) ?? [];
        var start = (int)Math.Clamp(Json.Integer(parameters["start"]) ?? 0, 0, int.MaxValue);
        return new Reply(Json.Write(w =>
        {
            w.WriteStartArray();
            foreach (var comment in rows.Skip(start).Take(ItemLists.PageSize))
                Write(w, comment);
            w.WriteEndArray();
        }), rows.Count, start + ItemLists.PageSize < rows.Count ? start + ItemLists.PageSize : null);
    }

    public static void Write(Utf8JsonWriter w, Comment comment)
    {
        w.WriteStartObject();
        w.WriteString("ID", Json.Of(comment.Id));
        w.WriteString("ENTITY_ID", Json.Of(comment.EntityId));
        w.WriteString("ENTITY_TYPE", comment.EntityType);
        w.WriteString("CREATED", Envelope.Moment(comment.Created));
        w.WriteString("COMMENT", comment.Text);
        w.WriteString("AUTHOR_ID", Json.Of(comment.AuthorId));
        w.WriteEndObject();
    }

    public static Reply Get(Portal portal, JsonObject parameters)
    {
        var comment = Find(portal, parameters);
        return Reply.Of(w => Write(w, comment));
    }

    public static Reply Update(Portal portal, JsonObject parameters)
    {
        var old = Find(portal, parameters);
        if (Json.Text((parameters["fields"] as JsonObject)?["COMMENT"]) is not { } text || string.IsNullOrWhiteSpace(text))
            throw RestException.Argument("Empty comment message");
        var changed = portal.Comments.Replace(old with { Text = text });
        var list = portal.CommentsOf[(old.EntityType, old.EntityId)];
        list[list.IndexOf(old)] = changed;
        portal.Events.Raise("ONCRMTIMELINECOMMENTUPDATE", old.Id);
        return Reply.True();
    }

    public static Reply Delete(Portal portal, JsonObject parameters)
    {
        var old = Find(portal, parameters);
        portal.Comments.Remove(old.Id);
        portal.CommentsOf[(old.EntityType, old.EntityId)].Remove(old);
        portal.Events.Raise("ONCRMTIMELINECOMMENTDELETE", old.Id);
        return Reply.True();
    }

    private static Comment Find(Portal portal, JsonObject parameters) =>
        portal.Comments.Find(Json.Integer(parameters["id"] ?? parameters["ID"]) ?? 0) ?? throw RestException.Classic("Not found");

    public static int? TypeOf(string type) => Array.IndexOf(Types, type) is >= 0 and var at ? at + 1 : null;
}
