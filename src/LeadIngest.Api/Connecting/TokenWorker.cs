using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Connecting;

/// <summary>Section <c>Connecting</c>.</summary>
internal sealed class ConnectingOptions
{
    /// <summary>How often connections without traffic are looked for, and those that wait for a person counted.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")] public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>amoCRM: an unused refresh token dies after three months, unnoticed.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "60.00:00:00")] public TimeSpan AmocrmKeepAlive { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bitrix24: after 180 days. The vendor does not like refreshes that nothing needs.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "150.00:00:00")] public TimeSpan Bitrix24KeepAlive { get; init; } = TimeSpan.FromDays(30);
}

/// <summary>
/// Keeps the logins of idle connections alive and counts those that wait for a person. Every node looks; the row's lock and a second look at its age
/// under it let one of them act.
/// </summary>
internal sealed class TokenWorker(Database db, TokenKeeper keeper, CredentialsCipher cipher, IOptions<ConnectingOptions> options, TimeProvider clock,
    ILogger<TokenWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await new SteadyLoop("logins", clock, log).RunAsync(TurnAsync, stoppingToken);
    }

    private async Task TurnAsync(CancellationToken ct)
    {
        List<Idle> idle;
        await using (var session = await db.Reading.OpenConnectionAsync(ct))
        {
            ConnectingMetrics.Measured((await session.QueryAsync<ConnectingMetrics.Stopped>(new CommandDefinition(Waiting, cancellationToken: ct))).AsList());
            idle = (await session.QueryAsync<Idle>(new CommandDefinition(OldLogins,
                new { Amocrm = clock.GetUtcNow() - options.Value.AmocrmKeepAlive, Bitrix24 = clock.GetUtcNow() - options.Value.Bitrix24KeepAlive }, cancellationToken: ct))).AsList();
        }
        foreach (var connection in idle)
        {
            if (ct.IsCancellationRequested) return;
            await RefreshAsync(connection);
        }
        await Task.Delay(options.Value.LookEvery, clock, ct);
    }

    private async Task RefreshAsync(Idle connection)
    {
        try
        {
            var before = clock.GetUtcNow() - (connection.Crm == "amocrm" ? options.Value.AmocrmKeepAlive : options.Value.Bitrix24KeepAlive);
            var seen = Credentials.FromBytes(cipher.Decrypt(connection.ProjectId, connection.Id, connection.Credentials));
            var kept = (KeptTokens)keeper.Of(connection.ProjectId, connection.Id, connection.Crm, seen);
            var (_, fresh) = await keeper.RenewAsync(kept, stored => stored.Login is { } login && login.RefreshedAt < before);
            if (fresh is not null) kept.Take(fresh);
        }
        catch (CryptographicException)
        {
            // The key ring lacks the key: nothing can be refreshed until it is back, and delivery says so.
        }
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Idle(Guid ProjectId, Guid Id, string Crm, byte[] Credentials);

    private const string Waiting = """
        select crm, state, count(*) as connections from connections where state in ('needs_reauth', 'blocked') group by crm, state
        """;

    private const string OldLogins = """
        select project_id, id, crm, credentials from connections
        where auth = 'oauth' and state in ('active', 'paused') and token_refreshed_at < case when crm = 'amocrm' then @Amocrm else @Bitrix24 end
        order by token_refreshed_at limit 50
        """;
}
