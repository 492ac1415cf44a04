using System.Reflection;
using Dapper;
using LeadIngest.Api.Data;

namespace LeadIngest.Api.Features.Operations;

/// <summary>Whether this node can take leads: PostgreSQL takes writes within a second, the schema is ours, the loops turn. A CRM's state is no part of it.</summary>
internal sealed class Readiness(Database db, Heartbeats heartbeats, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly string[] Migrations = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(n => n.StartsWith("Migrations.", StringComparison.Ordinal)).Select(n => n["Migrations.".Length..])];

    private readonly SemaphoreSlim _one = new(1);
    private (long At, IReadOnlyList<GetReadiness.Check> Checks)? _last;

    /// <summary>Asks at most once a second, however often it is called: the route is open to everybody.</summary>
    public async Task<IReadOnlyList<GetReadiness.Check>> LookAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (_last is { } last && clock.GetElapsedTime(last.At) < Patience) return last.Checks;
            var checks = new List<GetReadiness.Check>();
            checks.AddRange(await DatabaseAsync(ct));
            checks.AddRange(heartbeats.Ages().OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => Loop(a.Key, a.Value)));
            _last = (clock.GetTimestamp(), checks);
            return checks;
        }
        finally
        {
            _one.Release();
        }
    }

    private static GetReadiness.Check Loop(string name, TimeSpan age) =>
        new("loop: " + name, age <= Heartbeats.MaxAge, age <= Heartbeats.MaxAge ? null : $"silent for {age.TotalSeconds:0} s");

    private async Task<GetReadiness.Check[]> DatabaseAsync(CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            // Npgsql answers a cancellation by asking the server to cancel; a server that is gone does not answer that either.
            var missing = await MissingAsync(either.Token).WaitAsync(either.Token);
            return [new("database", true, null), new("schema", missing == 0, missing == 0 ? null : $"{missing} migrations are not applied")];
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return [new("database", false, patience.IsCancellationRequested ? "no write within 1 s" : "does not take writes")];
        }
    }

    private async Task<int> MissingAsync(CancellationToken ct)
    {
        await using var connection = await db.Ingest.OpenConnectionAsync(ct);
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Write, cancellationToken: ct))) throw new InvalidOperationException("Read only.");
        return Migrations.Length - await connection.ExecuteScalarAsync<int>(new CommandDefinition(Applied, new { Migrations }, cancellationToken: ct));
    }

    // Goes through the whole way of a commit, the log's flush included, and leaves no row behind. A standby refuses it; a database that was set to
    // read only (hosting does that when the disk is full) does not, so that is asked for.
    private const string Write = "select current_setting('transaction_read_only')::boolean from pg_logical_emit_message(true, 'leadingest', 'ready?')";

    private const string Applied = "select count(*)::int from schema_migrations where name = any(@Migrations)";

    public void Dispose() => _one.Dispose();
}
