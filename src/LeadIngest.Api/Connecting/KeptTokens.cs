using LeadIngest.Api.Data;
using LeadIngest.Crm;

namespace LeadIngest.Api.Connecting;

/// <summary>
/// The access of one connection in this process: handed out from memory while it is fresh, else renewed by <see cref="TokenKeeper"/>, one caller at a
/// time. What the keeper finds in the database wins over what is remembered here.
/// </summary>
internal sealed class KeptTokens(TokenKeeper keeper, Guid projectId, Guid id, string crm, Credentials credentials) : ICrmTokens, IDisposable
{
    /// <summary>amoCRM: a token that ends in the middle of a batch costs a call. Bitrix24 may block applications that refresh before the end.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    /// <summary>Under a token endpoint that is down every call would ask it anew.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>Looking for a new address of an account that is where it was costs a call each time.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Credentials _current = credentials;
    private (long At, AccessOutcome.Unavailable Outcome)? _failure;
    private long? _lookedAt;

    public Guid ProjectId => projectId;
    public Guid Id => id;
    public string Crm => crm;

    /// <summary>What another reader saw in the database; older than what is known here is passed over.</summary>
    public void Take(Credentials seen)
    {
        if (seen.Login is null || _current.Login is null || seen.Login.RefreshedAt >= _current.Login.RefreshedAt) _current = seen;
    }

    public async ValueTask<AccessOutcome> GetAsync(CancellationToken ct)
    {
        var now = _current;
        return IsFresh(now) ? Access(now) : await RefreshAsync(now.Token, ct);
    }

    public async ValueTask<AccessOutcome> RefreshAsync(string? refused, CancellationToken ct)
    {
        if (_current.Login is null) return new AccessOutcome.Kept();
        await _turn.WaitAsync(ct);
        try
        {
            if (_current.Token != refused && IsFresh(_current)) return Access(_current);
            if (_failure is { } failure && keeper.Clock.GetElapsedTime(failure.At) < Rest) return failure.Outcome;
            // Not cancelled by the caller: an answer that nobody stores is a login lost.
            var (outcome, fresh) = await keeper.RenewAsync(this, stored => stored.Token == refused || !IsFresh(stored));
            if (fresh is not null) _current = fresh;
            _failure = outcome is AccessOutcome.Unavailable failed ? (keeper.Clock.GetTimestamp(), failed) : null;
            return outcome;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask<AccessOutcome> MovedAsync(Uri from, Uri? location, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (BaseOf(_current) != from) return Access(_current);
            if (location is null && _lookedAt is { } at && keeper.Clock.GetElapsedTime(at) < LookEvery) return new AccessOutcome.Kept();
            _lookedAt = keeper.Clock.GetTimestamp();
            var (outcome, fresh) = await keeper.MoveAsync(this, location);
            if (fresh is not null) _current = fresh;
            return outcome;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    public static AccessOutcome.Access Access(Credentials credentials) => new(BaseOf(credentials), credentials.Token);

    private static Uri BaseOf(Credentials credentials) => new(credentials.BaseAddress.TrimEnd('/') + "/");

    private bool IsFresh(Credentials credentials) => credentials.Login is not { } login
        || keeper.Clock.GetUtcNow() < login.ExpiresAt - (crm == "amocrm" ? Early : TimeSpan.Zero);
}
