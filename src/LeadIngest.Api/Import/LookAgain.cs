using LeadIngest.Api.Delivery;
using LeadIngest.Api.Ingest;
using LeadIngest.Crm;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Import;

/// <summary>
/// Cards that reading itself wants to see again, kept as webhooks are: a restart forgets none. Nothing is taken for gone that was not asked for by its id.
/// </summary>
internal static class LookAgain
{
    /// <summary>As <c>content_type</c>: what is found by it causes no further look, so that two cards with one phone do not ask for each other for ever.</summary>
    public const string Recheck = "recheck";

    /// <summary>As <c>content_type</c>: named by the CRM's own log.</summary>
    public const string Log = "log";

    /// <summary>More of them wait for the next time.</summary>
    public const int MostAtOnce = 500;

    /// <param name="connection">Whose cards these are.</param>
    /// <param name="why">As <c>content_type</c>.</param>
    /// <param name="keys">Asked for in this order.</param>
    public static NpgsqlBatchCommand At(ConnectionRow connection, string why, IReadOnlyList<ContactKey> keys) => Command(Ask, connection,
        Columns.Of(keys.Select(CrmEvent.Text).Distinct().ToArray(), NpgsqlDbType.Text), new NpgsqlParameter<string> { TypedValue = why });

    /// <summary>What the CRM's log says of the time since: deleted cards that are known here, and cards that came back or swallowed others.</summary>
    public static NpgsqlBatchCommand AtTold(ConnectionRow connection, ContactsRead.Page page) => Command(AskTold, connection,
        Columns.Of(page.Gone.Select(CrmEvent.Text).ToArray(), NpgsqlDbType.Text), Columns.Of(page.Gone.Select(k => CardIdentity.Of(connection.Id, k)).ToArray(), NpgsqlDbType.Text),
        Columns.Of(page.Told.Select(CrmEvent.Text).Distinct().ToArray(), NpgsqlDbType.Text));

    /// <summary>
    /// Takes cards that are gone from their clients, and looks again at the cards of those that were held for the same people: one of them may have swallowed it.
    /// </summary>
    public static NpgsqlBatchCommand AtGone(ConnectionRow connection, IReadOnlyList<ContactKey> gone) => Command(Forget, connection,
        Columns.Of(gone.Select(k => CardIdentity.Of(connection.Id, k)).ToArray(), NpgsqlDbType.Text),
        new NpgsqlParameter<string> { TypedValue = CardIdentity.Prefix(connection.Id, ContactKind.Contact) });

    private static NpgsqlBatchCommand Command(string sql, ConnectionRow connection, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in (NpgsqlParameter[])[Columns.Of(connection.ProjectId), Columns.Of(connection.Id), .. parameters]) command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>In SQL: asks for <c>cards</c> (text[]) of a relation <c>asked</c>; the same cards for the same reason are one row.</summary>
    /// <param name="why">A text in SQL.</param>
    public static string Insert(string why) => $"""
        insert into crm_events (project_id, id, connection_id, content_type, body, body_sha256, pending)
        select $1, gen_random_uuid(), $2, {why}, convert_to(array_to_string(cards, ','), 'UTF8'), sha256(convert_to({why} || ':' || array_to_string(cards, ','), 'UTF8')), cards
        from asked where cardinality(cards) > 0
        on conflict (project_id, connection_id, body_sha256) do update set received_at = clock_timestamp(), pending = excluded.pending
        """;

    private static readonly string Ask = $"with asked as (select $3 as cards) {Insert("$4")}";

    // What was deleted comes first: a card that swallowed others is read when they are known to be gone.
    private static readonly string AskTold = $"""
        with known as (
            select d.card, d.n from unnest($3, $4) with ordinality as d (card, value, n)
            where exists (select 1 from identities i where i.project_id = $1 and i.kind = 'crm_contact' and i.value = d.value)),
        asked as (select array(select card from known order by n) || array(select t from unnest($5) t where t not in (select card from known)) as cards)
        {Insert("'log'")}
        """;

    // Looks by key for each, which no plan can turn into a reading of all clients.
    private static string Root(string client) =>
        $"cross join lateral (select coalesce(c.merged_into, c.id) as root from clients c where c.project_id = $1 and c.id = {client} limit 1) c";

    private static string Family(string roots) => $"""
        select root as id from {roots}
        union all select m.id from {roots} r cross join lateral (select m.id from clients m where m.project_id = $1 and m.merged_into = r.root offset 0) m
        """;

    // Clients merged into others stand for their family, on both sides of a suggestion.
    private static readonly string Forget = $"""
        with gone as (
            delete from identities where project_id = $1 and kind = 'crm_contact' and value = any($3) returning value, client_id),
        kept as (
            insert into identities (project_id, kind, value, client_id)
            select $1, 'crm_contact', '{CardIdentity.Gone}' || value, client_id from gone where starts_with(value, $4)
            on conflict (project_id, kind, value) do update set client_id = excluded.client_id),
        roots as (select distinct c.root from gone g {Root("g.client_id")}),
        family as ({Family("roots")}),
        likened as (
            select s.id from family f cross join lateral (
                select s.client_b as id from merge_suggestions s where s.project_id = $1 and s.client_a = f.id and s.resolved_at is null
                union all select s.client_a from merge_suggestions s where s.project_id = $1 and s.client_b = f.id and s.resolved_at is null) s),
        their_roots as (select distinct c.root from likened l {Root("l.id")}),
        theirs as ({Family("their_roots")}),
        cards as (
            select distinct substr(i.value, length($4) + 1) as id
            from theirs t cross join lateral (
                select i.value from identities i where i.project_id = $1 and i.client_id = t.id and i.kind = 'crm_contact' and starts_with(i.value, $4) offset 0) i
            where i.value <> all($3) limit {MostAtOnce}),
        asked as (select array(select 'contact:' || id from cards order by id) as cards)
        {Insert($"'{Recheck}'")}
        """;
}
