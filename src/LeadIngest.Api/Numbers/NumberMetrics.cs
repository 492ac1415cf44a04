using System.Diagnostics.Metrics;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Numbers;

/// <summary>How often beacons got a number, the overflow number, or none; and how sure calls were matched.</summary>
internal sealed class NumberMetrics
{
    private static readonly Meter Meter = new("LeadIngest");
    private readonly Counter<long> _numbers = Meter.CreateCounter<long>("leadingest_numbers_total");
    private readonly Counter<long> _calls = Meter.CreateCounter<long>("leadingest_number_calls_total");

    public void Lent(LendingResult result)
    {
        if (result.Given > 0) _numbers.Add(result.Given, new KeyValuePair<string, object?>("outcome", "given"));
        if (result.Overflowed > 0) _numbers.Add(result.Overflowed, new KeyValuePair<string, object?>("outcome", "overflow"));
        if (result.Without > 0) _numbers.Add(result.Without, new KeyValuePair<string, object?>("outcome", "none"));
    }

    public void Call(LineMatch match) => _calls.Add(1, new KeyValuePair<string, object?>("match", match.ToString().ToLowerInvariant()));
}
