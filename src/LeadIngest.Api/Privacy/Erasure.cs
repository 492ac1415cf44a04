using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Privacy;

/// <summary>What became of a request for erasure.</summary>
internal enum Erased { Done, NoSuchClient, Before }

/// <summary>
/// Takes a person out of everything that is held, for good, in one transaction: names, phones, addresses, messengers, what was written and what was sent. Leads, calls, visits and deals stay as
/// rows without a person, so that figures stay what they were. What is still to be sent is not sent any more.
/// </summary>
internal sealed class Erasure(Database db, ErasureKeys keys)
{
    /// <summary>Seconds: text of a whole project is searched.</summary>
    private const int LongestStatement = 120;
    private const int Attempts = 5;

    /// <summary>A request.</summary>
    /// <param name="Id">Of the act.</param>
    /// <param name="By">Who asked, for the act.</param>
    internal sealed record Request(Guid ProjectId, Guid Id, string By, string Reason, DateTimeOffset At);

    /// <param name="client">Any of the family.</param>
    public async Task<Erased> EraseAsync(Request request, Guid client, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await db.Reading.OpenConnectionAsync(ct);
                return await OnceAsync(connection, request, client, ct);
            }
            catch (PostgresException e) when (attempt < Attempts && e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // A batch that touches the same client was first; it is committed by now.
            }
        }
    }

    private async Task<Erased> OnceAsync(NpgsqlConnection connection, Request request, Guid client, CancellationToken ct)
    {
        await using var tx = await connection.BeginTransactionAsync(ct);
        CommandDefinition Sql(string sql, object? args = null) => new(sql, args, tx, LongestStatement + 2, cancellationToken: ct);
        await connection.ExecuteAsync(Sql($"set local statement_timeout = '{LongestStatement}s'; select set_config('app.erasing', 'on', true)"));
        var family = (await connection.QueryAsync<(Guid Id, Guid? ErasureId)>(Sql(ErasureSql.Lock, new { request.ProjectId, ClientId = client }))).AsList();
        if (family.Count == 0) return Erased.NoSuchClient;
        // Somebody may have been merged with an erased client since; only who is whole already was erased before.
        if (family.All(f => f.ErasureId is not null)) return Erased.Before;
        var clients = family.Select(f => f.Id).ToArray();
        var person = await PersonAsync(connection, tx, request.ProjectId, clients, ct);

        var cards = (await connection.QueryAsync<CrmCard>(Sql(ErasureSql.Cards, new { request.ProjectId, Clients = clients, person.Leads }))).Distinct().ToList();
        var visitors = person.Visitors.Where(v => Guid.TryParse(v, out _)).ToArray();
        var args = new
        {
            request.ProjectId,
            Act = request.Id,
            Clients = clients,
            person.Leads,
            person.Calls,
            person.Phones,
            person.Emails,
            person.Messengers,
            person.Patterns.Patterns,
            Visitors = visitors,
            // Figures count visitors: each stays one, and is nobody's browser any more.
            Others = visitors.Select(_ => Guid.CreateVersion7().ToString()).ToArray(),
            Answers = person.Leads.Select(l => $$"""{"leadId":"{{l}}"}""").ToArray(),
            CardConnections = cards.Where(c => c.Kind == "contact").Select(c => c.ConnectionId).ToArray(),
            CardIds = cards.Where(c => c.Kind == "contact").Select(c => c.RemoteId).ToArray(),
        };
        var counts = new Dictionary<string, long>();
        foreach (var (kind, sql) in ErasureSql.Statements)
            if (await connection.ExecuteAsync(Sql(sql, args)) is > 0 and var rows) counts[kind] = rows;
        if (counts.ContainsKey("stopList"))
            await connection.ExecuteAsync(Sql("update projects set stop_list_version = stop_list_version + 1 where project_id = @ProjectId; select pg_notify('projects', @ProjectId::text)", args));
        foreach (var (kind, bodies) in new[] { ("rejects", ErasureSql.Rejects), ("crmEvents", ErasureSql.CrmEvents) })
            if (await BodiesAsync(connection, tx, request.ProjectId, person.Patterns, bodies, ct) is > 0 and var rows) counts[kind] = rows;
        if (await SweepAsync(connection, tx, request.ProjectId, person.Patterns.Patterns, ct) is > 0 and var texts) counts["texts"] = texts;
        await ActAsync(connection, tx, request, client, clients, person, cards, counts, ct);
        await tx.CommitAsync(ct);
        return Erased.Done;
    }

    private sealed record Person(string[] Phones, string[] Emails, string[] Messengers, string[] Visitors, Guid[] Leads, Guid[] Calls, PersonPatterns Patterns);

    private static async Task<Person> PersonAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, Guid[] clients, CancellationToken ct)
    {
        var known = (await connection.QueryAsync<(string Kind, string Value)>(new CommandDefinition(ErasureSql.Known, new { ProjectId = project, Clients = clients }, tx, LongestStatement + 2, cancellationToken: ct)))
            .ToLookup(k => k.Kind, k => k.Value);
        string[] Of(string kind) => [.. known[kind].Distinct(StringComparer.Ordinal).Take(500)];
        var (phones, emails, messengers) = (Of("phone"), Of("email"), Of("messenger"));
        var args = new { ProjectId = project, Clients = clients, Phones = phones, Emails = emails, Messengers = messengers };
        var leads = (await connection.QueryAsync<Guid>(new CommandDefinition(ErasureSql.Leads, args, tx, LongestStatement + 2, cancellationToken: ct))).ToArray();
        var calls = (await connection.QueryAsync<Guid>(new CommandDefinition(ErasureSql.Calls, args, tx, LongestStatement + 2, cancellationToken: ct))).ToArray();
        return new(phones, emails, messengers, Of("visitor"), leads, calls,
            new PersonPatterns(phones.Concat(Of("phone_typed")).Take(50), emails.Concat(Of("email_typed")).Take(50), messengers.Take(20), Of("name").Take(20)));
    }

    /// <summary>Bodies as they came are searched here: they may be in any encoding.</summary>
    private static async Task<long> BodiesAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, PersonPatterns patterns, ErasureSql.Bodies bodies, CancellationToken ct)
    {
        var (after, found) = (Guid.Empty, 0L);
        while (true)
        {
            var some = (await connection.QueryAsync<Kept>(new CommandDefinition(bodies.Read, new { ProjectId = project, After = after }, tx, LongestStatement + 2, cancellationToken: ct))).AsList();
            if (some.Count == 0) return found;
            after = some[^1].Id;
            var hits = some.Where(k => patterns.Hits(k.Texts) || patterns.Hits(k.Body)).Select(k => k.Id).ToArray();
            if (hits.Length > 0) found += await connection.ExecuteAsync(new CommandDefinition(bodies.Clear, new { ProjectId = project, Ids = hits }, tx, cancellationToken: ct));
        }
    }

    private sealed class Kept
    {
        public Guid Id { get; init; }
        public string Texts { get; init; } = "";
        public byte[] Body { get; init; } = [];
    }

    /// <summary>Whatever people wrote elsewhere: notes, names of promotions, values of tags that figures hang on. Tables that come later are searched too.</summary>
    private static async Task<long> SweepAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, string[] patterns, CancellationToken ct)
    {
        if (patterns.Length == 0) return 0;
        var columns = (await connection.QueryAsync<(string Table, string Column, string Type)>(new CommandDefinition(ErasureSql.TextColumns, new { ErasureSql.NotSwept }, tx, cancellationToken: ct))).AsList();
        var found = 0L;
        foreach (var table in columns.GroupBy(c => c.Table))
        {
            var sets = string.Join(", ", table.Select(c => $"\"{c.Column}\" = {Without(c.Column, c.Type)}"));
            var hits = string.Join(" or ", table.Select(c => $"(\"{c.Column}\" is not null and \"{c.Column}\"::text ~* any(@Patterns))"));
            found += await connection.ExecuteAsync(new CommandDefinition($"update \"{table.Key}\" set {sets} where project_id = @ProjectId and ({hits})",
                new { ProjectId = project, Patterns = patterns }, tx, LongestStatement + 2, cancellationToken: ct));
        }
        return found;

        static string Without(string column, string type) => type == "ARRAY"
            ? $"array(select without_person(t, @Patterns) from unnest(\"{column}\") t)" : $"without_person(\"{column}\"{(type == "jsonb" ? "" : "::text")}, @Patterns)";
    }

    private async Task ActAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Request request, Guid client, Guid[] clients, Person person, List<CrmCard> cards, Dictionary<string, long> counts, CancellationToken ct)
    {
        var key = await keys.EnsureAsync(connection, tx, request.ProjectId, ct);
        var project = await ReportProject.ReadAsync(connection, request.ProjectId, ct);
        await connection.ExecuteAsync(new CommandDefinition(ErasureSql.Act, new
        {
            request.ProjectId,
            request.Id,
            ClientId = client,
            Clients = clients,
            request.At,
            request.By,
            // Whoever wrote the reason may have named the person in it.
            Reason = person.Patterns.Without(request.Reason),
            Counts = JsonSerializer.Serialize(counts),
            Objects = CrmCard.Write(cards),
            DueAt = DueAt(request.At, project.Working, project.Zone),
            Hashes = person.Phones.Select(p => ("phone", p)).Concat(person.Emails.Select(e => ("email", e))).Concat(person.Messengers.Select(m => ("messenger", m)))
                .Select(c => ErasureKeys.Hash(key, c.Item1, c.Item2)).ToArray(),
            CardConnections = cards.Where(c => c.Kind is "contact" or "company").Select(c => c.ConnectionId).ToArray(),
            CardKinds = cards.Where(c => c.Kind is "contact" or "company").Select(c => c.Kind).ToArray(),
            CardIds = cards.Where(c => c.Kind is "contact" or "company").Select(c => c.RemoteId).ToArray(),
        }, tx, cancellationToken: ct));
    }

    /// <summary>The end of the tenth working day after the day of the request (152-FZ, article 20), by the project's clock and its days off.</summary>
    internal static DateTimeOffset DueAt(DateTimeOffset at, WorkingTime? working, TimeZoneInfo zone)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        // A project that never works is bounded by the days of a year.
        for (var (left, looked) = (10, 0); left > 0 && looked < 366; looked++)
        {
            day = day.AddDays(1);
            if (working?.IsWorkingDay(day) ?? day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) left--;
        }
        var end = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(end, zone.GetUtcOffset(end)).ToUniversalTime();
    }
}
