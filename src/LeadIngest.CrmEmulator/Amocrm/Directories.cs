using System.Text.Json;
using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Account, pipelines, users, reasons of loss, tags.</summary>
internal static class Directories
{
    public static Answer Account(Account account, Call call)
    {
        var with = (call.QueryText("with") ?? "").Split(',');
        return Answer.Json(200, Shapes.Hal, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("id", account.Id);
            w.WriteString("name", "Эмулятор amoCRM");
            w.WriteString("subdomain", account.Subdomain);
            w.WriteNumber("current_user_id", account.Directory.Users[0].Id);
            w.WriteString("country", "RU");
            w.WriteString("currency", account.Options.Currency);
            w.WriteString("currency_symbol", account.Options.Currency == "RUB" ? "₽" : account.Options.Currency);
            w.WriteBoolean("is_unsorted_on", true);
            w.WriteBoolean("is_loss_reason_enabled", true);
            if (with.Contains("is_api_filter_enabled"))
                w.WriteBoolean("is_api_filter_enabled", account.Options.ApiFilter);
            if (with.Contains("version"))
                w.WriteNumber("version", 14);
            Shapes.WriteSelf(w, $"{call.BaseUrl}/{call.Path}");
            w.WriteStartObject("_embedded");
            if (with.Contains("datetime_settings"))
            {
                w.WriteStartObject("datetime_settings");
                w.WriteString("timezone", "Europe/Moscow");
                w.WriteString("timezone_offset", "+03:00");
                w.WriteEndObject();
            }
            if (with.Contains("task_types"))
                WriteTaskTypes(w);
            w.WriteEndObject();
            w.WriteEndObject();
        });
    }

    public static Answer Pipelines(Account account, Call call) =>
        Lists.Whole(call, "pipelines", account.Directory.Pipelines, (w, p) => WritePipeline(w, account.Id, p));

    public static Answer Pipeline(Account account, long id) =>
        account.Directory.Pipeline(id) is { } pipeline ? Answer.Json(200, Shapes.Hal, w => WritePipeline(w, account.Id, pipeline)) : Answer.Empty(204);

    public static Answer Users(Account account, Call call) => Lists.Page(call, "users", account.Directory.Users, (w, user) =>
    {
        w.WriteStartObject();
        w.WriteNumber("id", user.Id);
        w.WriteString("name", user.Name);
        w.WriteString("email", user.Email);
        w.WriteString("lang", "ru");
        w.WriteStartObject("rights");
        w.WriteBoolean("is_admin", user.IsAdmin);
        w.WriteBoolean("is_free", false);
        w.WriteBoolean("is_active", user.IsActive);
        w.WriteNull("group_id");
        w.WriteEndObject();
        w.WriteEndObject();
    });

    public static Answer LossReasons(Account account, Call call) => Lists.Whole(call, "loss_reasons", account.Directory.LossReasons, (w, reason) =>
    {
        w.WriteStartObject();
        w.WriteNumber("id", reason.Id);
        w.WriteString("name", reason.Name);
        w.WriteNumber("sort", 100);
        w.WriteNumber("created_at", 1_700_000_000);
        w.WriteNumber("updated_at", 1_700_000_000);
        w.WriteEndObject();
    });

    public static Answer Tags(Account account, Call call, Kind kind)
    {
        var query = call.QueryText("query");
        return Lists.Page(call, "tags", account.TagsOf(kind).Where(t => query is null || t.Name.Contains(query, StringComparison.OrdinalIgnoreCase)), WriteTag);
    }

    public static Answer AddTags(Account account, Call call, Kind kind)
    {
        var (batch, refusal) = Batch<string>.Read(account, call.ReadJson(), Lists.MaxLimit, 422, item => item.Text("name", required: true) ?? "");
        if (batch is null)
            return refusal!;
        var tags = batch.Items.ConvertAll(i => account.TagNamed(kind, i.Value));
        return Lists.Whole(call, "tags", tags, WriteTag);
    }

    private static void WriteTag(Utf8JsonWriter w, Tag tag)
    {
        w.WriteStartObject();
        w.WriteNumber("id", tag.Id);
        w.WriteString("name", tag.Name);
        w.WriteNull("color");
        w.WriteEndObject();
    }

    private static void WriteTaskTypes(Utf8JsonWriter w)
    {
        w.WriteStartArray("task_types");
        foreach (var (id, name, code) in new[] { (1, "Связаться", "FOLLOW_UP"), (2, "Встреча", "MEETING") })
        {
            w.WriteStartObject();
            w.WriteNumber("id", id);
            w.WriteString("name", name);
            w.WriteString("code", code);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WritePipeline(Utf8JsonWriter w, long accountId, Pipeline pipeline)
    {
        w.WriteStartObject();
        w.WriteNumber("id", pipeline.Id);
        w.WriteString("name", pipeline.Name);
        w.WriteNumber("sort", pipeline.Sort);
        w.WriteBoolean("is_main", pipeline.IsMain);
        w.WriteBoolean("is_unsorted_on", true);
        w.WriteBoolean("is_archive", false);
        w.WriteNumber("account_id", accountId);
        w.WriteStartObject("_embedded");
        w.WriteStartArray("statuses");
        foreach (var status in pipeline.Statuses)
        {
            w.WriteStartObject();
            w.WriteNumber("id", status.Id);
            w.WriteString("name", status.Name);
            w.WriteNumber("sort", status.Sort);
            w.WriteBoolean("is_editable", !status.IsIncoming && status.Id is not (Directory.Won or Directory.Lost));
            w.WriteNumber("pipeline_id", pipeline.Id);
            w.WriteString("color", Color(pipeline, status));
            w.WriteNumber("type", status.IsIncoming ? 1 : 0);
            w.WriteNumber("account_id", accountId);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
        w.WriteEndObject();
    }

    /// <summary>As a new account has them: grey for what has come in, pale ones on the way, green and grey at the end.</summary>
    private static string Color(Pipeline pipeline, Status status) => status.IsIncoming ? "#c1c1c1" : status.Id switch
    {
        Directory.Won => "#CCFF66",
        Directory.Lost => "#D5D8DB",
        _ => OpenColors[Array.IndexOf(pipeline.Statuses, status) % OpenColors.Length],
    };

    private static readonly string[] OpenColors = ["#fffeb2", "#99ccff", "#ffff99", "#ffcc66", "#ffcccc"];
}
