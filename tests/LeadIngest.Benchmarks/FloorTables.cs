namespace LeadIngest.Benchmarks;

/// <summary>
/// What pgbench writes. The floor: one statement that inserts a lead (the columns and values of a real one) and one outbox row, into tables with a
/// primary key each and nothing else. The same rows: one statement that inserts lead, client, two identities and two deliveries into copies of the
/// real tables with all their indexes. Ids grow as the service's do, phones and e-mails scatter as in <see cref="TypicalLead"/>. The lead's values are
/// parameters: they travel to the server with each lead, as they must for anybody who takes leads.
/// </summary>
internal sealed class FloorTables
{
    private const string Id = "('0190d3e1-0000-7000-8000-' || lpad(to_hex(:id::bigint), 12, '0'))::uuid";
    private const string SecondId = "('0190d3e1-0000-7000-9000-' || lpad(to_hex(:id::bigint), 12, '0'))::uuid";
    private static readonly string Digits = $"lpad((:id::bigint * {TypicalLead.Scatter} % {TypicalLead.PhoneRange})::text, 9, '0')";

    private FloorTables(string floor, string sameRows, IReadOnlyDictionary<string, string> variables) =>
        (FloorScript, SameRowsScript, Variables) = (floor, sameRows, variables);

    public string FloorScript { get; }
    public string SameRowsScript { get; }

    /// <summary>The lead's values, by the names that the scripts use.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

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
        var (variables, made) = (new Dictionary<string, string>(), new Dictionary<string, string>
        {
            ["id"] = Id,
            ["client_id"] = Id,
            ["phone"] = $"'+79' || {Digits}",
            ["email"] = $"'u' || {Digits} || '@mail.ru'",
        });
        var lead = SampleLead.Insert(await SampleLead.ReadAsync(database, ct), made, column =>
        {
            variables["lead_" + column.Name] = column.Value!;
            return $":lead_{column.Name}::{column.Type}";
        });
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
                values ({project}, 'phone', '+79' || {Digits}, {Id}), ({project}, 'email', 'u' || {Digits} || '@mail.ru', {Id}))
            insert into same.deliveries {Delivery} ({project}, {Id}, {Id}, {connections[0]}, {Id}, 'deal'), ({project}, {SecondId}, {Id}, {connections[1]}, {Id}, 'deal');
            """);
        return new(floor, same, variables);
    }

    private static string Write(string folder, string name, string statement)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, $"\\set n :n + 1\n\\set id :n * 64 + :client_id\n{statement.ReplaceLineEndings(" ")}\n");
        return file;
    }
}
