using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>So many requests in any one second per token; who does not listen is locked out until reset.</summary>
internal sealed class RateLimit(AmocrmOptions options)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ViolationWindow = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Queue<DateTimeOffset>> _taken = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> _violations = new();
    private int _flavour;

    public bool IsBlocked { get; set; }

    /// <returns>The refusal, or null when the request may run. A refused request does not use up the limit.</returns>
    public Answer? Take(string token, DateTimeOffset now)
    {
        if (IsBlocked)
            return Answer.Html(403);
        if (!_taken.TryGetValue(token, out var taken))
            _taken[token] = taken = new Queue<DateTimeOffset>();
        Drop(taken, now - Window);
        if (taken.Count < options.RatePerSecond)
        {
            taken.Enqueue(now);
            return null;
        }
        Drop(_violations, now - ViolationWindow);
        _violations.Enqueue(now);
        IsBlocked = options.BlockAfterViolations > 0 && _violations.Count >= options.BlockAfterViolations;
        // The vendor's gateways do not agree on the body; a client has to take all three.
        return (_flavour++ % 3) switch
        {
            0 => Problem.TooManyJson(options.RetryAfterSeconds),
            1 => Answer.Html(429),
            _ => Answer.Empty(429),
        };
    }

    public void Reset()
    {
        IsBlocked = false;
        _violations.Clear();
        _taken.Clear();
    }

    private static void Drop(Queue<DateTimeOffset> times, DateTimeOffset until)
    {
        while (times.TryPeek(out var first) && first <= until)
            times.Dequeue();
    }
}
