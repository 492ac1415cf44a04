using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dapper;
using LeadIngest.Api.Connecting;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Api.Import;
using ConnectionRow = LeadIngest.Api.Features.Connections.ConnectionRow;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>Makes a connection of a login that the CRM has just granted, or sets an existing one to work again.</summary>
internal sealed class NewLogin(Database db, CredentialsCipher cipher, HookSecrets hooks, DeliverySignal signal, TimeProvider clock, ILogger<NewLogin> log)
{
    /// <param name="authorization">What was begun.</param>
    /// <param name="address">Where the account is.</param>
    /// <param name="credentials">With the tokens.</param>
    /// <param name="remoteAccount">The CRM's own name of the account; null when it did not say.</param>
    /// <param name="isProven">
    /// The vendor itself named the account to us. Without that a stranger could name somebody else's, and share that one's lease and pauses.
    /// </param>
    /// <param name="hookRoot">How the CRM reaches this service, for its webhooks; null when nobody has said so.</param>
    /// <param name="ct">The caller's.</param>
    /// <returns>The connection; null when the login is of another account than the connection's.</returns>
    public async Task<ConnectionRow?> KeepAsync(Authorization authorization, CrmAddress address, Credentials credentials, string? remoteAccount, bool isProven, string? hookRoot, CancellationToken ct)
    {
        // The account may be known by a connection of another project, whose lease and limits it then shares.
        await using var connection = await db.Reading.OpenUnwalledAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var known = await connection.QuerySingleOrDefaultAsync<Known>(new CommandDefinition(Find, new { authorization.ProjectId, Id = authorization.ConnectionId }, tx, cancellationToken: ct));
        // An account is told by its number; before the first login only its host is known.
        if (known is not null && (known.RemoteAccount is { } before && remoteAccount is not null ? before != remoteAccount
            : known.AccountKey != address.AccountKey && known.AccountHost != address.Host)) return null;
        if (known is not null) credentials = WithInstallation(credentials, authorization, known.Credentials);
        var row = await connection.QuerySingleAsync<ConnectionRow>(new CommandDefinition(Keep, new
        {
            authorization.ProjectId,
            Id = authorization.ConnectionId,
            authorization.Crm,
            authorization.Name,
            authorization.Settings,
            address.AccountKey,
            AccountHost = address.Host,
            Credentials = cipher.Encrypt(authorization.ProjectId, authorization.ConnectionId, credentials.ToBytes()),
            RemoteAccount = remoteAccount,
            IsProven = isProven,
            credentials.Login?.Keys?.ClientId,
            Now = clock.GetUtcNow(),
            HookSecret = hooks.New(authorization.ProjectId, authorization.ConnectionId),
            HookRoot = hookRoot,
            HookProof = credentials.Login?.ApplicationToken is { } token ? hooks.Keep(authorization.ProjectId, authorization.ConnectionId, token) : null,
        }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        signal.Wake();
        log.Connected(row.Id, row.Crm, row.AccountHost);
        return row;
    }

    /// <summary>A login by code says nothing about the application's installation: what is known of it stays good.</summary>
    private Credentials WithInstallation(Credentials fresh, Authorization authorization, byte[] stored)
    {
        if (fresh.Login is not { ApplicationToken: null } login) return fresh;
        try
        {
            return Credentials.FromBytes(cipher.Decrypt(authorization.ProjectId, authorization.ConnectionId, stored)).Login is { InstallSecretHash: not null } old
                ? fresh with { Login = login with { ApplicationToken = old.ApplicationToken, InstallSecretHash = old.InstallSecretHash } }
                : fresh;
        }
        catch (CryptographicException)
        {
            return fresh;
        }
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Known(string AccountKey, string AccountHost, string? RemoteAccount, byte[] Credentials);

    private const string Find = """
        select account_key, account_host, remote_account, credentials from connections where project_id = @ProjectId and id = @Id for update
        """;

    // The key that leases and limits hang on stays with the account when its host changes; and a host that another account has taken over since does
    // not lead to that one's. A person's pause is lifted by a person only.
    private const string Keep = $"""
        insert into connections as k (project_id, id, crm, name, account_key, account_host, credentials, settings, auth, remote_account, client_id, token_refreshed_at)
        values (@ProjectId, @Id, @Crm, @Name,
            coalesce(
                (select o.account_key from connections o where @IsProven and o.crm = @Crm and o.remote_account = @RemoteAccount order by o.created_at limit 1),
                case when exists (select 1 from connections o where o.account_key = @AccountKey and o.remote_account <> @RemoteAccount)
                    then @AccountKey || '#' || @RemoteAccount else @AccountKey end),
            @AccountHost, @Credentials, @Settings::jsonb, 'oauth', @RemoteAccount, @ClientId, @Now)
        on conflict (project_id, id) do update
        set credentials = excluded.credentials, account_host = excluded.account_host, auth = 'oauth', remote_account = coalesce(excluded.remote_account, k.remote_account),
            client_id = excluded.client_id, token_refreshed_at = excluded.token_refreshed_at,
            state = case when k.state = 'paused' then k.state else 'active' end, state_reason = case when k.state = 'paused' then k.state_reason end,
            state_by = case when k.state = 'paused' then k.state_by end, state_at = case when k.state in ('paused', 'active') then k.state_at else clock_timestamp() end,
            probe_at = null, probes = 0
        returning {ConnectionRow.Columns};
        insert into crm_imports as i (project_id, connection_id, hook_secret, hook_proof, hook_address) values (@ProjectId, @Id, @HookSecret, @HookProof, @HookRoot)
        -- A login may bring the right that was missing, and an application that is installed anew has lost its subscriptions.
        on conflict (project_id, connection_id) do update set hook_address = coalesce(i.hook_address, excluded.hook_address), hook_proof = coalesce(excluded.hook_proof, i.hook_proof),
            hook_checked_at = null, state = case when i.state = 'failed' then 'running' else i.state end, next_at = clock_timestamp();
        insert into deal_readings as r (project_id, connection_id) values (@ProjectId, @Id)
        on conflict (project_id, connection_id) do update set state = case when r.state = 'failed' then 'running' else r.state end, next_at = clock_timestamp();
        select pg_notify('connections', @ProjectId::text), pg_notify('deliveries', '')
        """;
}
