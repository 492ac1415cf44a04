using System.Diagnostics.Metrics;

namespace LeadIngest.Api.Connecting;

/// <summary>What the operator watches of logins. Labels name CRMs and classes of outcome.</summary>
internal sealed class ConnectingMetrics
{
    private static readonly Meter Meter = new("LeadIngest");
    private static IReadOnlyList<Stopped> _stopped = [];
    private readonly Counter<long> _refreshes = Meter.CreateCounter<long>("leadingest_crm_token_refreshes_total");
    private readonly Counter<long> _stops = Meter.CreateCounter<long>("leadingest_crm_connections_stopped_total");

    static ConnectingMetrics() => Meter.CreateObservableGauge("leadingest_crm_connections_waiting", () => Volatile.Read(ref _stopped)
        .Select(s => new Measurement<long>(s.Connections, new KeyValuePair<string, object?>("crm", s.Crm), new("state", s.State))));

    /// <summary>Connections that wait for a person.</summary>
    internal sealed record Stopped(string Crm, string State, long Connections);

    /// <param name="crm">amocrm or bitrix24.</param>
    /// <param name="outcome">granted, refused, blocked, failed; moved: the account was found at a new address.</param>
    public void Refreshed(string crm, string outcome) => _refreshes.Add(1, new KeyValuePair<string, object?>("crm", crm), new("outcome", outcome));

    /// <summary>A connection that was working waits for a person now: to be alerted on.</summary>
    public void Stop(string crm, string state) => _stops.Add(1, new KeyValuePair<string, object?>("crm", crm), new("state", state));

    public static void Measured(IReadOnlyList<Stopped> stopped) => Volatile.Write(ref _stopped, stopped);
}
