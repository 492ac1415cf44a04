using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Operations;

/// <summary>
/// The first thing of a stop: the node says that it is not ready, and goes on serving until balancers have noticed
/// (<see cref="OperationsOptions.DrainSeconds"/>). Only then is the port closed.
/// </summary>
internal sealed class Draining(IOptions<OperationsOptions> options, TimeProvider clock) : IHostedLifecycleService
{
    private volatile bool _begun;

    public bool HasBegun => _begun;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _begun = true;
        return Task.Delay(TimeSpan.FromSeconds(options.Value.DrainSeconds), clock, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
