using Npgsql;

namespace LeadIngest.Api.Data;

/// <summary>The role as which logged-in requests read and write. Roles belong to the server, not to the database: no numbered file can make it, and a restored dump does not bring it.</summary>
internal static class WallRole
{
    public const string Name = "leadingest_app";

    /// <summary>Makes the role where it is missing, and lets this login take it.</summary>
    /// <exception cref="SettingException">The login may not; or a role of that name sees more than row-level security shows.</exception>
    public static async Task EnsureAsync(NpgsqlConnection db, CancellationToken ct)
    {
        try
        {
            await ExecuteAsync(db, Make, ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            var login = (string)(await ScalarAsync(db, "select quote_ident(current_user)", ct))!;
            throw new SettingException($"The database login {login} may not make or take the role {Name}, as which logged-in requests read. Let an administrator of the server run once: "
                + $"CREATE ROLE {Name} NOLOGIN; GRANT {Name} TO {login};");
        }
        if (await ScalarAsync(db, $"select rolsuper or rolbypassrls from pg_roles where rolname = '{Name}'", ct) is true)
            throw new SettingException($"The role {Name} is a superuser or has BYPASSRLS: row-level security would hide nothing from it. Run: ALTER ROLE {Name} NOSUPERUSER NOBYPASSRLS;");
    }

    /// <summary>What runs without a request serves all projects: a login that is subject to the walls would find nothing.</summary>
    /// <exception cref="SettingException">The login owns the tables neither itself nor as a member of their owner.</exception>
    public static async Task CheckOwnerAsync(NpgsqlConnection db, CancellationToken ct)
    {
        if (await ScalarAsync(db, "select quote_ident(current_user) || ' is not a member of ' || quote_ident(tableowner) from pg_tables where schemaname = 'public' and tablename = 'leads' and row_security_active('public.leads')", ct) is string why)
            throw new SettingException($"The service has to use a database login that owns its tables, or row-level security hides everything from it: {why}.");
    }

    /// <summary>Reports may be read by a login of their own, of a replica. A server that cannot be asked now does not hold up the start: reports find out.</summary>
    /// <exception cref="SettingException">That login may not take the role.</exception>
    public static async Task CheckReportsAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var db = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 2, CommandTimeout = 2 }.ConnectionString);
            await db.OpenAsync(ct);
            // A replica may not have heard of the role yet.
            if (await ScalarAsync(db, $"select quote_ident(current_user) from pg_roles where rolname = '{Name}' and not {MayTake}", ct) is string login)
                throw new SettingException($"ConnectionStrings__PostgresReports: the login {login} may not take the role {Name}, as which reports are read. Let an administrator of the server run once: GRANT {Name} TO {login};");
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
        }
    }

    // From version 16 on a member may be allowed to see what the role sees and yet not to become it.
    private const string MayTake = $"pg_has_role('{Name}', case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)";

    // Databases of one server may be migrated at the same moment. Whoever comes second waits for the first and finds the role.
    private const string Make = $"""
        do $$
        begin
            if not exists (select 1 from pg_roles where rolname = '{Name}') then
                begin
                    create role {Name} nologin;
                exception when duplicate_object or unique_violation then
                    null;
                end;
            end if;
            if not {MayTake} then
                grant {Name} to current_user;
            end if;
        end $$
        """;

    private static async Task ExecuteAsync(NpgsqlConnection db, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, db);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection db, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, db);
        return await command.ExecuteScalarAsync(ct);
    }
}
