using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Tests.Schema;

/// <summary>Rules that every migration has to keep.</summary>
public sealed class SchemaTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await Migrator.ApplyAsync(_database.ConnectionString, CancellationToken.None);
    }

    public Task DisposeAsync() => _database.DisposeAsync().AsTask();

    [Fact]
    public async Task Every_key_starts_with_the_project()
    {
        await using var db = new NpgsqlConnection(_database.ConnectionString);
        var others = await db.QueryAsync<string>("""
            select c.relname || '.' || i.relname
            from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
            join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]
            where c.relnamespace = 'public'::regnamespace and x.indisunique and a.attname <> 'project_id'
              -- Of the installation, not of a project; see the end of 0001_foundation.sql and the beginning of 0021_access.sql.
              and c.relname not in ('schema_migrations', 'crm_accounts', 'data_protection_keys', 'users', 'sessions', 'password_resets', 'sign_in_failures', 'setup_codes')
            """);
        Assert.Empty(others);
    }

    [Fact]
    public async Task Every_table_with_a_project_stands_behind_a_wall()
    {
        await using var db = new NpgsqlConnection(_database.ConnectionString);
        var open = await db.QueryAsync<string>("""
            select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'project_id' and not a.attisdropped
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                and not (c.relrowsecurity and exists (
                    select 1 from pg_policy p where p.polrelid = c.oid and p.polroles = array['leadingest_app'::regrole::oid] and p.polcmd = '*' and p.polpermissive
                        and pg_get_expr(p.polqual, p.polrelid) = $$(project_id = (NULLIF(current_setting('app.project'::text, true), ''::text))::uuid)$$
                        and pg_get_expr(p.polwithcheck, p.polrelid) = pg_get_expr(p.polqual, p.polrelid))
                    -- No second policy that would show more: permissive ones are joined by or.
                    and (select count(*) from pg_policy p where p.polrelid = c.oid and p.polpermissive) = 1)
            """);
        Assert.True(!open.Any(), $"{string.Join(", ", open)}: end the migration that makes a table with `select raise_walls();`.");
    }

    [Fact]
    public async Task Every_view_reads_as_whoever_asks_it()
    {
        await using var db = new NpgsqlConnection(_database.ConnectionString);
        Assert.Empty(await db.QueryAsync<string>(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm') and not coalesce('security_invoker=true' = any(reloptions), false)"));
    }

    [Fact]
    public async Task A_second_migrator_finds_nothing_to_do() =>
        Assert.Empty(await Migrator.ApplyAsync(_database.ConnectionString, CancellationToken.None));

    [Fact]
    public async Task Ten_migrators_at_once_apply_each_file_once()
    {
        await using var fresh = await TestDatabase.CreateAsync();
        await using (var db = new NpgsqlConnection(fresh.ConnectionString)) await db.ExecuteAsync("drop schema public cascade; create schema public");

        var applied = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Migrator.ApplyAsync(fresh.ConnectionString, CancellationToken.None)));

        Assert.Single(applied, a => a.Count > 0);
    }

    [Fact]
    public async Task A_file_changed_after_it_was_applied_stops_the_start()
    {
        await using var db = new NpgsqlConnection(_database.ConnectionString);
        await db.ExecuteAsync("update schema_migrations set checksum = '\\x00' where name = '0001_foundation.sql'");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Migrator.ApplyAsync(_database.ConnectionString, CancellationToken.None));

        Assert.Contains("0001_foundation.sql", refusal.Message, StringComparison.Ordinal);
    }
}
