using System.Collections.Concurrent;
using System.Security.Cryptography;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Crm;
using LeadIngest.Crm.OAuth;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Connecting;

/// <summary>
/// Refreshes logins, one refresher a connection across all nodes. A refresh token works once, so: lock the connection's row, read it again, refresh
/// only if it is still stale, store the new pair, commit, and only then use it.
/// </summary>
internal sealed class TokenKeeper(Database db, CredentialsCipher cipher, CrmHttp http, IOptions<CrmHosts> hosts, ConnectingMetrics metrics, TimeProvider clock,
    ILogger<TokenKeeper> log) : IDisposable
{
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<Guid, KeptTokens> _kept = new();

    public TimeProvider Clock => clock;

    /// <summary>The access of a connection, shared by all its users in this process.</summary>
    /// <param name="credentials">As just read from the database.</param>
    public ICrmTokens Of(Guid projectId, Guid id, string crm, Credentials credentials)
    {
        var kept = _kept.GetOrAdd(id, _ => new KeptTokens(this, projectId, id, crm, credentials));
        kept.Take(credentials);
        return kept;
    }

    /// <param name="of">Whose.</param>
    /// <param name="isStale">Asked under the lock: another node may have been quicker.</param>
    public Task<(AccessOutcome Outcome, Credentials? Fresh)> RenewAsync(KeptTokens of, Func<Credentials, bool> isStale) => GuardedAsync(of, async row =>
    {
        if (row.Credentials.Login is not { } login || !isStale(row.Credentials)) return (KeptTokens.Access(row.Credentials), row.Credentials);
        // Nobody calls in the name of a connection that waits for a person.
        if (row.State == "needs_reauth") return (new AccessOutcome.Refused(row.StateReason ?? "The connection waits for a new login."), row.Credentials);
        if (login.Keys is not { } keys)
            return await StopAsync(of, row, "needs_reauth", new AccessOutcome.Refused("The application's keys are missing: enter its client id and secret."));

        var (answer, address) = of.Crm == "amocrm" ? await AskAmocrmAsync(of, row, login, keys) : await AskBitrix24Async(of, row, login, keys);
        switch (answer)
        {
            case TokenAnswer.Granted granted:
                var fresh = new Credentials(address?.Base.AbsoluteUri ?? row.Credentials.BaseAddress, granted.Access)
                {
                    Login = login with { RefreshToken = granted.Refresh, ExpiresAt = granted.ExpiresAt, RefreshedAt = clock.GetUtcNow() },
                };
                await StoreAsync(of, row, fresh, address?.Host);
                metrics.Refreshed(of.Crm, "granted");
                log.TokenRefreshed(of.Id, of.Crm);
                return (KeptTokens.Access(fresh), fresh);
            case TokenAnswer.Refused refused:
                metrics.Refreshed(of.Crm, "refused");
                return await StopAsync(of, row, "needs_reauth", new AccessOutcome.Refused(refused.Why));
            case TokenAnswer.Blocked blocked:
                metrics.Refreshed(of.Crm, "blocked");
                return await StopAsync(of, row, "blocked", new AccessOutcome.Blocked(blocked.Why, blocked.MayPass));
            default:
                var failed = (TokenAnswer.Failed)answer;
                metrics.Refreshed(of.Crm, "failed");
                log.TokenFailed(of.Id, of.Crm, failed.Why);
                return (new AccessOutcome.Unavailable(failed.Why, failed.After ?? TimeSpan.FromSeconds(5)), null);
        }
    });

    /// <summary>Looks where the account is now, and keeps its new address.</summary>
    /// <param name="of">Whose.</param>
    /// <param name="location">Where the CRM points to; null when it has to be asked for.</param>
    public Task<(AccessOutcome Outcome, Credentials? Fresh)> MoveAsync(KeptTokens of, Uri? location) => GuardedAsync(of, async row =>
    {
        var from = KeptTokens.Access(row.Credentials).BaseAddress;
        CrmAddress? address = null;
        if (location is not null)
        {
            if (!CrmAddress.TryMove(of.Crm, from, location, hosts.Value, out address)) log.ForeignEndpoint(of.Id);
        }
        else if (of.Crm == "amocrm") address = await PresentAmocrmAsync(row.Credentials, from);
        if (address is null || address.Base == from) return (new AccessOutcome.Kept(), row.Credentials);
        var fresh = row.Credentials with { BaseAddress = address.Base.AbsoluteUri };
        await StoreAsync(of, row, fresh, address.Host);
        Moved(of, address);
        return (KeptTokens.Access(fresh), fresh);
    });

    public void Dispose()
    {
        foreach (var kept in _kept.Values) kept.Dispose();
    }

    private async Task<(TokenAnswer, CrmAddress?)> AskAmocrmAsync(KeptTokens of, LockedRow row, Login login, OAuthKeys keys)
    {
        var from = KeptTokens.Access(row.Credentials).BaseAddress;
        var answer = await http.Amocrm.RefreshAsync(from, keys, login.RefreshToken, CancellationToken.None);
        if (answer is not TokenAnswer.Refused { IsElsewhere: true } || await PresentAmocrmAsync(row.Credentials, from) is not { } address || address.Base == from) return (answer, null);
        answer = await http.Amocrm.RefreshAsync(address.Base, keys, login.RefreshToken, CancellationToken.None);
        if (answer is TokenAnswer.Granted) Moved(of, address);
        return (answer, address);
    }

    /// <summary>Where the account lives now by amoCRM's own word; the client's secret goes there, so only the vendor's hosts are believed.</summary>
    private async Task<CrmAddress?> PresentAmocrmAsync(Credentials credentials, Uri from)
    {
        string? host = null;
        if (credentials.Login is { } login)
        {
            if (AccessTokenClaims.Read(credentials.Token)?.ApiDomain is { } domain && CrmAddress.IsVendorsHost("amocrm", domain))
                host = await http.Amocrm.CurrentHostAsync(domain, login.RefreshToken, CancellationToken.None);
        }
        else if (credentials.Token is { } token && CrmAddress.IsVendorsHost("amocrm", from.Host))
            host = await http.Amocrm.CurrentHostOfAsync(token, from.Host.EndsWith(".kommo.com", StringComparison.OrdinalIgnoreCase), CancellationToken.None);
        return CrmAddress.TryReadHost("amocrm", host, hosts.Value, out var address) ? address : null;
    }

    private async Task<(TokenAnswer, CrmAddress?)> AskBitrix24Async(KeptTokens of, LockedRow row, Login login, OAuthKeys keys)
    {
        var answer = await http.Bitrix24.RefreshAsync(login.Server ?? Bitrix24OAuth.Server, keys, login.RefreshToken, CancellationToken.None);
        if (answer is not TokenAnswer.Granted granted) return (answer, null);
        if (row.RemoteAccount is { } member && granted.Account is { } given && given != member)
            return (new TokenAnswer.Refused("The authorisation server answered for another portal."), null);
        if (granted.Endpoint is null || granted.Endpoint.Host == KeptTokens.Access(row.Credentials).BaseAddress.Host) return (answer, null);
        // A portal that was renamed says so here too. Tokens go nowhere but to the vendor's hosts and those that the operator listed.
        if (CrmAddress.TryReadHost("bitrix24", granted.Endpoint.Authority, hosts.Value, out var address))
        {
            Moved(of, address);
            return (answer, address);
        }
        log.ForeignEndpoint(of.Id);
        return (answer, null);
    }

    private void Moved(KeptTokens of, CrmAddress address)
    {
        metrics.Refreshed(of.Crm, "moved");
        log.Moved(of.Id, address.Host);
    }

    /// <summary>Runs with the connection's row locked; a database that is away or a row that is taken is no fault of the login.</summary>
    private async Task<(AccessOutcome, Credentials?)> GuardedAsync(KeptTokens of, Func<LockedRow, Task<(AccessOutcome, Credentials?)>> work)
    {
        try
        {
            await using var session = await db.Tokens.OpenConnectionAsync();
            await using var tx = await session.BeginTransactionAsync();
            if (await LockedRow.ReadAsync(session, tx, of.ProjectId, of.Id, cipher) is not { } row) return (new AccessOutcome.Refused("The connection was removed."), null);
            return await work(row);
        }
        catch (CryptographicException)
        {
            return (new AccessOutcome.Unavailable("The stored login cannot be read: the key ring lacks its key.", TimeSpan.FromSeconds(30)), null);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return (new AccessOutcome.Unavailable(e is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }
                ? "Another node is logging in at this moment." : "The database could not be asked for the login.", Busy), null);
        }
    }

    /// <summary>
    /// Commits the new pair. The old one is dead by now, so a session that is lost on the way is not the end: the pair is written again, where the row
    /// is still as it was read.
    /// </summary>
    private async Task StoreAsync(KeptTokens of, LockedRow row, Credentials fresh, string? host)
    {
        var sealedPair = cipher.Encrypt(of.ProjectId, of.Id, fresh.ToBytes());
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (attempt == 1)
                {
                    await row.StoreAsync(sealedPair, host, clock.GetUtcNow());
                    return;
                }
                await using var session = await db.Tokens.OpenConnectionAsync();
                await LockedRow.StoreAgainAsync(session, of.ProjectId, of.Id, row.Sealed, sealedPair, host, clock.GetUtcNow());
                return;
            }
            catch (Exception e) when (attempt < 8 && e is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                if (attempt == 1)
                {
                    log.Unsaved(e, of.Id);
                    await row.LetGoAsync();
                }
                await Task.Delay(TimeSpan.FromMilliseconds(200 * (1 << attempt)), clock);
            }
        }
    }

    private async Task<(AccessOutcome, Credentials?)> StopAsync(KeptTokens of, LockedRow row, string state, AccessOutcome outcome)
    {
        var why = outcome is AccessOutcome.Refused refused ? refused.Why : ((AccessOutcome.Blocked)outcome).Why;
        if (await row.StopAsync(state, why, outcome is AccessOutcome.Blocked { MayPass: true }))
        {
            metrics.Stop(of.Crm, state);
            log.Stopped(of.Id, state, why);
        }
        return (outcome, row.Credentials);
    }
}
