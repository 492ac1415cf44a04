using System.Security.Cryptography;
using System.Text;
using LeadIngest.Api.Data;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Api.Senders.Webhooks;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Calls;

/// <summary>What became of a webhook's events.</summary>
internal enum CallStored { Stored, SeenBefore, AlreadyReplayed, NotStorable, Unavailable }

/// <summary>
/// Keeps the events of one webhook and marks their calls to be folded, in one transaction; nobody is answered before its commit. The same event again
/// is nothing new.
/// </summary>
internal sealed partial class CallStore(Database db, DatabaseGate gate, CallSignal signal, IOptions<CallsOptions> options, IOptions<IngestOptions> ingest, TimeProvider clock,
    ILogger<CallStore> log) : IDisposable
{
    private const int LongestId = 200;
    // A provider tries once: rather a late answer than a refused call.
    private static readonly TimeSpan PlaceWait = TimeSpan.FromSeconds(3);
    private readonly SemaphoreSlim _places = new(options.Value.MaxWrites);

    /// <param name="request">As it came: its method, query and body are part of the fingerprint.</param>
    /// <param name="events">What the adapter read in it.</param>
    /// <param name="replays">The reject that is mended by this; closed in the same transaction.</param>
    /// <param name="foldAt">From when any node may fold it, where the caller does so itself; null: at once.</param>
    public async Task<CallStored> StoreAsync(CallRequest request, CallReading.Events events, Guid? replays = null, DateTimeOffset? foldAt = null)
    {
        if (!await _places.WaitAsync(PlaceWait)) return CallStored.Unavailable;
        try
        {
            // The driver waits for a silent server beyond the token's end; callers are not kept for that.
            using var limit = new CancellationTokenSource(ingest.Value.DatabaseTimeoutMs);
            return await WriteAsync(request, events, replays, foldAt, limit.Token).WaitAsync(TimeSpan.FromMilliseconds(ingest.Value.DatabaseTimeoutMs + 200));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.SerializationFailure && replays is not null)
        {
            return CallStored.AlreadyReplayed;
        }
        catch (Exception e) when (DatabaseFaults.IsContended(e))
        {
            return CallStored.Unavailable;
        }
        catch (Exception e) when (DatabaseFaults.IsData(e))
        {
            LogNotStorable(DatabaseFaults.SqlStateOf(e), request.Sender.Provider);
            return CallStored.NotStorable;
        }
        catch (Exception e)
        {
            if (DatabaseFaults.IsAway(e)) gate.Close($"{e.GetType().Name}: {e.Message}");
            else LogFailed(e);
            return CallStored.Unavailable;
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<CallStored> WriteAsync(CallRequest request, CallReading.Events read, Guid? replays, DateTimeOffset? foldAt, CancellationToken ct)
    {
        var (sender, now) = (request.Sender, clock.GetUtcNow());
        var rows = read.List.Select((e, i) => (Event: e, Id: CallId(e.ExternalId), Fingerprint: Fingerprint(request, read.EventId, i), Index: i)).ToList();
        await using var connection = await db.Ingest.OpenConnectionAsync(ct);
        if (replays is null && await AllSeenAsync(connection, sender, [.. rows.Select(r => r.Fingerprint)], ct)) return CallStored.SeenBefore;

        await using var batch = new NpgsqlBatch(connection);
        // Sorted, so that two webhooks about the same calls cannot deadlock.
        foreach (var row in rows.OrderBy(r => r.Id, StringComparer.Ordinal))
        {
            var command = new NpgsqlBatchCommand(Store);
            command.Parameters.Add(Columns.Of(sender.ProjectId));
            command.Parameters.Add(Columns.Of(Guid.CreateVersion7(now)));
            command.Parameters.Add(Columns.Of(sender.Id));
            command.Parameters.Add(Columns.Of(sender.SiteId));
            command.Parameters.Add(Text(sender.Provider));
            command.Parameters.Add(Text(row.Id));
            command.Parameters.Add(Columns.Of(Guid.CreateVersion7(now)));
            command.Parameters.Add(Moment(request.ReceivedAt));
            command.Parameters.Add(Moment(foldAt ?? now));
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = row.Fingerprint, NpgsqlDbType = NpgsqlDbType.Bytea });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = CallEventJson.Write(row.Event), NpgsqlDbType = NpgsqlDbType.Jsonb });
            command.Parameters.Add(Text(request.ContentType is { } type ? Core.Identities.Text.CleanLine(type, 300) : null));
            command.Parameters.Add(Text(SecretBlanks.Blank(request.Query, sender.Secrets).Replace("\0", "", StringComparison.Ordinal)));
            // One body for all events of a webhook.
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = row.Index == 0 ? SecretBlanks.Blank(request.Body.Span, sender.Secrets) : [], NpgsqlDbType = NpgsqlDbType.Bytea });
            batch.BatchCommands.Add(command);
        }
        if (replays is { } reject) batch.BatchCommands.Add(Command(Close, Columns.Of(sender.ProjectId), Columns.Of(reject)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select pg_notify('{CallSignal.Channel}', '')"));
        await batch.ExecuteNonQueryAsync(ct);
        signal.Wake();
        return CallStored.Stored;
    }

    private static async Task<bool> AllSeenAsync(NpgsqlConnection connection, Sender sender, byte[][] fingerprints, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select count(*) from call_events where project_id = $1 and sender_id = $2 and fingerprint = any($3)", connection);
        command.Parameters.Add(Columns.Of(sender.ProjectId));
        command.Parameters.Add(Columns.Of(sender.Id));
        command.Parameters.Add(Columns.Of(fingerprints, NpgsqlDbType.Bytea));
        return (long)(await command.ExecuteScalarAsync(ct))! == fingerprints.Length;
    }

    /// <summary>An index entry is bounded; an id beyond all measure is known by its hash.</summary>
    private static string CallId(string externalId)
    {
        var id = externalId.Replace("\0", "", StringComparison.Ordinal);
        return id.Length <= LongestId ? id : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }

    private static byte[] Fingerprint(CallRequest request, string? eventId, int index)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (ReadOnlySpan<string>)[eventId ?? "", request.Method, request.Rest, request.Query, index == 0 ? "" : index.ToString(System.Globalization.CultureInfo.InvariantCulture)])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }
        hash.AppendData(request.Body.Span);
        return hash.GetHashAndReset();
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter<DateTime> Moment(DateTimeOffset value) => new() { TypedValue = value.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter<string?> Text(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    public void Dispose() => _places.Dispose();

    private const string Store = """
        with call as (
            insert into calls (project_id, id, sender_id, site_id, provider, external_id, lead_id, first_seen_at, last_seen_at, fold_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
            on conflict (project_id, sender_id, external_id) do update set revision = calls.revision + 1, fold_at = least(calls.fold_at, excluded.fold_at),
                first_seen_at = least(calls.first_seen_at, excluded.first_seen_at), last_seen_at = greatest(calls.last_seen_at, excluded.last_seen_at)
            returning id, erasure_id is not null as erased)
        insert into call_events (project_id, sender_id, fingerprint, call_id, received_at, event, content_type, query, body)
        -- A call of somebody who was erased goes on without them.
        select $1, $3, $10, call.id, $8, case when erased then anonymous_call_event($11) else $11 end, $12, case when not erased then $13 end, case when erased then '' else $14 end from call
        on conflict do nothing
        """;

    private const string Close = """
        with closed as (
            update rejects set state = 'replayed', closed_at = clock_timestamp()
            where project_id = $1 and id = $2 and state <> 'replayed' returning 1)
        select require_rows((select count(*) from closed), 1)
        """;

    [LoggerMessage(1, LogLevel.Error, "call events of {Provider} could not be stored: SQLSTATE {SqlState}")]
    private partial void LogNotStorable(string sqlState, string provider);

    [LoggerMessage(2, LogLevel.Error, "call events could not be stored")]
    private partial void LogFailed(Exception e);
}
