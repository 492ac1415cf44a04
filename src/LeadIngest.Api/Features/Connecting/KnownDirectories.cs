using LeadIngest.Api.Delivery;
using LeadIngest.Crm;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>
/// What CRM accounts were read to hold, by connection, for a few minutes and on this node only: a page full of choices asks the CRM once. Callers who
/// come while an account is being read wait for that reading.
/// </summary>
internal sealed class KnownDirectories(CrmAccountPool accounts, ICrmAccountFactory factory, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>A CRM that does not answer is not asked again by every page that is opened.</summary>
    private static readonly TimeSpan LifetimeOfFailure = TimeSpan.FromSeconds(15);

    /// <summary>People wait for it, and the page can do without.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly Dictionary<(Guid ProjectId, Guid Id), Reading> _readings = [];
    private readonly Lock _gate = new();

    /// <param name="connection">Whose account.</param>
    /// <param name="fresh">Ask the CRM even if the answer is known.</param>
    /// <param name="ct">Of this caller; others may wait for the same reading.</param>
    /// <exception cref="InvalidCredentialsException">The connection's credentials cannot be read.</exception>
    public async Task<(DateTimeOffset At, DirectoriesRead Read)> GetAsync(ConnectionRow connection, bool fresh, CancellationToken ct)
    {
        Reading reading;
        lock (_gate)
        {
            var key = (connection.ProjectId, connection.Id);
            if (!_readings.TryGetValue(key, out reading!) || !reading.Answers(connection, fresh, clock.GetUtcNow()))
            {
                foreach (var (old, _) in _readings.Where(r => r.Value.IsOver(clock.GetUtcNow())).ToArray()) _readings.Remove(old);
                _readings[key] = reading = new Reading(connection.Credentials, clock.GetUtcNow(), ReadAsync(connection));
            }
        }
        return (reading.At, await reading.Result.WaitAsync(ct));
    }

    private async Task<DirectoriesRead> ReadAsync(ConnectionRow connection)
    {
        // Nobody's own: whoever asked first may leave while others wait. Off the lock before anything is done.
        await Task.Yield();
        using var patience = new CancellationTokenSource(Patience, clock);
        var (reached, tokens) = accounts.Access(connection);
        // Its own, beside the one that delivery uses: that one may be replaced at any moment. Limits and login are shared.
        await using var account = factory.Create(reached, tokens);
        if (account.Directories is not { } reader) return new DirectoriesRead.Refused("This CRM cannot be asked for them.");
        try
        {
            return await reader.ReadAsync(Anybody.MayAsk, patience.Token);
        }
        catch (OperationCanceledException)
        {
            return new DirectoriesRead.Failed($"The CRM did not answer within {Patience.TotalSeconds:0} seconds.");
        }
    }

    private sealed record Reading(byte[] Credentials, DateTimeOffset At, Task<DirectoriesRead> Result)
    {
        public bool Answers(ConnectionRow connection, bool fresh, DateTimeOffset now) =>
            Credentials.AsSpan().SequenceEqual(connection.Credentials) && (!Result.IsCompleted || (!fresh && !IsOver(now)));

        public bool IsOver(DateTimeOffset now) => Result.IsCompleted && now - At >= (Result is { IsCompletedSuccessfully: true, Result: DirectoriesRead.Found } ? Lifetime
            : Result.IsFaulted ? TimeSpan.Zero : LifetimeOfFailure);
    }
}
