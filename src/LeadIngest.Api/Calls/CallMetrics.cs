using System.Diagnostics.Metrics;

namespace LeadIngest.Api.Calls;

/// <summary>What call webhooks brought and what became of it. Labels name providers and outcomes; nothing personal.</summary>
internal sealed class CallMetrics
{
    private static readonly Meter Meter = new("LeadIngest");
    private readonly Counter<long> _webhooks = Meter.CreateCounter<long>("leadingest_call_webhooks_total");
    private readonly Counter<long> _unknownTokens = Meter.CreateCounter<long>("leadingest_call_unknown_tokens_total");
    private readonly Counter<long> _folds = Meter.CreateCounter<long>("leadingest_call_folds_total");

    /// <param name="provider">A known provider's word, else <c>unknown</c>.</param>
    /// <param name="outcome">stored, repeated, answered, nothing, test, forbidden, rejected, refused.</param>
    public void Webhook(string provider, string outcome) => _webhooks.Add(1, new KeyValuePair<string, object?>("provider", provider), new("outcome", outcome));

    /// <param name="asked">Whether the database was asked for it; false: refused as one of too many.</param>
    public void UnknownToken(bool asked) => _unknownTokens.Add(1, new KeyValuePair<string, object?>("asked", asked ? "yes" : "no"));

    /// <param name="result">lead, updated, kept, waiting, stale, come_again, failed.</param>
    public void Fold(string result) => _folds.Add(1, new KeyValuePair<string, object?>("result", result));
}
