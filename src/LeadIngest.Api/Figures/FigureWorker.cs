using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;

namespace LeadIngest.Api.Figures;

/// <summary>Looks every few seconds which projects have marks, and lets <see cref="FigureKeeper"/> take turns at them. Harmless on every node.</summary>
internal sealed class FigureWorker(Database db, FigureKeeper keeper, TimeProvider clock, ILogger<FigureWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan PlaceEvery = TimeSpan.FromSeconds(20);

    private long _placed;

    /// <summary>After so many turns in a row the other projects are looked at.</summary>
    private const int TurnsInARow = 8;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => new SteadyLoop("figures", clock, log).RunAsync(RoundAsync, stoppingToken);

    private async Task RoundAsync(CancellationToken ct)
    {
        List<(Guid Project, double Age)> due;
        await using (var connection = await db.Figures.OpenConnectionAsync(ct))
            due = [.. await connection.QueryAsync<(Guid, double)>(new CommandDefinition(Due, cancellationToken: ct))];
        FigureMetrics.Measured(due.Count == 0 ? 0 : due.Max(d => d.Age));
        var more = false;
        Exception? fault = null;
        foreach (var (project, _) in due)
        {
            try
            {
                var turns = 0;
                while (turns < TurnsInARow && await keeper.TurnAsync(project, newest: turns % 2 == 0, wait: false, ct)) turns++;
                more |= turns == TurnsInARow;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One project's trouble does not hold up the others; its marks are all there.
                fault = e;
            }
        }
        if (fault is not null) throw fault;
        if (clock.GetElapsedTime(_placed) > PlaceEvery)
        {
            _placed = clock.GetTimestamp();
            await keeper.PlaceAsync(ct);
            await keeper.LearnNextAsync(ct);
        }
        if (!more) await Task.Delay(Pause, clock, ct);
    }

    private const string Due = """
        select p.project_id, coalesce(extract(epoch from clock_timestamp() - (select min(m.marked_at) from figure_marks m where m.project_id = p.project_id))::float8, 0)
        from projects p where exists (select 1 from figure_marks m where m.project_id = p.project_id)
            or exists (select 1 from figure_rebuilds r where r.project_id = p.project_id and r.part <> 'done')
        """;
}
