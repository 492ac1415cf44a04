using LeadIngest.Api.Features.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Operations;

/// <summary>Each test takes the service down in its own way, so each has its own.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private readonly MovableClock _clock = new();
    private readonly ClockedApi _api;

    public HealthTests() => _api = new(_clock);

    public Task InitializeAsync() => _api.InitializeAsync();

    public Task DisposeAsync() => _api.DisposeAsync();

    private async Task<(int Status, string Body)> ReadyAsync()
    {
        _clock.Move(TimeSpan.FromSeconds(1.5)); // past the remembered answer
        var answer = await _api.Client.GetAsync("/health/ready");
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_healthy_node_is_live_and_ready()
    {
        Assert.Equal("""{"status":"live"}""", await _api.Client.GetStringAsync("/health/live"));
        Assert.Equal((200, """{"status":"ready","checks":[{"name":"database","ok":true,"detail":null},{"name":"schema","ok":true,"detail":null}]}"""), await ReadyAsync());
    }

    [Fact]
    public async Task A_database_that_is_gone_makes_it_not_ready_but_still_live()
    {
        Assert.Equal(200, (await ReadyAsync()).Status);
        var name = new Npgsql.NpgsqlConnectionStringBuilder(_api.Db).Database;
        await using var server = new Npgsql.NpgsqlConnection(new Npgsql.NpgsqlConnectionStringBuilder(await TestServer.ConnectionStringAsync()) { Pooling = false }.ConnectionString);
        await server.OpenAsync();
        await new Npgsql.NpgsqlCommand($"alter database {name} allow_connections false; select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'", server).ExecuteNonQueryAsync();
        try
        {
            var (status, body) = await ReadyAsync();
            Assert.Equal(503, status);
            Assert.Contains("\"not_ready\"", body);
            Assert.DoesNotContain(name!, body);
            Assert.Equal("""{"status":"live"}""", await _api.Client.GetStringAsync("/health/live"));
        }
        finally
        {
            await new Npgsql.NpgsqlCommand($"alter database {name} allow_connections true", server).ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_makes_it_not_ready()
    {
        var name = new Npgsql.NpgsqlConnectionStringBuilder(_api.Db).Database;
        await _api.ExecuteAsync($"alter database {name} set default_transaction_read_only = on");
        await _api.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        Assert.Equal(503, (await ReadyAsync()).Status);
    }

    [Fact]
    public async Task A_schema_that_lacks_a_migration_makes_it_not_ready()
    {
        await _api.ExecuteAsync("delete from schema_migrations where name = (select max(name) from schema_migrations)");
        var (status, body) = await ReadyAsync();
        Assert.Equal(503, status);
        Assert.Contains("1 migrations are not applied", body);
    }

    [Fact]
    public async Task A_loop_that_fell_silent_makes_it_not_ready_until_it_beats_or_stops()
    {
        var heartbeat = _api.App.Services.GetRequiredService<IHeartbeat>();
        heartbeat.Beat("writer");
        Assert.Equal(200, (await ReadyAsync()).Status);
        _clock.Move(TimeSpan.FromSeconds(40));
        var (status, body) = await ReadyAsync();
        Assert.Equal(503, status);
        Assert.Contains("loop: writer", body);
        heartbeat.Beat("writer");
        Assert.Equal(200, (await ReadyAsync()).Status);
        _clock.Move(TimeSpan.FromSeconds(40));
        heartbeat.Stop("writer");
        Assert.Equal(200, (await ReadyAsync()).Status);
    }

    private sealed class ClockedApi(MovableClock clock) : ApiFixture
    {
        protected override void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton(new Heartbeats(clock))
            .AddSingleton(provider => new Readiness(provider.GetRequiredService<Data.Database>(), provider.GetRequiredService<Heartbeats>(), clock));
    }

    /// <summary>Time that moves on by hand; timers run by the system's.</summary>
    private sealed class MovableClock : TimeProvider
    {
        private long _ahead;

        public void Move(TimeSpan by) => Interlocked.Add(ref _ahead, (long)(by.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _ahead);
    }
}
