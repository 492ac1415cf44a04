namespace LeadIngest.Benchmarks;

/// <summary>
/// What pgbench writes. The floor: one statement that inserts a lead (the columns and values of a real one) and one outbox row, into tables with a
/// primary key each and nothing else. The same rows: one statement that inserts lead, client, two identities and two deliveries into copies of the
/// real tables with all their indexes. Ids grow as the service's do, phones and e-mails scatter as in <see cref="TypicalLead"/>.
/// </summary>
internal sealed class FloorTables
{
    private const string Id = "('0190d3e1-0000-7000-8000-' || lpad(to_hex(:id::bigint), 12, '0'))::uuid";
    private const string SecondId = "('0190d3e1-0000-7000-9000-' || lpad(to_hex(:id::bigint), 12, '0'))::uuid";
    private static readonly string Digits = $"lpad((:id::bigint * {TypicalLead.Scatter} % {TypicalLead.PhoneRange})::text, 9, '0')";

    private FloorTables(string floor, string sameRows) => (FloorScript, SameRowsScript) = (floor, sameRows);

    public string FloorScript { get; }
    public string SameRowsScript { get; }
    public const string FloorTable = "floor.leads";
    public const string SameRowsTable = "same.leads";

    /// <param name="database">With the service's schema and at least one lead, whose values are the sample.</param>
    /// <param name="folder">For the scripts.</param>
    public static async Task<FloorTables> CreateAsync(BenchDatabase database, string folder, CancellationToken ct)
    {
        await database.ExecuteAsync("""
            create schema floor;
            create table floor.leads (like leads, primary key (project_id, id));
            create table floor.outbox (like deliveries including defaults, primary key (project_id, id));
            create schema same;
            create table same.leads (like leads including all);
            create table same.clients (like clients including all);
            create table same.identities (like identities including all);
            create table same.deliveries (like deliveries including all);
            """, ct);
        var project = $"'{BenchDatabase.Project}'::uuid";
        var connections = await database.RowsAsync("select id from connections order by id", r => $"'{r.GetGuid(0)}'::uuid", ct);
        var lead = await SampleLead.InsertAsync(database, new()
        {
            ["id"] = Id,
            ["client_id"] = Id,
            ["phone"] = $"'+79' || {Digits}",
            ["email"] = $"'u' || {Digits} || '@example.ru'",
        }, ct);
        const string Delivery = "(project_id, id, lead_id, connection_id, client_id, kind) values";
        var floor = Write(folder, "floor.sql", $"""
            with lead as (insert into floor.leads {lead})
            insert into floor.outbox {Delivery} ({project}, {Id}, {Id}, {connections[0]}, {Id}, 'deal');
            """);
        var same = Write(folder, "same-rows.sql", $"""
            with lead as (insert into same.leads {lead}),
            client as (
                insert into same.clients (project_id, id, name, first_lead_id, lead_count, last_lead_at)
                values ({project}, {Id}, '{TypicalLead.Name}', {Id}, 1, now())),
            known as (
                insert into same.identities (project_id, kind, value, client_id)
                values ({project}, 'phone', '+79' || {Digits}, {Id}), ({project}, 'email', 'u' || {Digits} || '@example.ru', {Id}))
            insert into same.deliveries {Delivery} ({project}, {Id}, {Id}, {connections[0]}, {Id}, 'deal'), ({project}, {SecondId}, {Id}, {connections[1]}, {Id}, 'deal');
            """);
        return new(floor, same);
    }

    private static string Write(string folder, string name, string statement)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, $"\\set n :n + 1\n\\set id :n * 64 + :client_id\n{statement.ReplaceLineEndings(" ")}\n");
        return file;
    }
}

/// <summary>A stored lead as SQL: column by column the literal it holds, except where something else is given.</summary>
internal static class SampleLead
{
    /// <returns><c>(columns) select values</c>.</returns>
    public static async Task<string> InsertAsync(BenchDatabase database, Dictionary<string, string> instead, CancellationToken ct)
    {
        var columns = await database.RowsAsync(
            "select column_name::text, udt_name::text from information_schema.columns where table_schema = 'public' and table_name = 'leads' order by ordinal_position",
            r => (Name: r.GetString(0), Type: r.GetString(1)), ct);
        var texts = string.Join(", ", columns.Select(c => $"{c.Name}::text"));
        var sample = (await database.RowsAsync($"select {texts} from leads order by id desc limit 1", r =>
            columns.Select((c, i) => r.IsDBNull(i) ? "null" : $"{Literal(r.GetString(i))}::{c.Type}").ToList(), ct)).Single();
        var values = columns.Select((c, i) => instead.GetValueOrDefault(c.Name) ?? sample[i]);
        return $"({string.Join(", ", columns.Select(c => c.Name))}) select {string.Join(", ", values)}";
    }

    /// <summary>Without a colon: pgbench would look for a variable behind it, inside a literal as well.</summary>
    private static string Literal(string text) => "E'" + text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)
        .Replace(":", @"\x3a", StringComparison.Ordinal) + "'";
}
