using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Faults;

/// <summary>Which faults are on, and the dice.</summary>
internal sealed class FaultBoard(EmulatorOptions options, TimeProvider clock)
{
    private const int DefaultHangMs = 60_000;
    private const int DefaultLagMs = 10_000;
    private const int DefaultHookMs = 500;

    private readonly Lock _gate = new();
    private readonly Random _dice = options.Seed is { } seed ? new Random(seed) : new Random();
    private Fault[] _faults = [];
    private int _lastId;

    public Fault Add(string crm, string kind, double? probability, int? ms, int? status, double? seconds, string? account = null, string? path = null, int? times = null)
    {
        var now = clock.GetUtcNow();
        // A lag given in seconds alone says how long the lag is; with ms it says how long the fault stays on.
        if (kind == FaultKinds.SearchLag && ms is null && seconds is { } lag)
            (ms, seconds) = ((int)(lag * 1000), null);
        ms ??= kind switch { FaultKinds.Hang => DefaultHangMs, FaultKinds.SearchLag => DefaultLagMs, FaultKinds.Latency or FaultKinds.Late => 1000, FaultKinds.HookDelay or FaultKinds.HookReorder => DefaultHookMs, _ => 0 };
        lock (_gate)
        {
            var fault = new Fault(++_lastId, crm, kind, probability ?? 1, ms.Value, status, now, seconds is { } s ? now.AddSeconds(s) : null, account, path) { Left = times };
            _faults = [.. _faults.Where(f => f.IsOn(now)), fault];
            return fault;
        }
    }

    public Fault[] List()
    {
        var now = clock.GetUtcNow();
        return [.. _faults.Where(f => f.IsOn(now))];
    }

    public void Clear()
    {
        lock (_gate)
            _faults = [];
    }

    /// <summary>The last <c>rate_limit</c> that is on decides; without any, the option does.</summary>
    public bool RateLimits(string crm, string host)
    {
        if (_faults.Length == 0)
            return options.RateLimits;
        var now = clock.GetUtcNow();
        var last = Array.FindLast(_faults, f => f.Kind == FaultKinds.RateLimit && f.Hits(crm, host, now));
        return last is null ? options.RateLimits : last.Probability > 0;
    }

    /// <summary>How long a new record stays invisible to searches.</summary>
    public TimeSpan SearchLag(string crm, string host)
    {
        if (_faults.Length == 0)
            return TimeSpan.Zero;
        var now = clock.GetUtcNow();
        var last = Array.FindLast(_faults, f => f.Kind == FaultKinds.SearchLag && f.Hits(crm, host, now));
        return last is null ? TimeSpan.Zero : TimeSpan.FromMilliseconds(last.Ms);
    }

    public Verdict Roll(string crm, string host, HttpRequest request)
    {
        var faults = _faults;
        if (faults.Length == 0)
            return default;
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var verdict = default(Verdict);
            foreach (var fault in faults)
            {
                if (fault.Kind is FaultKinds.RateLimit or FaultKinds.SearchLag || FaultKinds.IsOfHooks(fault.Kind) || !fault.Hits(crm, host, now))
                    continue;
                if (fault.Path is { } part && !$"{request.Method} {request.Path}{request.QueryString}".Contains(part, StringComparison.OrdinalIgnoreCase))
                    continue;
                if (_dice.NextDouble() >= fault.Probability)
                    continue;
                fault.Left--;
                verdict = Apply(verdict, fault);
            }
            return verdict;
        }
    }

    public HookVerdict RollHook(string crm)
    {
        var faults = _faults;
        if (faults.Length == 0)
            return default;
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var verdict = default(HookVerdict);
            foreach (var fault in faults.Where(f => FaultKinds.IsOfHooks(f.Kind) && f.Hits(crm, now) && _dice.NextDouble() < f.Probability))
            {
                fault.Left--;
                verdict = fault.Kind switch
                {
                    FaultKinds.HookDrop => verdict with { IsDropped = true },
                    FaultKinds.HookDuplicate => verdict with { IsDoubled = true },
                    // Some wait and others do not: that is what puts them out of order.
                    FaultKinds.HookReorder => verdict with { DelayMs = verdict.DelayMs + (_dice.Next(2) * fault.Ms) },
                    _ => verdict with { DelayMs = verdict.DelayMs + fault.Ms },
                };
            }
            return verdict;
        }
    }

    private Verdict Apply(Verdict verdict, Fault fault) => fault.Kind switch
    {
        FaultKinds.Latency => verdict with { DelayMs = verdict.DelayMs + fault.Ms },
        FaultKinds.ExpireTokens => verdict with { TokensExpiredAt = fault.Since },
        FaultKinds.StatusBefore or FaultKinds.DropBefore or FaultKinds.Down => verdict with { Before = verdict.Before ?? fault },
        FaultKinds.StatusAfter or FaultKinds.DropAfter or FaultKinds.Truncated or FaultKinds.Late => verdict with { After = verdict.After ?? fault },
        // A hang and a gateway's page leave the caller in doubt: whether the work was done is decided by the dice.
        _ => _dice.Next(2) == 0 ? verdict with { Before = verdict.Before ?? fault } : verdict with { After = verdict.After ?? fault },
    };

    /// <param name="done">The answer to work that was done, or null.</param>
    public static Answer? AnswerOf(Fault fault, ICrm crm, Answer? done) => fault.Kind switch
    {
        FaultKinds.Late => done,
        FaultKinds.Truncated when done is not null => done with { Body = done.Body[..(done.Body.Length / 2)] },
        FaultKinds.Html => Answer.Html(fault.Status ?? 502),
        FaultKinds.StatusBefore => crm.Failure(fault.Status ?? 500),
        FaultKinds.StatusAfter => crm.Failure(fault.Status ?? 504),
        FaultKinds.Down when fault.Status is { } status => Answer.Html(status),
        _ => null,
    };
}
