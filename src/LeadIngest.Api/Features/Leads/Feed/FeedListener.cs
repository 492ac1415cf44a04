using LeadIngest.Api.Delivery;

namespace LeadIngest.Api.Features.Leads.Feed;

/// <summary>Something about a lead.</summary>
/// <param name="IsNew">False: it was there before, and its status, its client, its deliveries or its deals are others now.</param>
internal readonly record struct LeadNews(Guid Id, bool IsNew);

/// <summary>One who listens: keeps what was told until it is taken. Dispose it to leave.</summary>
internal sealed class FeedListener(LeadFeed feed, FeedWatch watch) : IDisposable
{
    /// <summary>Who is further behind than this is told that something was missed, not what.</summary>
    private const int MostKept = 1_000;

    private readonly Lock _gate = new();
    private readonly DeliverySignal _signal = new();
    private List<LeadNews> _news = [];
    private bool _missed;

    /// <summary>Ends when there is something to take. Get it before taking, await it after.</summary>
    public Task Next => _signal.Next;

    /// <summary>Ends when whatever is stored from now on will be told.</summary>
    public Task Ready => watch.Ready.Task;

    public void Tell(IReadOnlyCollection<LeadNews> news, bool missed)
    {
        lock (_gate)
        {
            _missed |= missed;
            if (_news.Count + news.Count <= MostKept) _news.AddRange(news);
            else
            {
                _missed = true;
                _news = [];
            }
        }
        _signal.Wake();
    }

    /// <param name="missed">There was more than could be kept.</param>
    public IReadOnlyList<LeadNews> Take(out bool missed)
    {
        lock (_gate)
        {
            var news = _news;
            (_news, missed, _missed) = ([], _missed, false);
            return news;
        }
    }

    public void Dispose() => feed.Leave(this, watch);
}

/// <summary>The listeners of one project, who share one look at its leads.</summary>
internal sealed class FeedWatch(Guid projectId)
{
    public Guid ProjectId => projectId;

    /// <summary>Guarded by the feed.</summary>
    public List<FeedListener> Listeners { get; } = [];

    /// <summary>The last one has left: nobody looks any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>Leads were looked at once: what comes after that is news.</summary>
    public TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
