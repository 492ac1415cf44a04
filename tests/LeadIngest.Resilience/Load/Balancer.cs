using LeadIngest.Resilience.Rig;

namespace LeadIngest.Resilience.Load;

/// <summary>Chooses who gets the next lead, as a balancer does: in turn among those who lately said that they are ready.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<ServiceProcess> _services;
    private readonly Task _probing;
    private volatile Uri[] _ready;

    public Balancer(IReadOnlyList<ServiceProcess> services)
    {
        _services = services;
        _ready = [.. services.Select(s => s.LeadsAddress)];
        _probing = ProbeAsync();
    }

    /// <summary>True while every process takes leads.</summary>
    public bool HasAll => _ready.Length == _services.Count;

    /// <param name="turn">Grows with every request.</param>
    public Uri Choose(int turn)
    {
        var ready = _ready;
        return ready.Length == 0 ? _services[turn % _services.Count].LeadsAddress : ready[turn % ready.Length];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ProbeAsync()
    {
        while (true)
        {
            var answers = await Task.WhenAll(_services.Select(async s => (s.LeadsAddress, IsReady: await s.IsReadyAsync(_stop.Token))));
            _ready = [.. answers.Where(a => a.IsReady).Select(a => a.LeadsAddress)];
            await Task.Delay(ProbeEvery, _stop.Token);
        }
    }
}
