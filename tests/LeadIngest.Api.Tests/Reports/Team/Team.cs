using System.Text.Json;

namespace LeadIngest.Api.Tests.Reports.Team;

/// <summary>What a team does, as the other parts of the service leave it in the tables.</summary>
internal static class Team
{
    public const string Pipeline = "9100";

    /// <summary>A connection whose pipeline has the open stages 1, 2, 3, then 142 (won) and 143 (lost), two people, and two reasons.</summary>
    public static async Task<Guid> CrmAsync(this ApiFixture api, TestProject project)
    {
        var connection = await api.ConnectionAsync(project);
        await api.ExecuteAsync("""
            insert into crm_pipelines (project_id, connection_id, kind, id, name, sort) values (@P, @C, 'deal', '9100', 'Продажи', 1);
            insert into crm_stages (project_id, connection_id, kind, pipeline_id, id, name, sort, state)
            select @P, @C, 'deal', '9100', id, name, sort, state from unnest(array['1', '2', '3', '142', '143'], array['Новая', 'Разговор', 'Предложение', 'Успешно', 'Закрыто'], array[1, 2, 3, 4, 5],
                array['open', 'open', 'open', 'won', 'lost']) s (id, name, sort, state);
            insert into crm_users (project_id, connection_id, id, name, is_active) values (@P, @C, '31', 'Ольга', true), (@P, @C, '32', 'Сергей', true);
            insert into crm_lost_reasons (project_id, connection_id, id, name) values (@P, @C, '61', 'дорого'), (@P, @C, '62', 'не дозвонились')
            """, new { P = project.ProjectId, C = connection });
        return connection;
    }

    /// <summary>A deal and its course, one stage a day: <c>"1 2 143"</c>. A person moved it where a stage says so: <c>"1 2/31"</c>.</summary>
    public static async Task<Guid> CourseAsync(this ApiFixture api, TestProject project, Guid connection, long remoteId, DateTimeOffset made, string course, Guid? client = null, Guid? lead = null,
        string? responsible = "31", string? reason = null, decimal amount = 1_000, string pipeline = Pipeline, TimeSpan? step = null)
    {
        var stages = course.Split(' ').Select(s => s.Split('/')).ToArray();
        var last = stages[^1][0];
        var id = await api.DealAsync(project, connection, remoteId, client, lead, state: last switch { "142" => "won", "143" => "lost", _ => "open" }, amount: amount, pipeline: pipeline, stage: last,
            responsible: responsible, createdAt: made);
        await api.ExecuteAsync("""
            delete from stage_changes where project_id = @P and deal_id = @Id;
            insert into stage_changes (project_id, deal_id, n, at, from_pipeline_id, from_stage_id, pipeline_id, stage_id, by_id, origin)
            select @P, @Id, n - 1, @Made + (n - 1) * @Step, case when n > 1 then @Pipeline end, lag(stage) over (order by n), @Pipeline, stage, nullif(person, ''), 'history'
            from unnest(@Stages, @People) with ordinality s (stage, person, n);
            update deals set lost_reason_id = @Reason, contact_id = '7' where project_id = @P and id = @Id
            """, new
        {
            P = project.ProjectId,
            Id = id,
            Made = made,
            Step = step ?? TimeSpan.FromDays(1),
            Pipeline = pipeline,
            Stages = stages.Select(s => s[0]).ToArray(),
            People = stages.Select(s => s.Length > 1 ? s[1] : "").ToArray(),
            Reason = reason,
        });
        return id;
    }

    /// <summary>A call that is over.</summary>
    public static async Task<Guid> HeardAsync(this ApiFixture api, TestProject project, DateTimeOffset at, string outcome, string? phone = "+79161234567", string direction = "in", string? employee = null, int? wait = null,
        int? talk = null, Guid? client = null, Guid? lead = null, string line = "+74950000001")
    {
        var id = Guid.CreateVersion7(at);
        await api.ExecuteAsync("""
            insert into calls (project_id, id, sender_id, site_id, provider, external_id, direction, phase, outcome, client_phone, line_phone, employee, started_at, wait_seconds, talk_seconds, client_id, lead_id,
                first_seen_at, last_seen_at)
            values (@P, @Id, @Id, @SiteId, 'generic', @Id::text, @Direction, 'ended', @Outcome, @Phone, @Line, @Employee, @At, @Wait, @Talk, @Client, @Lead, @At, @At)
            """, new { P = project.ProjectId, Id = id, project.SiteId, Direction = direction, Outcome = outcome, Phone = phone, Line = line, Employee = employee, At = at, Wait = wait, Talk = talk, Client = client, Lead = lead });
        if (lead is not null) await api.ExecuteAsync("update leads set call_id = @Id where project_id = @P and id = @Lead", new { P = project.ProjectId, Id = id, Lead = lead });
        return id;
    }

    public static Task<int> TouchedAsync(this ApiFixture api, TestProject project, Guid connection, string owner, long ownerId, DateTimeOffset at, string? by, string kind = "message", string direction = "out") => api.ExecuteAsync("""
        insert into crm_touches (project_id, connection_id, id, owner_kind, owner_id, at, kind, direction, by_id) values (@P, @C, gen_random_uuid()::text, @Owner, @OwnerId, @At, @Kind, @Direction, @By)
        """, new { P = project.ProjectId, C = connection, Owner = owner, OwnerId = ownerId, At = at, By = by, Kind = kind, Direction = direction });

    /// <summary>The item of a report with this key.</summary>
    public static JsonElement Item(this JsonElement items, string key) => items.EnumerateArray().Single(i => i.GetProperty("group").GetProperty("key").GetString() == key);

    public static long Long(this JsonElement json, params string[] path) => path.Aggregate(json, (j, name) => j.GetProperty(name)).GetInt64();

    public static decimal? Value(this JsonElement json, params string[] path) =>
        path.Aggregate(json, (j, name) => j.GetProperty(name)).GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDecimal() : null;

    /// <summary>The field that a refusal names.</summary>
    public static async Task<string[]> RefusedAsync(this ApiFixture api, TestProject project, string path) =>
        [.. (await (await api.GetAsync(project, path)).ProblemAsync(400)).GetProperty("errors").EnumerateObject().Select(e => e.Name)];

    public static async Task<string> CsvAsync(this ApiFixture api, TestProject project, string path)
    {
        var answer = await api.GetAsync(project, path);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        return (await answer.Content.ReadAsStringAsync()).TrimStart('\ufeff').ReplaceLineEndings("\n");
    }
}
