namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>At most so many calls within any such time; the next waits for its turn, first come first served.</summary>
internal sealed class Pace(int most, TimeSpan window, TimeProvider clock) : IDisposable
{
    private readonly Queue<long> _begun = new();
    private readonly SemaphoreSlim _turn = new(1);

    public async Task WaitAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_begun.Count == most)
            {
                var rest = window - clock.GetElapsedTime(_begun.Peek());
                if (rest > TimeSpan.Zero) await Task.Delay(rest, clock, ct);
                _begun.Dequeue();
            }
            _begun.Enqueue(clock.GetTimestamp());
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
