namespace LeadIngest.Resilience.Trouble;

/// <summary>Time between two troubles.</summary>
internal static class Pause
{
    public static TimeSpan Between(Random dice, double shortest, double longest) => TimeSpan.FromSeconds(shortest + dice.NextDouble() * (longest - shortest));

    /// <returns>False when there is to be no more trouble.</returns>
    public static async Task<bool> PassesAsync(TimeSpan time, CancellationToken enough)
    {
        await Task.Delay(time, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !enough.IsCancellationRequested;
    }
}
