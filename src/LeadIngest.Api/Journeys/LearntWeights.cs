using System.Collections.Concurrent;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Core.Attribution;

namespace LeadIngest.Api.Journeys;

/// <summary>What the data-driven models have learnt of one project: of channel, source and medium, not of campaigns.</summary>
/// <param name="Deals">Deals whose path held a touch.</param>
/// <param name="Others">Clients with touches and without a deal.</param>
/// <param name="At">When it was learnt.</param>
internal sealed record Learnt(SourceWeights<TouchSource> Markov, SourceWeights<TouchSource> Shapley, long Deals, long Others, DateTimeOffset At)
{
    /// <summary>What weights are of.</summary>
    public static TouchSource Coarse(TouchSource source) => new(source.Channel, source.Source, source.Medium);
}

/// <summary>
/// Learns from the paths of the last <see cref="Days"/> days, of the clients heard of last, <see cref="MostClients"/> at most, and remembers the result for an hour. Two who ask at once wait for one
/// learning.
/// </summary>
internal sealed class LearntWeights(Database db, TimeProvider clock)
{
    public const int Days = 365;
    public const int MostClients = 50_000;
    private const int MostRemembered = 1_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);
    private readonly ConcurrentDictionary<(Guid Project, TimeSpan Window), (DateTimeOffset Until, Lazy<Task<Learnt>> Learnt)> _projects = new();

    public async Task<Learnt> OfAsync(Guid project, AttributionSettings settings, CancellationToken ct)
    {
        var (now, key) = (clock.GetUtcNow(), (project, settings.DealWindow));
        if (!_projects.TryGetValue(key, out var known) || known.Until <= now || known.Learnt is { IsValueCreated: true, Value.IsFaulted: true } or { IsValueCreated: true, Value.IsCanceled: true })
        {
            if (_projects.Count >= MostRemembered) _projects.Clear();
            var old = known;
            var fresh = (now + Fresh, new Lazy<Task<Learnt>>(() => LearnAsync(project, settings, now)));
            known = _projects.AddOrUpdate(key, fresh, (_, there) => there == old ? fresh : there);
        }
        return await known.Learnt.Value.WaitAsync(ct);
    }

    private async Task<Learnt> LearnAsync(Guid project, AttributionSettings settings, DateTimeOffset now)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        var ct = limit.Token;
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var args = new { ProjectId = project, Since = now.AddDays(-Days), Before = now.AddDays(-Days) - settings.DealWindow, MostClients };
        var deals = (await connection.QueryAsync<(Guid Root, DateTimeOffset At, Guid? Lead)>(new CommandDefinition(Deals, args, cancellationToken: ct))).ToLookup(d => d.Root);
        var paths = new PathCounts<TouchSource>();
        var touches = new List<DealTouch>();
        var (root, converted, others) = (Guid.Empty, 0L, 0L);
        // By client and unbuffered: one client's touches at a time are in memory.
        await foreach (var row in connection.QueryUnbufferedAsync<TouchRow>(Touches, args).WithCancellation(ct))
        {
            if (row.Root != root) Flush();
            root = row.Root;
            if (touches.Count < FamilyTouches.Most) touches.Add(row.Touch());
        }
        Flush();
        return new(Markov.Learn(paths).Weights, new(Shapley.OfConversions(paths)), converted, others, now);

        void Flush()
        {
            if (touches.Count == 0) return;
            var own = deals[root].ToList();
            foreach (var deal in own) Add(DealPath.Of(touches, deal.At, deal.Lead, settings), 1);
            if (own.Count == 0) Add(DealPath.Of(touches, touches.Max(t => t.At), null, settings), 0);
            touches.Clear();
        }

        void Add(DealPath path, int conversions)
        {
            if (path.Steps.Count == 0) return;
            paths.Add([.. path.Steps.Select(s => Learnt.Coarse(s.Source))], conversions, 1 - conversions);
            if (conversions == 1) converted++;
            else others++;
        }
    }

    private const string Recent = """
        recent as materialized (
            select c.id from clients c where c.project_id = @ProjectId and c.merged_into is null and c.last_lead_at >= @Since order by c.last_lead_at desc limit @MostClients),
        family as (
            select c.id, coalesce(c.merged_into, c.id) as root from clients c join recent r on r.id = coalesce(c.merged_into, c.id) where c.project_id = @ProjectId)
        """;

    private const string Deals = $"""
        with {Recent}
        select f.root, coalesce(d.created_at, d.first_seen_at), d.lead_id from family f join deals d on d.project_id = @ProjectId and d.client_id = f.id and d.kind = 'deal' and d.deleted_at is null
        where coalesce(d.created_at, d.first_seen_at) >= @Since
        """;

    private static readonly string Touches = $"""
        with {Recent}
        select * from ({FamilyTouches.FromFamily}) t where at >= @Before order by root
        """;
}
