using LeadIngest.Benchmarks;

namespace LeadIngest.Api.Tests.Benchmarks;

/// <summary>The history that the reports are measured on, a thousandth of it.</summary>
public sealed class BigHistoryTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const double Scale = 0.001;
    private static readonly DateOnly LastDay = new(2026, 10, 31);

    [Fact]
    public async Task A_big_history_holds_together_and_leaves_the_schema_as_it_was()
    {
        var project = await api.CreateProjectAsync();
        var schema = await api.ScalarAsync<string>(Schema);
        var size = await new BigHistory(api.Db, project.ProjectId).StoreAsync(Scale, LastDay, CancellationToken.None);

        Assert.Equal(schema, await api.ScalarAsync<string>(Schema));
        Assert.Equal(new BigHistorySize(10_000, 2_000, 400), size);
        var p = new { P = project.ProjectId };
        Assert.Equal((size.Visits, size.Leads, size.Deals), (await api.CountAsync("select count(*) from visits where project_id = @P", p), await api.CountAsync("select count(*) from leads where project_id = @P", p),
            await api.CountAsync("select count(*) from deals where project_id = @P", p)));
        Assert.Equal(0, await api.CountAsync("select count(*) from leads l where project_id = @P and not exists (select 1 from visits v where v.project_id = l.project_id and v.id::text = l.visit_id and v.visitor_id::text = l.visitor_id and v.started_at < l.received_at and v.keyword is not distinct from l.keyword)", p));
        Assert.Equal(0, await api.CountAsync("select count(*) from leads l where project_id = @P and status <> 'spam' and not exists (select 1 from identities i where i.project_id = l.project_id and i.kind = 'phone' and i.value = l.phone and i.client_id = l.client_id)", p));
        Assert.Equal(0, await api.CountAsync("select count(*) from deals d where project_id = @P and not exists (select 1 from clients c where c.project_id = d.project_id and c.id = d.client_id)", p));
        Assert.Equal(0, await api.CountAsync("select count(*) from leads l where project_id = @P and kind = 'call' and not exists (select 1 from calls c where c.project_id = l.project_id and c.id = l.call_id and c.lead_id = l.id)", p));
        // Without a gap: each step begins where the one before ended, the last ends where the deal stands.
        Assert.Equal(0, await api.CountAsync("""
            select count(*) from (select s.*, lag(stage_id) over w as before, lead(n) over w as next from stage_changes s where project_id = @P window w as (partition by deal_id order by n)) s
            join deals d on d.project_id = s.project_id and d.id = s.deal_id where s.from_stage_id is distinct from s.before or (s.next is null and s.stage_id <> d.stage_id)
            """, p));
        Assert.Equal(0, await api.CountAsync("select count(*) from deals d where project_id = @P and amount <> (select amount from deal_changes c where c.project_id = d.project_id and c.deal_id = d.id order by n desc limit 1)", p));
        Assert.InRange(await api.CountAsync("select count(*) from stage_changes where project_id = @P", p), 3 * size.Deals, 5 * size.Deals);
        Assert.Equal(1096, await api.CountAsync("select count(distinct (started_at at time zone 'Europe/Moscow')::date) from visits where project_id = @P", p));
        Assert.Equal(1096, await api.CountAsync("select count(distinct day) from spend where project_id = @P and current", p));
        Assert.True(await api.CountAsync("select count(*) from (select from deals where project_id = @P group by client_id having count(*) > 1) repeats", p) > 10);
        Assert.Equal(0, await api.CountAsync("select count(*) from deals where project_id = @P and greatest(created_at, closed_at, moved_at) > date '2026-11-01'", p));
    }

    private const string Schema = """
        select string_agg(line, E'\n' order by line) from (select indexdef from pg_indexes where schemaname = 'public' union all
            select conrelid::regclass || conname || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace union all
            select nspname from pg_namespace) s (line)
        """;
}
