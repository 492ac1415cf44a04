using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>
/// The right of one node to ask one cabinet. Taken and renewed by the database's clock; its token grows with every take and fences everything that the holder
/// writes, so a node that slept through its lease changes nothing.
/// </summary>
internal sealed class CabinetLease : IAsyncDisposable
{
    private readonly ProjectPool _db;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _length;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _renewal;

    private CabinetLease(ProjectPool db, TimeProvider clock, TimeSpan length, CabinetRow row, long takenAt)
    {
        (_db, _clock, _length, Row) = (db, clock, length, row);
        Lost = _lost.Token;
        _renewal = RenewAsync(takenAt);
    }

    /// <summary>As it was when the lease was taken. Whoever changes its settings takes the lease away.</summary>
    public CabinetRow Row { get; private set; }

    /// <summary>Cancelled as soon as the lease is somebody else's, or may be.</summary>
    public CancellationToken Lost { get; }

    /// <returns>The lease, or null while somebody else holds it.</returns>
    public static async Task<CabinetLease?> TryTakeAsync(ProjectPool db, TimeProvider clock, Guid project, Guid account, string owner, TimeSpan length, CancellationToken ct)
    {
        var before = clock.GetTimestamp();
        await using var connection = await db.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<CabinetRow>(new CommandDefinition(Take, new { Project = project, Account = account, Owner = owner, Length = length }, cancellationToken: ct));
        return row is null ? null : new CabinetLease(db, clock, length, row, before);
    }

    /// <returns>False: the cabinet is somebody else's by now, or a person has entered other credentials.</returns>
    public async Task<bool> SaveAsync(byte[] credentials, CancellationToken ct)
    {
        await using var connection = await _db.OpenConnectionAsync(ct);
        var saved = await connection.ExecuteAsync(new CommandDefinition(
            "update spend_cabinets set credentials = @Fresh where project_id = @ProjectId and account_id = @AccountId and lease_token = @LeaseToken and credentials = @Credentials",
            new { Fresh = credentials, Row.ProjectId, Row.AccountId, Row.LeaseToken, Row.Credentials }, cancellationToken: ct));
        if (saved == 1) Row = Row with { Credentials = credentials };
        return saved == 1;
    }

    /// <summary>Hands the cabinet back. A database that is away is not waited for: the lease runs out by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewal;
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3), _clock);
            await using var connection = await _db.OpenConnectionAsync(limit.Token);
            await connection.ExecuteAsync(new CommandDefinition(HandBack, Key, cancellationToken: limit.Token));
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
        }
        _stop.Dispose();
        _lost.Dispose();
    }

    private object Key => new { Row.ProjectId, Row.AccountId, Row.LeaseToken, Length = _length };

    private async Task RenewAsync(long renewedAt)
    {
        using var timer = new PeriodicTimer(_length / 3, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var before = _clock.GetTimestamp();
                try
                {
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                    limit.CancelAfter(_length / 3);
                    await using var connection = await _db.OpenConnectionAsync(limit.Token);
                    if (await connection.ExecuteAsync(new CommandDefinition(Renew, Key, cancellationToken: limit.Token)) == 1) renewedAt = before;
                    else await _lost.CancelAsync();
                }
                catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
                {
                    // The next turn tries again.
                }
                if (_clock.GetElapsedTime(renewedAt) >= _length) await _lost.CancelAsync();
                if (_lost.IsCancellationRequested) return;
            }
        }
        catch (OperationCanceledException)
        {
            // Handed back.
        }
    }

    private const string Take = $"""
        update spend_cabinets c set lease_owner = @Owner, lease_token = c.lease_token + 1, lease_until = clock_timestamp() + @Length
        from spend_accounts a
        where c.project_id = @Project and c.account_id = @Account and c.lease_until < clock_timestamp() and a.project_id = c.project_id and a.id = c.account_id
        returning {CabinetRow.Columns}
        """;

    private const string Renew = "update spend_cabinets set lease_until = clock_timestamp() + @Length where project_id = @ProjectId and account_id = @AccountId and lease_token = @LeaseToken";

    private const string HandBack = """
        update spend_cabinets set lease_until = '-infinity', lease_owner = null, worked_at = clock_timestamp() where project_id = @ProjectId and account_id = @AccountId and lease_token = @LeaseToken
        """;
}
