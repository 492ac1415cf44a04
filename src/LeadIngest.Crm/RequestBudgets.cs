using System.Collections.Concurrent;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm;

/// <summary>
/// The request limits of the CRM accounts that this process speaks to: one an account, however many connections (with credentials of their own) lead
/// to it, because the CRMs count by account and address, not by credential.
/// </summary>
public sealed class RequestBudgets(TimeProvider clock)
{
    /// <summary>
    /// amoCRM allows 7 requests in any second to an integration. At this even pace the eighth comes 1.13 s after the first: so much later than the others may
    /// one of them arrive before a second holds eight.
    /// </summary>
    private const double AmocrmPerSecond = 6.2;

    /// <summary>Share of a Bitrix24 portal's limits that we take; they count all programs of one address together.</summary>
    private const double Bitrix24Margin = 0.9;

    private readonly ConcurrentDictionary<string, LeakyBucket> _buckets = new(StringComparer.OrdinalIgnoreCase);

    internal LeakyBucket Of(CrmConnection connection, CrmTimings timings) => _buckets.GetOrAdd(Account(connection), _ => connection.Kind == "bitrix24"
        ? Bitrix24(connection.Settings.Plan == "enterprise" ? (5, 250) : (2, 50), timings)
        : new LeakyBucket(timings.RequestsPerSecond ?? AmocrmPerSecond, threshold: 1, clock));

    private LeakyBucket Bitrix24((double Drain, double Threshold) plan, CrmTimings timings) =>
        new(timings.RequestsPerSecond ?? plan.Drain * Bitrix24Margin, plan.Threshold * Bitrix24Margin, clock);

    /// <summary>Kind, host and what stands before the API's own path; user and secret of a webhook are no part of an account.</summary>
    private static string Account(CrmConnection connection)
    {
        var path = connection.BaseAddress.AbsolutePath;
        var rest = path.IndexOf("/rest/", StringComparison.OrdinalIgnoreCase);
        // The plan belongs to the account, but is a setting of the connection: a corrected one takes effect.
        return $"{connection.Kind}/{connection.BaseAddress.Authority}{(rest < 0 ? path.TrimEnd('/') : path[..rest])}/{connection.Settings.Plan}";
    }
}
