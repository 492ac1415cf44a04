using System.Text.Json.Nodes;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Preview;

/// <param name="Method">GET or POST.</param>
/// <param name="Path">From the account's host on, with its query; what is secret in it starred out.</param>
/// <param name="Body">As it would go out, secrets starred out; null for what only reads by address.</param>
/// <param name="WasSent">True for a request that only reads and was made to see what the account holds; false: it was not sent.</param>
public sealed record PlannedRequest(string Method, string Path, JsonNode? Body, bool WasSent);

/// <summary>
/// What a lead would do in a CRM account. The account's own implementation runs, and everything that would change the CRM is written down and answered here
/// in the CRM's place: a preview cannot drift from what delivery does.
/// </summary>
/// <param name="Decision">Where the rules send it.</param>
/// <param name="Requests">In order. Ids of what is not made yet are 1, 2, 3…</param>
/// <param name="Outcome">How it would end: <c>Delivered</c>, or why not.</param>
/// <param name="Warnings">What would be left out.</param>
public sealed record DeliveryPreview(RoutingDecision Decision, IReadOnlyList<PlannedRequest> Requests, string Outcome, IReadOnlyList<string> Warnings)
{
    /// <param name="lead">The lead, its steps empty.</param>
    /// <param name="connection">Where it would go.</param>
    /// <param name="timings">Of calls that read.</param>
    /// <param name="budgets">Calls that read count in the account's limits.</param>
    /// <param name="handler">Of calls that read; stays the caller's.</param>
    /// <param name="clock">Of tasks' times.</param>
    /// <param name="tokens">Keeps the access fresh; null: that of the connection never changes.</param>
    /// <param name="ct">The caller's.</param>
    public static async Task<DeliveryPreview> RunAsync(OutgoingLead lead, CrmConnection connection, CrmTimings timings, RequestBudgets budgets, HttpMessageHandler handler,
        TimeProvider clock, ICrmTokens? tokens, CancellationToken ct)
    {
        var decision = RoutingRules.Decide(lead, connection.Settings, clock.GetUtcNow());
        // Nobody's turn is taken by a look: whoever is first stands for those who take turns.
        using var recorder = new RecordingHandler(connection, handler);
        await using var account = CrmAccounts.Create(connection, timings, budgets, recorder, clock, tokens);
        var (outcome, warnings) = ((await account.SendAsync([lead], new Free(), ct).ConfigureAwait(false))[0], new List<string>());
        for (var ways = 0; outcome is DeliveryOutcome.Redirected other && ways < MostWays; ways++)
        {
            warnings.AddRange(other.Warnings);
            lead = lead with { Kind = other.Kind, DealId = other.DealId, Steps = other.Steps };
            decision = RoutingRules.Decide(lead, connection.Settings, clock.GetUtcNow());
            outcome = (await account.SendAsync([lead], new Free(), ct).ConfigureAwait(false))[0];
        }

        return new DeliveryPreview(decision, recorder.Requests, outcome switch
        {
            DeliveryOutcome.Delivered => "Delivered",
            DeliveryOutcome.NotExecuted no => no.Why,
            DeliveryOutcome.Unknown unknown => unknown.Why,
            DeliveryOutcome.Refused refused => refused.Why,
            DeliveryOutcome.CredentialsRefused refused => refused.Why,
            DeliveryOutcome.AccountBlocked blocked => blocked.Why,
            _ => outcome.GetType().Name,
        }, [.. warnings, .. outcome.Warnings]);
    }

    private const int MostWays = 5;

    private sealed class Free : ICallGuard
    {
        public bool MayCall => true;
    }
}
