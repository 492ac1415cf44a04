using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Tests.Walls;

/// <summary>What the start does about the role of the walls, for logins that are no superusers.</summary>
public class WallRoleTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_login_that_may_not_take_the_role_is_told_what_an_administrator_has_to_run()
    {
        await using var login = await LoginAsync();
        var refusal = await Assert.ThrowsAsync<SettingException>(() => WallRole.EnsureAsync(login.Db, CancellationToken.None));
        Assert.Contains($"CREATE ROLE leadingest_app NOLOGIN; GRANT leadingest_app TO \"{login.Name}\";", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);

        // And when that was run, is let in.
        await api.ExecuteAsync($"grant leadingest_app to \"{login.Name}\"");
        await WallRole.EnsureAsync(login.Db, CancellationToken.None);
        await login.Db.ExecuteAsync("set role leadingest_app");
    }

    [Fact]
    public async Task A_login_that_the_walls_would_hide_everything_from_stops_the_start()
    {
        await using var login = await LoginAsync();
        var refusal = await Assert.ThrowsAsync<SettingException>(() => WallRole.CheckOwnerAsync(login.Db, CancellationToken.None));
        Assert.Contains(login.Name, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_and_who_is_a_member_of_the_owner_see_every_project()
    {
        await using var owner = new NpgsqlConnection(api.Db);
        await owner.OpenAsync();
        await WallRole.CheckOwnerAsync(owner, CancellationToken.None);

        await using var login = await LoginAsync();
        await api.ExecuteAsync($"grant \"{await owner.ExecuteScalarAsync<string>("select tableowner from pg_tables where tablename = 'leads'")}\" to \"{login.Name}\"");
        await WallRole.CheckOwnerAsync(login.Db, CancellationToken.None);
    }

    [Fact]
    public async Task A_login_for_reports_that_may_not_take_the_role_stops_the_start_and_a_server_that_is_away_does_not()
    {
        await using var login = await LoginAsync();
        var reports = new NpgsqlConnectionStringBuilder(api.Db) { Options = $"-c role={login.Name}" };
        var refusal = await Assert.ThrowsAsync<SettingException>(() => WallRole.CheckReportsAsync(reports.ConnectionString, CancellationToken.None));
        Assert.Contains($"GRANT leadingest_app TO \"{login.Name}\";", refusal.Message, StringComparison.Ordinal);

        await api.ExecuteAsync($"grant leadingest_app to \"{login.Name}\"");
        await WallRole.CheckReportsAsync(reports.ConnectionString, CancellationToken.None);
        await WallRole.CheckReportsAsync("Host=127.0.0.1;Port=1;Username=nobody", CancellationToken.None);
    }

    /// <summary>A session that works as a fresh role, which is gone with it. Its name has to be quoted.</summary>
    private sealed record Login(NpgsqlConnection Db, string Name, string Server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Db.DisposeAsync();
            await using var db = new NpgsqlConnection(Server);
            await db.OpenAsync();
            await db.ExecuteAsync($"drop owned by \"{Name}\"; drop role \"{Name}\"");
        }
    }

    private async Task<Login> LoginAsync()
    {
        var name = "Walls-" + Guid.CreateVersion7().ToString("N");
        await api.ExecuteAsync($"create role \"{name}\"");
        var db = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(api.Db) { Pooling = false }.ConnectionString);
        await db.OpenAsync();
        await db.ExecuteAsync($"set role \"{name}\"");
        return new(db, name, api.Db);
    }
}
