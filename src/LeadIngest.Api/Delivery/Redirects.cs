using Dapper;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Delivery;

/// <summary>What a row becomes whose deal was closed, deleted or merged in the CRM: written before it is sent, so that a doubt looks for the right thing.</summary>
/// <param name="Kind">The row's new kind.</param>
/// <param name="DealId">The card of a note or a call's entry; null for a deal, and for a note that has to look for one.</param>
/// <param name="MergedFrom">The deal that is a part of <paramref name="DealId"/> now.</param>
internal sealed record Redirect(OutgoingKind Kind, string? DealId, string? MergedFrom = null)
{
    /// <summary>After so many the row takes what needs no deal.</summary>
    public const int Most = 5;
}

/// <summary>Keeps enquiries one deal each while their rows go other ways, and remembers what the CRM told about its deals.</summary>
internal static class Redirects
{
    /// <summary>
    /// Of several rows whose deal is gone only the first becomes a deal; the others look for one again, and find that. Order: <see cref="Choice"/> lets none of them
    /// past it.
    /// </summary>
    public static List<Ended> OneDealEach(List<Ended> ended)
    {
        var rest = ended.Where(e => e.Ending.To is { Kind: OutgoingKind.Deal }).GroupBy(e => (e.Claim.ClientId, e.Claim.DealId)).SelectMany(g => g.OrderBy(e => e.Claim.Id).Skip(1)).ToHashSet();
        return rest.Count == 0 ? ended : [.. ended.Select(e => rest.Contains(e) ? e with { Ending = e.Ending with { To = new Redirect(OutgoingKind.Note, null), Warnings = [], Error = null } } : e)];
    }

    /// <param name="session">With the transaction that writes the rows.</param>
    /// <param name="tx">That transaction.</param>
    /// <param name="connection">Whose deals they are.</param>
    /// <param name="redirected">Rows that were written.</param>
    /// <param name="ct">The caller's.</param>
    public static async Task RememberAsync(NpgsqlConnection session, NpgsqlTransaction tx, ConnectionRow connection, IReadOnlyList<Ended> redirected, CancellationToken ct)
    {
        var heirs = redirected.Where(e => e.Ending.To is { Kind: OutgoingKind.Deal }).Select(e => e.Claim.Id).ToArray();
        if (heirs.Length > 0)
            await session.ExecuteAsync(new CommandDefinition(Inherit, new { connection.ProjectId, Connection = connection.Id, Ids = heirs }, tx, cancellationToken: ct));
        foreach (var (client, to) in redirected.Where(e => e.Ending.To is { MergedFrom: not null }).Select(e => (e.Claim.ClientId, e.Ending.To!)).Distinct())
            await session.ExecuteAsync(new CommandDefinition(Merge, new { connection.ProjectId, Connection = connection.Id, Client = client, From = to.MergedFrom, Into = to.DealId }, tx, cancellationToken: ct));
    }

    // A repeat has no lead before it that its deal would be shared with.
    private const string Inherit = """
        update deliveries p set heir_id = d.id
        from deliveries d join leads l on l.project_id = d.project_id and l.id = d.lead_id
        where d.project_id = @ProjectId and d.id = any(@Ids) and p.project_id = @ProjectId and p.lead_id = l.duplicate_of and p.connection_id = @Connection and p.kind <> 'call'
        """;

    private const string Merge = """
        update deliveries set remote_lead_id = @Into
        where project_id = @ProjectId and connection_id = @Connection and remote_lead_id = @From and state = 'delivered'
            and lead_id in (
                select l.id from leads l where l.project_id = @ProjectId
                    and l.client_id in (select @Client union all select m.id from clients m where m.project_id = @ProjectId and m.merged_into = @Client))
        """;
}
