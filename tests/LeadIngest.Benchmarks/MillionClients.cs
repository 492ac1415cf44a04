namespace LeadIngest.Benchmarks;

/// <summary>
/// A million clients as half a year of work leaves them: for each a lead, a phone and an e-mail, ids growing with time, phones scattered. Stored by
/// SQL, three connections at once; then vacuumed, analysed and written out, so that nothing of it is left to do during the rounds.
/// </summary>
internal static class MillionClients
{
    public const long Count = 1_000_000;

    /// <summary>Milliseconds between two leads.</summary>
    private const int Apart = 15_000;

    /// <param name="database">With the schema and a lead that lends its values.</param>
    public static async Task StoreAsync(BenchDatabase database, CancellationToken ct)
    {
        var first = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - (Count + 1) * Apart;
        var project = $"'{BenchDatabase.Project}'::uuid";
        var id = $"(lpad(to_hex({first} + n * {Apart}), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || left(md5(n::text), 15))::uuid";
        var at = $"to_timestamp(({first} + n * {Apart}) / 1000.0)";
        var digits = $"lpad((n * {TypicalLead.Scatter} % {TypicalLead.PhoneRange})::text, 9, '0')";
        var people = $"from generate_series(0::bigint, {Count - 1}) n";
        var lead = SampleLead.Insert(await SampleLead.ReadAsync(database, ct), new Dictionary<string, string>
        {
            ["id"] = id,
            ["client_id"] = id,
            ["received_at"] = at,
            ["phone"] = $"'+79' || {digits}",
            ["email"] = $"'u' || {digits} || '@mail.ru'",
        }, SampleLead.Literal);
        await Task.WhenAll(
            database.ExecuteAsync($"insert into leads {lead} {people}", ct),
            database.ExecuteAsync($"""
                insert into clients (project_id, id, name, first_lead_id, lead_count, created_at, last_lead_at)
                select {project}, {id}, '{TypicalLead.Name}', {id}, 1, {at}, {at} {people}
                """, ct),
            database.ExecuteAsync($"""
                insert into identities (project_id, kind, value, client_id, created_at)
                select {project}, i.kind, i.value, {id}, {at} {people}
                cross join lateral (values ('phone', '+79' || {digits}), ('email', 'u' || {digits} || '@mail.ru')) i (kind, value)
                """, ct));
        await Task.WhenAll(
            database.ExecuteAsync("vacuum (analyze) leads", ct),
            database.ExecuteAsync("vacuum (analyze) clients", ct),
            database.ExecuteAsync("vacuum (analyze) identities", ct));
        if (await database.OneAsync<long>("select count(*) from clients", ct) < Count) throw new BenchFailure("The stored clients are not all there.");
    }
}
