using System.Globalization;
using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>What a portal answers, as the deal reader's port wants it.</summary>
internal static class Bitrix24Rows
{
    /// <summary>No subject and no description: nothing that somebody said or wrote.</summary>
    public static readonly IReadOnlyList<string> ActivityNames =
    [
        "ID", "OWNER_ID", "OWNER_TYPE_ID", "TYPE_ID", "PROVIDER_ID", "DIRECTION", "CREATED", "START_TIME", "END_TIME", "DEADLINE", "COMPLETED", "RESPONSIBLE_ID", "AUTHOR_ID", "LAST_UPDATED",
    ];

    private static readonly string[] Common =
    [
        "ID", "TITLE", "OPPORTUNITY", "CURRENCY_ID", "ASSIGNED_BY_ID", "CONTACT_ID", "COMPANY_ID", "DATE_CREATE", "DATE_MODIFY", "MODIFY_BY_ID", "MOVED_TIME", "MOVED_BY_ID", "ORIGINATOR_ID", "ORIGIN_ID",
    ];

    public static IReadOnlyList<string> Names(DealKind kind, ConnectionSettings settings) => kind == DealKind.Deal
        ? [.. Common, "STAGE_ID", "STAGE_SEMANTIC_ID", "CATEGORY_ID", "LEAD_ID", "IS_RECURRING", .. settings.LostReasonField is { } field ? [field] : Array.Empty<string>()]
        : [.. Common, "STATUS_ID", "STATUS_SEMANTIC_ID", "DATE_CLOSED"];

    /// <returns>Null for a template of recurring deals.</returns>
    public static RemoteDeal? Deal(JsonElement row, DealKind kind, ConnectionSettings settings)
    {
        var stage = row.Get(kind == DealKind.Deal ? "STAGE_ID" : "STATUS_ID").Text();
        if (!row.Get("ID").TryId(out var id) || stage is null || row.Get("IS_RECURRING").Text() == "Y")
        {
            return null;
        }

        var state = State(row.Get(kind == DealKind.Deal ? "STAGE_SEMANTIC_ID" : "STATUS_SEMANTIC_ID").Text());
        var (updatedAt, movedAt) = (Moment(row.Get("DATE_MODIFY")), Moment(row.Get("MOVED_TIME")));
        return new RemoteDeal(new DealKey(kind, id))
        {
            Name = Words.Bound(row.Get("TITLE").Text(), 300, oneLine: true),
            PipelineId = kind == DealKind.Deal ? row.Get("CATEGORY_ID").Text() ?? "0" : null,
            StageId = stage,
            State = state,
            Amount = Money(row.Get("OPPORTUNITY")) ?? 0,
            Currency = row.Get("CURRENCY_ID").Text() is { Length: 3 } currency ? currency.ToUpper(CultureInfo.InvariantCulture) : null,
            ResponsibleId = Id(row.Get("ASSIGNED_BY_ID")),
            ContactIds = Id(row.Get("CONTACT_ID")) is { } contact ? [contact] : [],
            CompanyId = Id(row.Get("COMPANY_ID")),
            OurLeadId = row.Get("ORIGINATOR_ID").Text() == Bitrix24Cards.Originator && Guid.TryParse(row.Get("ORIGIN_ID").Text(), out var ours) ? ours : null,
            FromLeadId = Id(row.Get("LEAD_ID")),
            LostReasonId = state == "lost" ? Reason(row, kind, stage, settings) : null,
            CreatedAt = Moment(row.Get("DATE_CREATE")),
            UpdatedAt = updatedAt,
            UpdatedBy = Id(row.Get("MODIFY_BY_ID")),
            // CLOSEDATE is the planned close and may be edited.
            ClosedAt = state == "open" ? null : movedAt ?? Moment(row.Get("DATE_CLOSED")) ?? updatedAt,
            MovedAt = movedAt,
            MovedBy = Id(row.Get("MOVED_BY_ID")),
        };
    }

    /// <summary>Only rows of the pipeline that the deal is in now are listed, and nobody is named.</summary>
    public static RemoteMove? Move(JsonElement row, DealKind kind)
    {
        var stage = row.Get(kind == DealKind.Deal ? "STAGE_ID" : "STATUS_ID").Text();
        return Id(row.Get("ID")) is { } id && Id(row.Get("OWNER_ID")) is { } owner && Moment(row.Get("CREATED_TIME")) is { } at && stage is not null
            ? new RemoteMove(new DealKey(kind, owner), id.PadLeft(20, '0'), at, new RemotePlace(kind == DealKind.Deal ? row.Get("CATEGORY_ID").Text() ?? "0" : null, stage))
            {
                IsCreation = row.Get("TYPE_ID").Text() == "1",
            }
            : null;
    }

    public static RemoteProduct Product(JsonElement row) => new(
        Id(row.Get("productId")), Words.Bound(row.Get("productName").Text(), 300, oneLine: true), Money(row.Get("price")), Money(row.Get("quantity")) ?? 1);

