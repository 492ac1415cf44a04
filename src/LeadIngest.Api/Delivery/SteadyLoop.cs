namespace LeadIngest.Api.Delivery;

/// <summary>Repeats a turn until it is told to stop. A turn that fails is tried again after 1 to 30 s; the log gets one line when that begins and one when it is over.</summary>
internal sealed class SteadyLoop(string name, TimeProvider clock, ILogger log)
{
    public async Task RunAsync(Func<CancellationToken, Task> turn, CancellationToken stopping)
    {
        var pause = TimeSpan.Zero;
        while (!stopping.IsCancellationRequested)
        {
            var began = clock.GetTimestamp();
            try
            {
                await turn(stopping);
                if (pause > TimeSpan.Zero) log.Up(name);
                pause = TimeSpan.Zero;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A turn that lasted was a good one: its end is a new event.
                if (clock.GetElapsedTime(began) > Longest) pause = TimeSpan.Zero;
                if (pause == TimeSpan.Zero) log.Down(e, name);
                pause = pause == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : Min(pause * 2, Longest);
                await Task.Delay(pause, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
