using LeadIngest.Api.Data;
using LeadIngest.Core.Texts;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>One turn with one cabinet: what is due of it, a part at a time. Nothing is held in memory between two parts, so a node that dies is gone on for by any other.</summary>
internal sealed class CabinetWork(Database db, CabinetDoor door, CabinetMetrics metrics, TimeProvider clock, IOptions<CabinetOptions> options, ILogger<CabinetWork> log)
{
    /// <summary>Then others have their turn.</summary>
    private const int PartsATurn = 8;

    public async Task RunAsync(CabinetLease lease, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, lease.Lost);
        var ct = either.Token;
        var queue = new CabinetQueue(db.Reading, clock, lease);
        try
        {
            if (!await queue.ScheduleAsync(ct)) return;
            for (var part = 0; part < PartsATurn && await queue.NextAsync(ct) is { } load; part++)
            {
                if (!await LoadAsync(queue, lease, load, ct)) return;
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Stopping, or somebody else's by now. What was not written is asked for again.
        }
    }

    /// <returns>False: no more of this cabinet now.</returns>
    private async Task<bool> LoadAsync(CabinetQueue queue, CabinetLease lease, DueLoad load, CancellationToken ct)
    {
        var cabinet = lease.Row;
        var (from, to) = load.Part(cabinet);
        var end = door.Open(cabinet, lease) is { } open ? await open.LoadAsync(from, to, load.Id, ct) : CabinetDoor.Unreadable;
        metrics.Asked(cabinet.Kind, end);
        switch (end)
        {
            case CabinetEnd.Loaded loaded:
                log.Loaded(cabinet.AccountId, cabinet.Kind, load.Reason, from, to, loaded.Lines.Count);
                return await queue.LoadedAsync(load, from, to, loaded, ct);
            case CabinetEnd.Building building:
                await queue.WaitAsync(load, building.Why, Within(building.After), ct);
                return false;
            case CabinetEnd.TooMuch much when to > from:
                return await queue.FailedAsync(load, much.Why + " Fewer days are asked for.", TimeSpan.Zero, (to.DayNumber - from.DayNumber + 1) / 2, ct);
            case CabinetEnd.TooMuch much:
                await FailedAsync(much.Why + " It was one day alone: choose a coarser level.", null);
                return false;
            case CabinetEnd.TryLater later:
                await FailedAsync(later.Why, later.After);
                return false;
            case CabinetEnd.Refused refused:
                log.Stopped(cabinet.AccountId, cabinet.Kind, PersonalData.Mask(refused.Why)!);
                metrics.Stopped(cabinet.Kind);
                await queue.StopAsync(refused.Why, ct);
                return false;
            default:
                throw new InvalidOperationException(end.ToString());
        }

        Task FailedAsync(string why, TimeSpan? told)
        {
            var pause = options.Value.PauseAfter(load.Attempts + 1);
            log.Failed(cabinet.AccountId, cabinet.Kind, from, to, PersonalData.Mask(why)!);
            return queue.FailedAsync(load, why, told > pause ? told.Value : pause, null, ct);
        }
    }

    private static TimeSpan Within(TimeSpan told) => told < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : told < TimeSpan.FromMinutes(10) ? told : TimeSpan.FromMinutes(10);
}