    /// <summary>What is to be done, and what of it was: to-dos, meetings, tasks, and calls and letters that are planned.</summary>
    public static RemoteTask? Task(JsonElement row)
    {
        var isDone = row.Get("COMPLETED").Text() == "Y";
        if (Id(row.Get("ID")) is not { } id || (Contact(row) is not null && isDone))
        {
            return null;
        }

        var (type, updatedAt) = (row.Get("TYPE_ID").Text(), Moment(row.Get("LAST_UPDATED")));
        return new RemoteTask(id, Owner(row))
        {
            Kind = type switch { "1" => "meeting", "2" => "call", "4" => "email", _ => "task" },
            ResponsibleId = Id(row.Get("RESPONSIBLE_ID")),
            CreatedAt = Moment(row.Get("CREATED")),
            DueAt = Moment(row.Get("DEADLINE")) ?? Moment(row.Get("END_TIME")),
            IsDone = isDone,
            DoneAt = isDone ? updatedAt ?? Moment(row.Get("END_TIME")) : null,
            UpdatedAt = updatedAt,
        };
    }

    /// <summary>What took place: a call that telephony told of, and calls and letters that are done.</summary>
    public static RemoteTouch? Touch(JsonElement row) =>
        Id(row.Get("ID")) is { } id && Owner(row) is { } owner && Contact(row) is { } kind && (Moment(row.Get("START_TIME")) ?? Moment(row.Get("CREATED"))) is { } at
            && (row.Get("COMPLETED").Text() == "Y" || kind != "email" || row.Get("DIRECTION").Text() == "1")
            ? new RemoteTouch(id, owner, at, kind, row.Get("DIRECTION").Text() switch { "1" => "in", "2" => "out", _ => null }, Id(row.Get("RESPONSIBLE_ID")))
            : null;

    public static RemoteStage Stage(JsonElement row) => new(
        row.Get("STATUS_ID").Text() ?? "", Words.Bound(row.Get("NAME").Text(), 300, oneLine: true) ?? "", Sort(row.Get("SORT")), State(row.Get("SEMANTICS").Text()))
    {
        Color = RemoteStage.ColorOf(row.Get("COLOR").Text() ?? row.Get("EXTRA").Get("COLOR").Text()),
    };

    /// <summary>A field that people have added. Its title is its code: what people call it stands in the labels.</summary>
    public static RemoteField Field(string of, string code, JsonElement row)
    {
        var type = row.Get("type").Text() ?? "";
        var name = new[] { "formLabel", "listLabel", "filterLabel", "title" }.Select(l => Words.Bound(row.Get(l).Text(), 300, oneLine: true)).FirstOrDefault(l => l is not null);
        return new RemoteField(of, code, code, name ?? code, FieldType(type), Words.Short(type, 60))
        {
            IsMultiple = row.Get("isMultiple").Text() is "true",
            Choices = FieldType(type) != "choice" ? [] : [.. row.Get("items").Items().Where(i => Id(i.Get("ID")) is not null)
                .Select(i => new RemoteChoice(Id(i.Get("ID"))!, Words.Bound(i.Get("VALUE").Text(), 300, oneLine: true) ?? Id(i.Get("ID"))!)).DistinctBy(c => c.Value)],
        };
    }

    private static string FieldType(string type) => type switch
    {
        "string" or "address" => "text",
        "integer" or "double" or "money" => "number",
        "boolean" or "char" => "flag",
        "date" => "date",
        "datetime" => "moment",
        "url" => "link",
        "enumeration" => "choice",
        _ => "other",
    };

    public static int Sort(JsonElement? sort) => JsonRead.Number(sort) is { } number and > -1e9 and < 1e9 ? (int)number : 0;

    public static string? Id(JsonElement? element) => element.TryId(out var id) ? id : null;

    private static string State(string? semantic) => semantic switch { "S" => "won", "F" => "lost", _ => "open" };

    /// <returns>The kind of contact that an activity is; null for one that is none. A call that is only planned is none yet.</returns>
    private static string? Contact(JsonElement row) => (row.Get("TYPE_ID").Text(), row.Get("PROVIDER_ID").Text()) switch
    {
        (_, "VOXIMPLANT_CALL") => "call",
        (_, "IMOPENLINES_SESSION") => "message",
        (_, "CRM_SMS") => "sms",
        ("2", _) when row.Get("COMPLETED").Text() == "Y" => "call",
        ("4", _) => "email",
        _ => null,
    };

    private static RemoteOwner? Owner(JsonElement row)
    {
        var kind = row.Get("OWNER_TYPE_ID").Text() switch { "1" => "lead", "2" => "deal", "3" => "contact", "4" => "company", _ => null };
        return kind is not null && Id(row.Get("OWNER_ID")) is { } id ? new RemoteOwner(kind, id) : null;
    }

    private static string? Reason(JsonElement row, DealKind kind, string stage, ConnectionSettings settings)
    {
        if (kind == DealKind.Lead || settings.LostReasonField is not { } field)
        {
            return stage;
        }

        var value = row.Get(field);
        return (value.Items().Select(v => (JsonElement?)v).FirstOrDefault() ?? value).Text() is { } reason and not "false" ? Words.Bound(reason, 200, oneLine: true) : null;
    }

    private static decimal? Money(JsonElement? element) =>
        decimal.TryParse(element.Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) && decimal.Abs(amount) < 1_000_000_000_000_000m ? amount : null;

    private static DateTimeOffset? Moment(JsonElement? element) =>
        DateTimeOffset.TryParse(element.Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) && moment.Year is > 1970 and < 9000 ? moment : null;
}
