using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Leads.Feed;

/// <summary>
/// Finds out which leads are new and which have changed, for everybody who listens. One look a project and node, whatever the number of listeners: every
/// <see cref="FeedOptions.PollEvery"/>, and at once when ingest or delivery says that something was stored.
/// </summary>
/// <remarks>
/// What is looked at are the newest <see cref="MostLooked"/> leads of the last hour. All of them each time: nodes commit in another order than they give ids, and a call's lead has
/// the id of the call's first event. A change of an older lead is not told.
/// </remarks>
internal sealed partial class LeadFeed(Database db, DeliverySignal signal, IOptions<FeedOptions> options, TimeProvider clock, IHostApplicationLifetime life, ILogger<LeadFeed> log)
{
    public const int MostLooked = 500;

    private static readonly TimeSpan LooksBack = TimeSpan.FromHours(1);

    /// <summary>Between two looks, however much is going on.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, FeedWatch> _watches = [];
    private int _listeners;

    /// <returns>Null: as many listen as may.</returns>
    public FeedListener? Join(Guid projectId)
    {
        lock (_gate)
        {
            if (_listeners >= options.Value.MaxOfAll) return null;
            if (!_watches.TryGetValue(projectId, out var watch))
            {
                watch = new(projectId);
                _watches.Add(projectId, watch);
                // The look outlives the request that it begins with, and is nobody's.
                _ = OutsideRequest.RunAsync(() => LookAsync(watch));
            }
            else if (watch.Listeners.Count >= options.Value.MaxOfProject) return null;
            var listener = new FeedListener(this, watch);
            watch.Listeners.Add(listener);
            _listeners++;
            return listener;
        }
    }

    public void Leave(FeedListener listener, FeedWatch watch)
    {
        lock (_gate)
        {
            if (!watch.Listeners.Remove(listener)) return;
            _listeners--;
            if (watch.Listeners.Count > 0) return;
            watch.IsOver = true;
            _watches.Remove(watch.ProjectId);
        }
    }

    private async Task LookAsync(FeedWatch watch)
    {
        Dictionary<Guid, string>? before = null;
        var stopping = life.ApplicationStopping;
        while (!stopping.IsCancellationRequested)
        {
            var woken = signal.Next;
            try
            {
                var now = await ReadAsync(watch.ProjectId, stopping);
                if (!Tell(watch, before, now)) return;
                before = now;
                watch.Ready.TrySetResult();
                await Task.Delay(LeastPause < options.Value.PollEvery ? LeastPause : options.Value.PollEvery, clock, stopping);
                await woken.AtMostAsync(options.Value.PollEvery, clock, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                // The database is away, most likely. Listeners stay: what they did not hear of is found by the next look.
                LogFailed(e);
                await Task.Delay(options.Value.PollEvery, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lock (_gate)
                {
                    if (watch.IsOver) return;
                }
            }
        }
    }

    /// <returns>False: nobody listens any more.</returns>
    private bool Tell(FeedWatch watch, Dictionary<Guid, string>? before, Dictionary<Guid, string> now)
    {
        LeadNews[] news = before is null ? [] : [.. now.Where(l => !before.TryGetValue(l.Key, out var state) || state != l.Value).Select(l => new LeadNews(l.Key, !before.ContainsKey(l.Key))).Reverse()];
        // More came since the last look than one look shows.
        var missed = news.Length == MostLooked && news.All(n => n.IsNew);
        lock (_gate)
        {
            if (watch.IsOver) return false;
            if (news.Length > 0)
                foreach (var listener in watch.Listeners) listener.Tell(news, missed);
            return true;
        }
    }

    private async Task<Dictionary<Guid, string>> ReadAsync(Guid projectId, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(Guid Id, string State)>(new CommandDefinition(Newest,
            new { ProjectId = projectId, Since = Guid.CreateVersion7(clock.GetUtcNow() - LooksBack), Most = MostLooked }, cancellationToken: ct));
        return rows.ToDictionary(r => r.Id, r => r.State);
    }

    // Newest first. What a listener may see depends on whose the deals are: that is part of the state.
    private const string Newest = """
        select l.id, concat_ws(' ', l.status, l.client_id,
            (select string_agg(d.state, ',' order by d.id) from deliveries d where d.project_id = l.project_id and d.lead_id = l.id),
            (select string_agg(concat(f.state, f.responsible_id), ',' order by f.id) from deals f where f.project_id = l.project_id and f.lead_id = l.id and f.deleted_at is null)) as state
        from leads l where l.project_id = @ProjectId and l.id > @Since order by l.id desc limit @Most
        """;

    [LoggerMessage(1, LogLevel.Warning, "feed: the look at new leads failed")]
    private partial void LogFailed(Exception e);
}
