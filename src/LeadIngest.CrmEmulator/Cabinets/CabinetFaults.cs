namespace LeadIngest.CrmEmulator.Cabinets;

/// <summary>One thing that goes wrong at a cabinet.</summary>
/// <param name="Account">The only one that is hit; null: all.</param>
/// <param name="Code">Direct's <c>error_code</c>.</param>
/// <param name="Status">HTTP.</param>
/// <param name="RetryIn">Seconds that the caller is told to wait.</param>
/// <param name="Ms">Of delay.</param>
internal sealed record CabinetFault(string Kind, string? Account, int? Code, int? Status, int RetryIn, int Ms)
{
    public const string Offline = "offline", BadToken = "bad_token", Points = "points", Error = "error", OfStatus = "status", Micros = "micros", Latency = "latency", Drop = "drop", Short = "short", ExpireTokens = "expire_tokens";

    public static readonly string[] All = [Offline, BadToken, Points, Error, OfStatus, Micros, Latency, Drop, Short, ExpireTokens];

    /// <summary>Requests that it still hits; of <see cref="Offline"/>: so many times a report is not ready yet.</summary>
    public int Left { get; set; } = int.MaxValue;
}

/// <summary>What is wrong now.</summary>
internal sealed class CabinetFaults
{
    private readonly Lock _gate = new();
    private readonly List<CabinetFault> _faults = [];

    public void Add(CabinetFault fault)
    {
        lock (_gate)
            _faults.Add(fault);
    }

    public void Clear()
    {
        lock (_gate)
            _faults.Clear();
    }

    /// <returns>The fault of one of these kinds that hits this request, counted; null: none does.</returns>
    public CabinetFault? Hit(string account, params string[] kinds)
    {
        lock (_gate)
        {
            var fault = _faults.Find(f => kinds.Contains(f.Kind) && f.Left > 0 && (f.Account is null || f.Account == account));
            if (fault is { Left: < int.MaxValue })
                fault.Left--;
            return fault;
        }
    }

    /// <returns>The fault, not counted.</returns>
    public CabinetFault? Find(string account, string kind)
    {
        lock (_gate)
            return _faults.Find(f => f.Kind == kind && f.Left > 0 && (f.Account is null || f.Account == account));
    }
}
