using Dapper;
using Npgsql;

namespace LeadIngest.Api.Figures;

/// <summary>What some rows of <c>figure_marks</c> name together.</summary>
internal sealed class Marks
{
    public HashSet<DateOnly> VisitDays { get; init; } = [];
    public HashSet<DateOnly> LeadDays { get; init; } = [];
    public HashSet<DateOnly> SpendDays { get; init; } = [];
    public HashSet<DateOnly> DealDays { get; init; } = [];
    public HashSet<Guid> Clients { get; set; } = [];
    public HashSet<Guid> Deals { get; set; } = [];
    public HashSet<Guid> Visitors { get; init; } = [];
    public HashSet<string> Currencies { get; init; } = [];
    public DateOnly? RatesFrom { get; private set; }
    public bool Campaigns { get; private set; }
    public bool Everything { get; private set; }

    /// <summary>Clients, deals and visitors.</summary>
    public int Count => Clients.Count + Deals.Count + Visitors.Count;

    /// <summary>When the oldest of them was left.</summary>
    public DateTimeOffset At { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>There was no row.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>An empty one for what does not fit into a turn; as old as these.</summary>
    public Marks Leftover() => new() { At = At };

    /// <summary>Takes rows away: in the same transaction what they name has to be computed, or put back.</summary>
    public static async Task<Marks> TakeAsync(NpgsqlConnection connection, Guid projectId, bool newest, int most, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Take(newest), connection) { Parameters = { new() { Value = projectId }, new() { Value = most } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var marks = new Marks();
        while (await reader.ReadAsync(ct))
        {
            marks.IsEmpty = false;
            marks.VisitDays.UnionWith(reader.GetFieldValue<DateOnly[]>(0));
            marks.LeadDays.UnionWith(reader.GetFieldValue<DateOnly[]>(1));
            marks.SpendDays.UnionWith(reader.GetFieldValue<DateOnly[]>(2));
            marks.DealDays.UnionWith(reader.GetFieldValue<DateOnly[]>(3));
            marks.Clients.UnionWith(reader.GetFieldValue<Guid[]>(4));
            marks.Deals.UnionWith(reader.GetFieldValue<Guid[]>(5));
            marks.Visitors.UnionWith(reader.GetFieldValue<Guid[]>(6));
            marks.Currencies.UnionWith(reader.GetFieldValue<string[]>(7));
            if (!reader.IsDBNull(8) && reader.GetFieldValue<DateOnly>(8) is var from && !(marks.RatesFrom <= from)) marks.RatesFrom = from;
            marks.Campaigns |= reader.GetBoolean(9);
            marks.Everything |= reader.GetBoolean(10);
            if (reader.GetFieldValue<DateTimeOffset>(11) is var at && at < marks.At) marks.At = at;
        }
        return marks;
    }

    /// <summary>Leaves these for a later turn; nothing when nothing is named.</summary>
    public async Task PutBackAsync(NpgsqlConnection connection, Guid projectId, CancellationToken ct)
    {
        if (VisitDays.Count + LeadDays.Count + SpendDays.Count + DealDays.Count + Clients.Count + Deals.Count == 0) return;
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into figure_marks (project_id, visit_days, lead_days, spend_days, deal_days, clients, deals, marked_at)
            values (@projectId, @VisitDays, @LeadDays, @SpendDays, @DealDays, @Clients, @Deals, @At)
            """, new
        {
            projectId,
            VisitDays = VisitDays.ToArray(),
            LeadDays = LeadDays.ToArray(),
            SpendDays = SpendDays.ToArray(),
            DealDays = DealDays.ToArray(),
            Clients = Clients.ToArray(),
            Deals = Deals.ToArray(),
            At,
        }, cancellationToken: ct));
    }

    private static string Take(bool newest) => $"""
        delete from figure_marks where project_id = $1 and id in (select id from figure_marks where project_id = $1 order by marked_at {(newest ? "desc" : "")} limit $2)
        returning visit_days, lead_days, spend_days, deal_days, clients, deals, visitors, currencies, rates_from, campaigns, everything, marked_at
        """;
}
