using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>So many requests in any one second per integration and per account; who does not listen is locked out until reset.</summary>
internal sealed class RateLimit(Account account)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ViolationWindow = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Queue<DateTimeOffset>> _taken = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> _all = new();
    private readonly Queue<DateTimeOffset> _violations = new();
    private int _flavour;

    public bool IsBlocked { get; set; }

    /// <returns>The refusal, or null when the request may run. A refused request does not use up the limit.</returns>
    public Answer? Take(string integration, DateTimeOffset now)
    {
        var settings = account.Options;
        if (!_taken.TryGetValue(integration, out var taken))
            _taken[integration] = taken = new Queue<DateTimeOffset>();
        Drop(taken, now - Window);
        Drop(_all, now - Window);
        if (taken.Count < settings.RatePerSecond && _all.Count < settings.AccountRatePerSecond)
        {
            taken.Enqueue(now);
            _all.Enqueue(now);
            return null;
        }
        Drop(_violations, now - ViolationWindow);
        _violations.Enqueue(now);
        IsBlocked = settings.BlockAfterViolations > 0 && _violations.Count >= settings.BlockAfterViolations;
        // The vendor's gateways do not agree on the body; a client has to take all three.
        return (settings.RateAnswer, settings.RateAnswer == "all" ? _flavour++ % 3 : 0) switch
        {
            ("json", _) or ("all", 0) => Problem.TooManyJson(settings.RetryAfterSeconds),
            ("html", _) or ("all", 1) => Answer.Html(429),
            _ => Answer.Empty(429),
        };
    }

    public void Reset()
    {
        IsBlocked = false;
        _violations.Clear();
        _taken.Clear();
        _all.Clear();
    }

    private static void Drop(Queue<DateTimeOffset> times, DateTimeOffset until)
    {
        while (times.TryPeek(out var first) && first <= until)
            times.Dequeue();
    }
}
