namespace LeadIngest.Crm.Http;

/// <summary>
/// How many leads a batch may carry now. A batch that the CRM could not cope with (504, silence, 5xx) halves the next ones, down to single leads: what is
/// too much, or a lead that breaks the CRM, is found so. After <see cref="Calm"/> batches that went well they are doubled again. Safe for concurrent callers: of
/// batches that failed together none halves more than its own length.
/// </summary>
internal sealed class BatchSize(int longest)
{
    private const int Calm = 10;
    private readonly Lock _gate = new();
    private int _well;
    private volatile int _now = longest;

    public int Longest { get; } = longest;

    public int Now => _now;

    /// <returns>The outcomes as they came.</returns>
    public IReadOnlyList<DeliveryOutcome> Learn(IReadOnlyList<DeliveryOutcome> outcomes)
    {
        lock (_gate)
        {
            if (outcomes.Count > 1 && outcomes.Any(o => o is DeliveryOutcome.Unknown))
            {
                (_now, _well) = (Math.Min(_now, outcomes.Count / 2), 0);
            }
            else if (_now < Longest && outcomes.Any(o => o is DeliveryOutcome.Delivered) && ++_well >= Calm)
            {
                (_now, _well) = (Math.Min(Longest, _now * 2), 0);
            }
        }

        return outcomes;
    }
}
