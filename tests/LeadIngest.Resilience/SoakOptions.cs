using System.Globalization;

namespace LeadIngest.Resilience;

/// <summary>From the environment: <c>SMOKE=1</c> the short form, <c>SEED=</c> replays a run, <c>ONLY=kills,faults</c> some scenarios.</summary>
internal sealed record SoakOptions(bool Smoke, int Seed, IReadOnlyList<string> Only)
{
    public static SoakOptions Read()
    {
        var seed = Environment.GetEnvironmentVariable("SEED");
        return new SoakOptions(
            Environment.GetEnvironmentVariable("SMOKE") is { Length: > 0 } smoke && smoke != "0",
            int.TryParse(seed, CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next(1, 1_000_000),
            [.. (Environment.GetEnvironmentVariable("ONLY") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]);
    }

    /// <summary>The figure of the short form, or of the long one.</summary>
    public T Pick<T>(T smoke, T full) => Smoke ? smoke : full;
}
