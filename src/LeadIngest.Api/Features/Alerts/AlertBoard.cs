using System.Collections.Concurrent;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;

namespace LeadIngest.Api.Features.Alerts;

/// <summary>Finds the alerts of projects and remembers them for a moment: every open page asks.</summary>
internal sealed class AlertBoard(Database db, TimeProvider clock)
{
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private const int MostRemembered = 1_000;

    private static readonly string[] Severities = ["error", "warning", "info"];

    private readonly ConcurrentDictionary<Guid, Found> _found = new();

    private sealed record Found(DateTimeOffset At, Lazy<Task<IReadOnlyList<Alert>>> Alerts);

    /// <returns>Of the project as a whole, errors first.</returns>
    public async Task<(IReadOnlyList<Alert> Alerts, DateTimeOffset At)> OfAsync(Guid projectId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_found.Count > MostRemembered) _found.Clear();
        // Not the request's own work: many wait for it, and the first of them may leave.
        var found = _found.AddOrUpdate(projectId, Look, (id, before) => now - before.At < Remembered && !before.Alerts.Value.IsFaulted ? before : Look(id));
        return (await found.Alerts.Value.WaitAsync(ct), found.At);

        Found Look(Guid id) => new(now, new(() => OutsideRequest.RunAsync(() => FindAsync(id, now))));
    }

    private async Task<IReadOnlyList<Alert>> FindAsync(Guid projectId, DateTimeOffset now)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(CancellationToken.None);
        var project = await ReportProject.ReadAsync(connection, projectId, default);
        var alerts = new List<Alert>();
        alerts.AddRange(await AdvertisingAlerts.FindAsync(connection, project, now));
        alerts.AddRange(await CallAlerts.FindAsync(connection, project, now));
        // Replicas lag: what waits to be sent is asked where it is written.
        await using var primary = await db.Reading.OpenConnectionAsync(CancellationToken.None);
        alerts.AddRange(await DeliveryAlerts.FindAsync(primary, projectId, now));
        alerts.AddRange(await UpkeepAlerts.FindAsync(primary, projectId, now));
        alerts.AddRange(await ExportAlerts.FindAsync(primary, projectId, now));
        return [.. alerts.OrderBy(a => Array.IndexOf(Severities, a.Severity))];
    }
}
