namespace LeadIngest.Core.Metrics;

/// <summary>Counts a funnel deal by deal, for cohorts that are read as a stream: what it keeps is a number for each stay, not the deals.</summary>
public sealed class FunnelCount
{
    /// <summary>Known, and no step of the funnel: lost.</summary>
    private const int Aside = -1;

    private const int Unknown = -2;

    private readonly Dictionary<string, (int Place, StageKind Kind)> _stages;
    private readonly string[] _open;
    private readonly long[] _entered, _reached, _jumped, _standing, _lostHere;
    private readonly List<long>[] _stays;
    private readonly Dictionary<(string? Reason, string? Stage), long> _lost = [];
    private long _deals, _reopened, _elsewhere;

    /// <param name="stages">Of the pipeline, in its order.</param>
    public FunnelCount(IReadOnlyList<FunnelStage> stages)
    {
        _open = [.. stages.Where(s => s.Kind == StageKind.Open).Select(s => s.Id)];
        var place = _open.Index().ToDictionary(s => s.Item, s => s.Index, StringComparer.Ordinal);
        _stages = stages.ToDictionary(s => s.Id, s => (s.Kind switch { StageKind.Won => _open.Length, StageKind.Lost => Aside, _ => place[s.Id] }, s.Kind), StringComparer.Ordinal);
        // The last place is winning.
        (_entered, _reached, _jumped, _standing, _lostHere) = (new long[_open.Length + 1], new long[_open.Length + 1], new long[_open.Length + 1], new long[_open.Length + 1], new long[_open.Length + 1]);
        _stays = [.. _open.Select(_ => new List<long>())];
    }

    /// <param name="entries">Of one deal, in the order of time; none: it counts as a deal only.</param>
    public void Add(ReadOnlySpan<StageEntry> entries)
    {
        _deals++;
        if (entries.Length == 0) return;
        Span<bool> stood = stackalloc bool[_open.Length + 1];
        Span<long> stays = stackalloc long[_open.Length + 1];
        var (furthest, place, wasLost, reopened) = (Unknown, Unknown, false, false);
        for (var at = 0; at < entries.Length; at++)
        {
            var kind = StageKind.Open;
            (place, kind) = _stages.GetValueOrDefault(entries[at].StageId, (Unknown, StageKind.Open));
            var isLost = place == Aside && kind == StageKind.Lost;
            reopened |= wasLost && !isLost;
            wasLost = isLost;
            if (place < 0) continue;
            stood[place] = true;
            furthest = Math.Max(furthest, place);
            if (at + 1 < entries.Length) stays[place] += (entries[at + 1].At - entries[at].At).Ticks;
        }
        for (var at = 0; at <= _open.Length; at++)
        {
            if (stood[at]) _entered[at]++;
            if (at <= furthest && (at < _open.Length || place == at)) _reached[at]++;
            if (at < furthest && !stood[at]) _jumped[at]++;
            if (at < _open.Length && stood[at] && place != at) _stays[at].Add(stays[at]);
        }
        if (place >= 0) _standing[place]++;
        else if (place == Unknown) _elsewhere++;
        if (reopened) _reopened++;
        if (!wasLost || Funnel.Loss(entries, IsLost) is not { } loss) return;
        if (loss.StageId is not null && _stages.TryGetValue(loss.StageId, out var before) && before.Place >= 0) _lostHere[before.Place]++;
        _lost[(loss.Reason, loss.StageId)] = _lost.GetValueOrDefault((loss.Reason, loss.StageId)) + 1;
    }

    /// <summary>Of the deals so far.</summary>
    public FunnelReport Report()
    {
        var steps = Enumerable.Range(0, _open.Length + 1).Select(at =>
        {
            var (median, slow) = at < _open.Length ? Quantiles(_stays[at]) : (null, null);
            return new FunnelStep(at < _open.Length ? _open[at] : null, _entered[at], _reached[at], _jumped[at], _standing[at], _lostHere[at],
                new(_reached[at], at == 0 ? _deals : _reached[at - 1]), new(_reached[at], _deals), median, slow);
        });
        return new(_deals, [.. steps], [.. _lost.Select(l => new LostDeals(l.Key.Reason, l.Key.Stage, l.Value)).OrderByDescending(l => l.Deals).ThenBy(l => l.Reason, StringComparer.Ordinal)
            .ThenBy(l => l.StageId, StringComparer.Ordinal)], _reopened, _elsewhere);
    }

    private static (TimeSpan?, TimeSpan?) Quantiles(List<long> ticks)
    {
        if (ticks.Count == 0) return (null, null);
        ticks.Sort();
        return (TimeSpan.FromTicks((long)Metrics.Quantiles.Of(ticks, 0.5m)), TimeSpan.FromTicks((long)Metrics.Quantiles.Of(ticks, 0.9m)));
    }

    private bool IsLost(StageEntry entry) => _stages.TryGetValue(entry.StageId, out var stage) && stage.Kind == StageKind.Lost;
}
