using LeadIngest.Api.Data;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Passports;
using Npgsql;

namespace LeadIngest.Api.Visits;

/// <summary>A visit as leads and calls ask for it.</summary>
internal sealed record KnownVisit(Guid Id, Guid SiteId, Guid VisitorId, Passport Passport);

/// <summary>Finds visits for those who join something to them. Not finding one is an ordinary answer: its message may have been blocked or be on its way.</summary>
internal sealed class VisitDirectory(Database db, DatabaseGate gate)
{
    /// <summary>A lead waits no longer for its visit.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    /// <summary>Visits remembered, twice at most: most leads come minutes after the beginning of their visit, to the same node.</summary>
    private const int Remembered = 5_000;

    private readonly Lock _turning = new();
    private Dictionary<(Guid, Guid), KnownVisit> _young = [], _old = [];

    /// <summary>Keeps what was just stored at hand; the oldest are forgotten together.</summary>
    public void Remember(VisitFacts visit)
    {
        // A passport that knows nothing yet may still be written: see VisitBatch.
        if (visit.Passport.Channel == Channel.Unknown) return;
        lock (_turning)
        {
            if (_young.Count >= Remembered) (_old, _young) = (_young, []);
            _young[(visit.Site.ProjectId, visit.Id)] = new(visit.Id, visit.Site.SiteId, visit.VisitorId, visit.Passport);
        }
    }

    /// <summary>Passports may have been written again: those at hand are asked for anew.</summary>
    public void Forget()
    {
        lock (_turning) (_old, _young) = ([], []);
    }

    /// <param name="projectId">The project whose visit it must be.</param>
    /// <param name="visitId">As posted; anything that is no id finds nothing.</param>
    /// <param name="ct">Ends the search.</param>
    /// <returns>The visit, or null; never throws for want of a database: a lead must not wait for its visit.</returns>
    public async Task<KnownVisit?> FindAsync(Guid projectId, string? visitId, CancellationToken ct)
    {
        if (!Guid.TryParse(visitId, out var id)) return null;
        lock (_turning)
        {
            if (_young.TryGetValue((projectId, id), out var known) || _old.TryGetValue((projectId, id), out known)) return known;
        }
        if (!gate.IsOpen) return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return await ReadAsync(projectId, id, limit.Token).WaitAsync(Patience, limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException or IOException)
        {
            return null;
        }
    }

    private async Task<KnownVisit?> ReadAsync(Guid projectId, Guid id, CancellationToken ct)
    {
        await using var connection = await db.Ingest.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { Columns.Of(projectId), Columns.Of(id) } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new(id, reader.GetGuid(0), reader.GetGuid(1), StoredPassport.Read(reader, 2)) : null;
    }

    private const string Find = $"select v.site_id, v.visitor_id, {StoredPassport.Columns} from visits v where v.project_id = $1 and v.id = $2";
}
