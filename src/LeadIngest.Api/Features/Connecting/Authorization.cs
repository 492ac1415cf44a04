using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Crm.OAuth;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>A login that was begun by a project and is to be finished by the CRM's answer. Its state works once.</summary>
/// <param name="ConnectionId">Of the connection to be made, or of the one to be logged in anew.</param>
/// <param name="Keys">The integration's; null where nobody knows them yet (a Bitrix24 application that is still to be made).</param>
internal sealed record Authorization(Guid ProjectId, Guid Id, Guid ConnectionId, string Crm, string Name, string Settings, OAuthKeys? Keys)
{
    public override string ToString() => $"authorization {Id}";
}

/// <summary>The table <c>authorizations</c>.</summary>
internal sealed class Authorizations(Database db, CredentialsCipher cipher)
{
    public static byte[] Hash(string state) => SHA256.HashData(Encoding.UTF8.GetBytes(state));

    /// <returns>The state: 256 random bits, kept as a hash only; and when it ends.</returns>
    public async Task<(string State, DateTimeOffset ExpiresAt)> BeginAsync(Authorization authorization, TimeSpan life, CancellationToken ct)
    {
        var state = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var ends = await connection.ExecuteScalarAsync<DateTime>(new CommandDefinition(Insert, new
        {
            authorization.ProjectId,
            authorization.Id,
            StateHash = Hash(state),
            authorization.ConnectionId,
            authorization.Crm,
            authorization.Name,
            authorization.Settings,
            Keys = cipher.Encrypt(authorization.ProjectId, authorization.ConnectionId, JsonSerializer.SerializeToUtf8Bytes(authorization.Keys, JsonSerializerOptions.Web)),
            Life = life,
        }, cancellationToken: ct));
        return (state, new DateTimeOffset(DateTime.SpecifyKind(ends, DateTimeKind.Utc)));
    }

    /// <summary>Takes a login that was begun; nobody else can take it after that.</summary>
    /// <returns>Null when the state is unknown, used or too old, or of the other CRM.</returns>
    public Task<Authorization?> TakeAsync(string crm, string state, CancellationToken ct) => TakeAsync(ByState, new { Crm = crm, StateHash = Hash(state) }, ct);

    /// <inheritdoc cref="TakeAsync(string, string, CancellationToken)"/>
    public Task<Authorization?> TakeAsync(Guid projectId, Guid id, CancellationToken ct) => TakeAsync(ById, new { ProjectId = projectId, Id = id }, ct);

    /// <summary>The same for an installation of a Bitrix24 application, whose address names the connection.</summary>
    public Task<Authorization?> TakeInstallAsync(Guid connectionId, string secret, CancellationToken ct) =>
        TakeAsync(ByInstall, new { ConnectionId = connectionId, StateHash = Hash(secret) }, ct);

    private async Task<Authorization?> TakeAsync(string sql, object args, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QueryFirstOrDefaultAsync<Row>(new CommandDefinition(sql, args, cancellationToken: ct));
        if (row is null) return null;
        try
        {
            var keys = JsonSerializer.Deserialize<OAuthKeys?>(cipher.Decrypt(row.ProjectId, row.ConnectionId, row.Keys), JsonSerializerOptions.Web);
            return new(row.ProjectId, row.Id, row.ConnectionId, row.Crm, row.Name, row.Settings, keys);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Row(Guid ProjectId, Guid Id, Guid ConnectionId, string Crm, string Name, string Settings, byte[] Keys);

    private const string Columns = "project_id, id, connection_id, crm, name, settings::text as settings, keys";

    // What is over is of no use to anybody; it goes when the next one begins.
    private const string Insert = """
        with old as (
            delete from authorizations where project_id = @ProjectId and expires_at < clock_timestamp() - interval '1 day')
        insert into authorizations (project_id, id, state_hash, connection_id, crm, name, settings, keys, expires_at)
        values (@ProjectId, @Id, @StateHash, @ConnectionId, @Crm, @Name, @Settings::jsonb, @Keys, clock_timestamp() + @Life)
        returning expires_at
        """;

    private const string Open = "used_at is null and expires_at > clock_timestamp()";

    private const string ByState = $"update authorizations set used_at = clock_timestamp() where state_hash = @StateHash and crm = @Crm and {Open} returning {Columns}";

    private const string ById = $"update authorizations set used_at = clock_timestamp() where project_id = @ProjectId and id = @Id and {Open} returning {Columns}";

    private const string ByInstall = $"""
        update authorizations set used_at = clock_timestamp()
        where state_hash = @StateHash and connection_id = @ConnectionId and crm = 'bitrix24' and {Open} returning {Columns}
        """;
}
