using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Tests.Walls;

/// <summary>Sessions behind the wall, without the service around them: what a query may see that names no project.</summary>
public class ProjectPoolTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Unscoped = "select project_id from leads order by id";

    /// <summary>A pool of one session, as the service's are set up or with no statement prepared.</summary>
    private ProjectPool One(bool prepares = true) => new(new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(api.Db)
    {
        MaxPoolSize = 1,
        MaxAutoPrepare = prepares ? 50 : 0,
        AutoPrepareMinUsages = 2,
    }.ConnectionString).Build());

    [Fact]
    public async Task Ten_thousand_sessions_of_two_projects_in_turn_on_one_connection_see_only_their_own()
    {
        var (one, other) = (await WithLeadAsync(), await WithLeadAsync());
        await using var pool = One();
        for (var i = 0; i < 10_000; i++)
        {
            var project = i % 2 == 0 ? one : other;
            await using var connection = await pool.OpenForAsync(project, CancellationToken.None);
            Assert.Equal([project], await connection.QueryAsync<Guid>(Unscoped));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_that_goes_back_to_the_pool_leaves_role_and_project_behind(bool prepares)
    {
        var project = await WithLeadAsync();
        await using var pool = One(prepares);
        int backend;
        await using (var walled = await pool.OpenForAsync(project, CancellationToken.None))
        {
            backend = walled.ProcessID;
            for (var i = 0; i < 3; i++) Assert.Equal(("leadingest_app", project.ToString()), await StandingAsync(walled));
        }
        for (var i = 0; i < 3; i++)
        {
            await using var plain = await pool.OpenConnectionAsync(CancellationToken.None);
            Assert.Equal(backend, plain.ProcessID);
            Assert.Equal((new NpgsqlConnectionStringBuilder(api.Db).Username, ""), await StandingAsync(plain));
            Assert.Equal("none", await plain.ExecuteScalarAsync<string>("show role"));
            Assert.Contains(project, await plain.QueryAsync<Guid>(Unscoped));
        }
    }

    [Fact]
    public async Task Without_a_project_every_table_is_empty()
    {
        await WithLeadAsync();
        await using var pool = One();
        for (var i = 0; i < 2; i++)
        {
            ProjectWall.Raise();
            // The second session finds an empty setting that the first one left, not an unknown one.
            await using var connection = await pool.OpenConnectionAsync(CancellationToken.None);
            foreach (var table in await TablesAsync()) Assert.Equal(0, await connection.ExecuteScalarAsync<long>($"select count(*) from {table}"));
        }
    }

    [Fact]
    public async Task Without_any_setting_the_role_sees_nothing()
    {
        await WithLeadAsync();
        await using var connection = new NpgsqlConnection(api.Db);
        await connection.OpenAsync();
        await connection.ExecuteAsync("set role leadingest_app");
        Assert.Empty(await connection.QueryAsync<Guid>(Unscoped));
    }

    [Fact]
    public async Task Rows_of_another_project_can_neither_be_written_nor_changed_nor_given_away()
    {
        var (own, other) = (await WithLeadAsync(), await WithLeadAsync());
        await using var pool = One();
        await using var connection = await pool.OpenForAsync(own, CancellationToken.None);

        var insert = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(
            "insert into shared_contacts (project_id, kind, value) values (@other, 'email', 'info@okna-plus.ru')", new { other }));
        var giveAway = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("update leads set project_id = @other", new { other }));

        Assert.All([insert, giveAway], e => Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, e.SqlState));
        Assert.Equal(0, await connection.ExecuteAsync("update leads set name = 'x' where project_id = @other", new { other }));
        Assert.Equal(0, await connection.ExecuteAsync("delete from leads where project_id = @other", new { other }));
        Assert.Equal(1, await connection.ExecuteAsync("update leads set status = 'repeat'"));
        Assert.Equal(1, await api.CountAsync("select count(*) from leads where project_id = @other and status = 'new'", new { other }));
        // What the triggers wrote of the change, they wrote as the role.
        Assert.True(await api.CountAsync("select count(*) from figure_marks where project_id = @own", new { own }) > 0);
    }

    [Fact]
    public async Task A_wall_that_cannot_be_raised_gives_no_session()
    {
        await using var pool = new ProjectPool(new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(api.Db) { MaxPoolSize = 1, Timeout = 2 }.ConnectionString).Build());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        for (var i = 0; i < 3; i++) await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pool.OpenForAsync(Guid.CreateVersion7(), cancelled.Token));
        // And none of the pool's is lost by it.
        await using var connection = await pool.OpenForAsync(Guid.CreateVersion7(), CancellationToken.None);
        Assert.Empty(await connection.QueryAsync<Guid>(Unscoped));
    }

    [Fact]
    public async Task The_role_is_nobody_and_may_touch_nothing_beyond_the_tables_of_projects()
    {
        Assert.Equal(1, await api.CountAsync("""
            select count(*) from pg_roles where rolname = 'leadingest_app' and not rolsuper and not rolbypassrls and not rolcanlogin and not rolcreaterole and not rolcreatedb and not rolreplication
            """));
        Assert.Equal(0, await api.CountAsync("select count(*) from pg_class where relowner = 'leadingest_app'::regrole"));
        Assert.Equal(0, await api.CountAsync("select count(*) from pg_auth_members where member = 'leadingest_app'::regrole"));
        Assert.Equal(0, await api.CountAsync("select count(*) from pg_proc where prosecdef and pronamespace = 'public'::regnamespace"));
        // How a CRM account stands that a connection of the project leads to.
        Assert.Equal(["crm_accounts: SELECT"], await api.ScalarAsync<string[]>("""
            select coalesce(array_agg(g order by g), '{}') from (
                select c.relname || ': ' || string_agg(p.privilege, ', ' order by p.privilege) as g
                from pg_class c cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p (privilege)
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'm', 'f')
                    and not exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'project_id')
                    and (has_table_privilege('leadingest_app', c.oid, p.privilege) or p.privilege in ('SELECT', 'INSERT', 'UPDATE') and has_any_column_privilege('leadingest_app', c.oid, p.privilege))
                group by c.relname) t
            """) ?? []);
        Assert.Equal(0, await api.CountAsync("""
            select count(*) from pg_class c cross join unnest(array['TRUNCATE', 'REFERENCES', 'TRIGGER']) p (privilege)
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and has_table_privilege('leadingest_app', c.oid, p.privilege)
            """));
    }

    [Fact]
    public async Task Nobody_behind_the_wall_gives_rights_away_or_mends_the_audit_log() => Assert.Equal(0, await api.CountAsync("""
        select count(*) from pg_class c cross join unnest(array['INSERT', 'UPDATE', 'DELETE']) p (privilege)
        where c.relnamespace = 'public'::regnamespace and c.relname in ('memberships', 'invitations', 'audit', 'audit_heads') and has_table_privilege('leadingest_app', c.oid, p.privilege)
        """));

    [Fact]
    public async Task The_state_of_a_CRM_account_is_shown_to_projects_that_have_a_connection_to_it()
    {
        var (own, other) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        await api.ConnectionAsync(own, host: "walls-own.amocrm.ru");
        await api.ConnectionAsync(other, host: "walls-other.amocrm.ru");
        await api.ExecuteAsync("insert into crm_accounts (account_key) values ('amocrm/walls-own.amocrm.ru'), ('amocrm/walls-other.amocrm.ru')");
        await using var pool = One();
        await using var connection = await pool.OpenForAsync(own.ProjectId, CancellationToken.None);
        Assert.Equal(["amocrm/walls-own.amocrm.ru"], await connection.QueryAsync<string>("select account_key from crm_accounts"));
    }

    private async Task<Guid> WithLeadAsync()
    {
        var project = await api.CreateProjectAsync();
        await api.LeadAsync(project);
        return project.ProjectId;
    }

    private async Task<string[]> TablesAsync() => (await api.ScalarAsync<string[]>("""
        select array_agg(c.oid::regclass::text) from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'project_id' where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
        """))!;

    private static Task<(string?, string?)> StandingAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<(string?, string?)>("select current_user::text, current_setting('app.project', true)");
}
