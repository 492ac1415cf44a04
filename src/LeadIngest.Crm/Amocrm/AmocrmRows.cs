using System.Globalization;
using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>What amoCRM answers, as the deal reader's port wants it.</summary>
internal static class AmocrmRows
{
    private const string Won = "142";
    private const string Lost = "143";

    public static int PageOf(string? cursor) => int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? page : 1;

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static bool HasNext(JsonElement? body) => body.Get("_links").Get("next") is not null;

    public static DateTimeOffset? Moment(JsonElement? seconds) => JsonRead.Number(seconds) is { } s and > 0 and < 4e9 ? DateTimeOffset.FromUnixTimeSeconds((long)s) : null;

    public static string? Id(JsonElement? element) => element.TryId(out var id) ? id : null;

    public static decimal? Money(JsonElement? element) =>
        decimal.TryParse(element.Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) && decimal.Abs(amount) < 1_000_000_000_000_000m ? amount : null;

    public static RemoteDeal? Deal(JsonElement row, string? currency, AmocrmProducts products)
    {
        if (Id(row.Get("id")) is not { } id || row.Get("status_id").Text() is not { } stage || row.Get("is_deleted").Text() is "true")
        {
            return null;
        }

        var contacts = row.Get("_embedded").Get("contacts").Items().Select(c => (Id: Id(c.Get("id")), IsMain: c.Get("is_main").Text() == "true")).Where(c => c.Id is not null);
        var (updatedAt, closedAt, state) = (Moment(row.Get("updated_at")), Moment(row.Get("closed_at")), State(stage));
        return new RemoteDeal(new DealKey(DealKind.Deal, id))
        {
            Name = Words.Bound(row.Get("name").Text(), 300, oneLine: true),
            PipelineId = row.Get("pipeline_id").Text(),
            StageId = stage,
            State = state,
            Amount = Money(row.Get("price")) ?? 0,
            Currency = currency,
            ResponsibleId = Id(row.Get("responsible_user_id")),
            ContactIds = [.. contacts.OrderByDescending(c => c.IsMain).Select(c => c.Id!)],
            CompanyId = row.Get("_embedded").Get("companies").Items().Select(c => Id(c.Get("id"))).FirstOrDefault(c => c is not null),
            OurLeadId = OurId(row),
            LostReasonId = state == "lost" ? Id(row.Get("loss_reason_id")) : null,
            CreatedAt = Moment(row.Get("created_at")),
            UpdatedAt = updatedAt,
            UpdatedBy = Id(row.Get("updated_by")),
            ClosedAt = state == "open" ? null : closedAt ?? updatedAt,
            Products = products.Of(row),
        };
    }

    public static RemoteTask? Task(JsonElement row)
    {
        if (Id(row.Get("id")) is not { } id)
        {
            return null;
        }

        var isDone = row.Get("is_completed").Text() == "true";
        var kind = row.Get("entity_type").Text() switch { "leads" => "deal", "contacts" => "contact", "companies" => "company", _ => null };
        return new RemoteTask(id, kind is not null && Id(row.Get("entity_id")) is { } owner ? new RemoteOwner(kind, owner) : null)
        {
            Kind = row.Get("task_type_id").Text() switch { "1" => "call", "2" => "meeting", _ => "task" },
            ResponsibleId = Id(row.Get("responsible_user_id")),
            CreatedAt = Moment(row.Get("created_at")),
            DueAt = Moment(row.Get("complete_till")),
            IsDone = isDone,
            DoneAt = isDone ? Moment(row.Get("updated_at")) : null,
            UpdatedAt = Moment(row.Get("updated_at")),
        };
    }

    public static RemotePipeline? Pipeline(JsonElement row) => Id(row.Get("id")) is not { } id ? null : new RemotePipeline(
        DealKind.Deal, id, Words.Bound(row.Get("name").Text(), 300, oneLine: true) ?? id, Sort(row),
        [.. row.Get("_embedded").Get("statuses").Items().Where(s => Id(s.Get("id")) is not null).Select(Stage).OrderBy(s => s.Sort)])
    {
        IsMain = row.Get("is_main").Text() is "true",
        IsArchived = row.Get("is_archive").Text() is "true",
    };

    private static RemoteStage Stage(JsonElement row) => new(Id(row.Get("id"))!, Words.Bound(row.Get("name").Text(), 300, oneLine: true) ?? "", Sort(row), State(Id(row.Get("id"))!))
    {
        Color = RemoteStage.ColorOf(row.Get("color").Text()),
        IsIncoming = row.Get("type").Text() is "1",
    };

    public static RemoteReason? Reason(JsonElement row) =>
        Id(row.Get("id")) is { } id ? new RemoteReason(id, Words.Bound(row.Get("name").Text(), 300, oneLine: true) ?? id) : null;

    public static RemoteUser? User(JsonElement row) => Id(row.Get("id")) is { } id
        ? new RemoteUser(id, Words.Bound(row.Get("name").Text(), 200, oneLine: true) ?? id, row.Get("rights").Get("is_active").Text() is not "false")
        : null;

    /// <summary>A custom field. One with a code goes by it: what we fill by code anyway is then known to be the same.</summary>
    public static RemoteField? Field(JsonElement row, string of)
    {
        if (Id(row.Get("id")) is not { } id)
        {
            return null;
        }

        var type = row.Get("type").Text() ?? "";
        var code = row.Get("code").Text() is { Length: <= 100 } text && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !text.All(char.IsAsciiDigit) ? text : null;
        return new RemoteField(of, code ?? id, id, Words.Bound(row.Get("name").Text(), 300, oneLine: true) ?? code ?? id, FieldType(type), Words.Short(type, 60))
        {
            IsMultiple = type is "multiselect" or "multitext",
            Choices = FieldType(type) != "choice" ? [] : [.. row.Get("enums").Items().OrderBy(Sort)
                .Select(e => Words.Bound(e.Get("value").Text(), 300, oneLine: true)).OfType<string>().Distinct().Select(v => new RemoteChoice(v, v))],
        };
    }

    private static string FieldType(string type) => type switch
    {
        "text" or "textarea" or "streetaddress" or "tracking_data" or "multitext" => "text",
        "numeric" or "price" or "monetary" => "number",
        "checkbox" => "flag",
        "date" or "birthday" => "date",
        "date_time" => "moment",
        "url" => "link",
        "select" or "radiobutton" or "multiselect" or "category" => "choice",
        _ => "other",
    };

    private static int Sort(JsonElement row) => JsonRead.Number(row.Get("sort")) is { } sort and > -1e9 and < 1e9 ? (int)sort : 0;

    private static string State(string stage) => stage switch { Won => "won", Lost => "lost", _ => "open" };

    private static Guid? OurId(JsonElement row)
    {
        var values = row.Get("custom_fields_values").Items().Where(f => f.Get("field_code").Text() == AmocrmFields.LeadId)
            .SelectMany(f => f.Get("values").Items()).Select(v => v.Get("value").Text());
        var tags = row.Get("_embedded").Get("tags").Items().Select(t => t.Get("name").Text()).Where(n => n?.StartsWith("LI-", StringComparison.OrdinalIgnoreCase) == true).Select(n => n![3..]);
        return values.Concat(tags).Select(v => Guid.TryParse(v, out var id) ? id : (Guid?)null).FirstOrDefault(id => id is not null);
    }
}
