using System.Text.Json;
using Dapper;
using LeadIngest.Crm;
using LeadIngest.Crm.Routing;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>
/// Chooses among users who take turns. The counter is advanced and the choice kept in the delivery's steps in the very transaction that claims it: whatever
/// node sends it, and however often, no lead takes two turns and no turn is skipped.
/// </summary>
internal sealed class Turns(NpgsqlDataSource db)
{
    private readonly OutgoingLeads _leads = new(db);

    /// <returns>Those of the rows whose rule has users that take turns, and for whom nobody was chosen yet; in the rows' order.</returns>
    public async Task<IReadOnlyList<(Guid Delivery, Turn Turn)>> WantedAsync(ConnectionRow connection, IReadOnlyList<Claim> rows, CancellationToken ct)
    {
        if (Settings(connection) is not { Routing: { } routing } settings || !TakesTurns(routing)) return [];
        var deals = rows.Where(r => r.Kind == OutgoingKind.Deal).ToList();
        if (deals.Count == 0) return [];
        var loaded = await _leads.LoadAsync(connection, deals, ct);
        return [.. from row in deals
            let lead = loaded[row.Id].Lead
            where lead is not null
            // Only the user matters here: what a task would be due by does not.
            let turn = RoutingRules.Decide(lead, settings, lead.ReceivedAt).Turn
            where turn is not null
            select (row.Id, turn)];
    }

    public static async Task TakeAsync(NpgsqlConnection session, NpgsqlTransaction tx, ConnectionRow connection, IReadOnlyList<(Guid Delivery, Turn Turn)> wanted, CancellationToken ct)
    {
        // In one order everywhere, or two connections' claims could wait for each other.
        foreach (var counter in wanted.GroupBy(w => w.Turn.Counter).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var rows = counter.ToList();
            var taken = await session.ExecuteScalarAsync<long>(new CommandDefinition(Advance,
                new { connection.ProjectId, Connection = connection.Id, Rule = counter.Key, Turns = rows.Count }, tx, cancellationToken: ct)) - rows.Count;
            await session.ExecuteAsync(new CommandDefinition(Keep, new
            {
                connection.ProjectId,
                Ids = rows.Select(r => r.Delivery).ToArray(),
                Users = rows.Select((r, i) => r.Turn.At(taken + i).ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray(),
                Step.Responsible,
            }, tx, cancellationToken: ct));
        }
    }

    private static bool TakesTurns(RoutingSettings routing) =>
        (routing.Rules ?? []).Select(r => r.Then.Responsible).Append(routing.Always?.Responsible).Any(c => c?.Users?.Count > 1);

    // Settings that cannot be read stop the account before anything is claimed.
    private static ConnectionSettings? Settings(ConnectionRow connection) => JsonSerializer.Deserialize<ConnectionSettings>(connection.Settings, JsonSerializerOptions.Web);

    private const string Advance = """
        insert into routing_turns as t (project_id, connection_id, rule, taken) values (@ProjectId, @Connection, @Rule, @Turns)
        on conflict (project_id, connection_id, rule) do update set taken = t.taken + excluded.taken
        returning taken
        """;

    private const string Keep = """
        update deliveries d set steps = coalesce(d.steps, '{}') || jsonb_build_object(@Responsible, u.user_id)
        from unnest(@Ids::uuid[], @Users::text[]) u (id, user_id)
        where d.project_id = @ProjectId and d.id = any(@Ids) and d.id = u.id
        """;
}
