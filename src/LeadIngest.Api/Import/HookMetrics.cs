using System.Diagnostics.Metrics;

namespace LeadIngest.Api.Import;

/// <summary>What the CRMs' webhooks brought. Labels name the CRM and the outcome; nothing personal.</summary>
internal sealed class HookMetrics
{
    private static readonly Meter Meter = new("LeadIngest");
    private readonly Counter<long> _hooks = Meter.CreateCounter<long>("leadingest_crm_webhooks_total");

    /// <param name="crm"><c>amocrm</c>, <c>bitrix24</c> or <c>unknown</c>.</param>
    /// <param name="outcome">stored, wrong_secret, wrong_proof, unavailable.</param>
    public void Hook(string crm, string outcome) => _hooks.Add(1, new KeyValuePair<string, object?>("crm", crm), new("outcome", outcome));
}
