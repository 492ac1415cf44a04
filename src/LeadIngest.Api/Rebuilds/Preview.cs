using System.Text.Json;
using Dapper;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Core.Passports;
using Npgsql;

namespace LeadIngest.Api.Rebuilds;

/// <summary>A dictionary to be tried: lines put on top of the project's own, and lines left out.</summary>
internal sealed record PreviewQuestion(DateOnly From, DateOnly To, IReadOnlyList<PreviewQuestion.Line> Lines, IReadOnlyList<Guid> Without)
{
    internal sealed record Line(string Source, string? Medium, string Name, string Channel)
    {
        public SourceEntry ToEntry() => Entry(Source, Medium, Name, Channel);
    }

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<SourceDictionary> DictionaryAsync(NpgsqlConnection connection, Guid project, CancellationToken ct)
    {
        var own = await connection.QueryAsync<(string Source, string Medium, string Name, string Channel)>(new CommandDefinition(
            "select source, medium, name, channel from source_entries where project_id = @Project and id <> all(@Without)", new { Project = project, Without = Without.ToArray() }, cancellationToken: ct));
        return SourceDictionary.Default.With(own.Select(o => Entry(o.Source, o.Medium.Length == 0 ? null : o.Medium, o.Name, o.Channel)).Concat(Lines.Select(l => l.ToEntry())));
    }

    private static SourceEntry Entry(string source, string? medium, string name, string channel) =>
        new(source, medium, name, PassportNames.TryParse(channel, out Channel known) ? known : Channel.Other);
}

/// <summary>What would change if the dictionary were this one. Nothing was written.</summary>
/// <param name="From">First day of the period, in the project's time zone.</param>
/// <param name="To">Last day.</param>
/// <param name="Visits">Visits looked at, bots left out.</param>
/// <param name="Leads">Leads looked at; spam, trials and duplicates left out.</param>
/// <param name="ChangedVisits">Of the visits: those that would count elsewhere, from the channel down to the keyword.</param>
/// <param name="ChangedLeads">Of the leads.</param>
/// <param name="Kept">Visits and leads whose evidence is not all kept: they stay as they are.</param>
/// <param name="Changes">From where to where, the most leads first; at most 200.</param>
/// <param name="Examples">At most 20, leads first.</param>
/// <param name="Figures">By source, side by side, for sources that would change. Deals are those of the period's leads, by their own lead; revenue is of the won ones.</param>
/// <param name="Currency">Of <c>revenue</c>: the project's. Deals in a currency without a rate bring none.</param>
internal sealed record PreviewAnswer(DateOnly From, DateOnly To, long Visits, long Leads, long ChangedVisits, long ChangedLeads, long Kept, IReadOnlyList<PreviewAnswer.Change> Changes,
    IReadOnlyList<PreviewAnswer.Example> Examples, IReadOnlyList<PreviewAnswer.SourceFigures> Figures, string Currency)
{
    internal sealed record Named(string Channel, string? Source);

    internal sealed record Change(Named From, Named To, long Visits, long Leads);

    /// <param name="Kind"><c>lead</c> or <c>visit</c>.</param>
    internal sealed record Example(string Kind, Guid Id, DateTimeOffset At, PassportAnswer Before, PassportAnswer After);

    internal sealed record Counts(long Visits, long Leads, long Deals, long Won, decimal Revenue);

    internal sealed record SourceFigures(string Channel, string? Source, Counts Before, Counts After);
}

/// <summary>Runs a dictionary over a period of visits and leads without writing.</summary>
internal static class Preview
{
    private const int Batch = 1000;
    private const int MostChanges = 200;
    private const int MostExamples = 20;

    /// <param name="step">Called with the number of rows after each batch.</param>
    public static async Task<PreviewAnswer> RunAsync(NpgsqlConnection connection, Guid project, PreviewQuestion question, Func<int, CancellationToken, Task> step, CancellationToken ct)
    {
        var (within, currency) = await BoundsAsync(connection, project, question, ct);
        var dictionary = await question.DictionaryAsync(connection, project, ct);
        var rows = await PassportRows.OpenAsync(connection, project, ct);
        var tally = new Tally();
        foreach (var table in (string[])["leads", "visits"])
        {
            var after = Guid.Empty;
            while (true)
            {
                var batch = await rows.ReadAsync(connection, table, after, Batch, within, dictionary, ct);
                if (batch.Count == 0) break;
                after = batch[^1].Id;
                var counted = batch.Where(r => r.Counts).ToList();
                var deals = table == "leads" ? await DealsAsync(connection, project, [.. counted.Select(r => r.Id)], ct) : [];
                foreach (var row in counted) tally.Add(table == "leads", row, deals.GetValueOrDefault(row.Id));
                await step(batch.Count, ct);
                if (batch.Count < Batch) break;
            }
        }
        return tally.Answer(question, currency);
    }

    /// <summary>The period's first and last moment, and the project's currency.</summary>
    public static async Task<(Moments Within, string Currency)> BoundsAsync(NpgsqlConnection connection, Guid project, PreviewQuestion question, CancellationToken ct)
    {
        var (from, to, currency) = await connection.QuerySingleAsync<(DateTimeOffset, DateTimeOffset, string)>(new CommandDefinition(
            "select @From::timestamp at time zone time_zone, (@To + 1)::timestamp at time zone time_zone, currency::text from projects where project_id = @Project",
            new { Project = project, question.From, question.To }, cancellationToken: ct));
        return (new(from, to), currency);
    }

    private static async Task<Dictionary<Guid, Money>> DealsAsync(NpgsqlConnection connection, Guid project, Guid[] leads, CancellationToken ct)
    {
        var rows = await connection.QueryAsync<(Guid Lead, long Deals, long Won, decimal Revenue)>(new CommandDefinition(Deals, new { Project = project, Leads = leads }, cancellationToken: ct));
        return rows.ToDictionary(r => r.Lead, r => new Money(r.Deals, r.Won, r.Revenue));
    }

    private readonly record struct Money(long Deals, long Won, decimal Revenue);

    private sealed class Tally
    {
        private readonly Dictionary<PreviewAnswer.Named, (PreviewAnswer.Counts Before, PreviewAnswer.Counts After)> _figures = [];
        private readonly Dictionary<(PreviewAnswer.Named From, PreviewAnswer.Named To), (long Visits, long Leads)> _changes = [];
        private readonly List<PreviewAnswer.Example> _examples = [];
        private long _visits, _leads, _changedVisits, _changedLeads, _kept;

        public void Add(bool isLead, PassportRow row, Money money)
        {
            var (before, after) = (Named(row.Kept), Named(row.Again ?? row.Kept));
            var one = new PreviewAnswer.Counts(isLead ? 0 : 1, isLead ? 1 : 0, money.Deals, money.Won, money.Revenue);
            var (was, becomes) = _figures.GetValueOrDefault(before, (Zero, Zero));
            _figures[before] = (Sum(was, one), becomes);
            (was, becomes) = _figures.GetValueOrDefault(after, (Zero, Zero));
            _figures[after] = (was, Sum(becomes, one));
            if (isLead) _leads++;
            else _visits++;
            if (row.Again is null) _kept++;
            if (!row.IsMoved) return;
            if (isLead) _changedLeads++;
            else _changedVisits++;
            var (visits, leads) = _changes.GetValueOrDefault((before, after));
            _changes[(before, after)] = isLead ? (visits, leads + 1) : (visits + 1, leads);
            if (_examples.Count < MostExamples) _examples.Add(new(isLead ? "lead" : "visit", row.Id, row.At, PassportAnswer.Of(row.Kept), PassportAnswer.Of(row.Again!)));
        }

        public PreviewAnswer Answer(PreviewQuestion question, string currency) => new(question.From, question.To, _visits, _leads, _changedVisits, _changedLeads, _kept,
            [.. _changes.OrderByDescending(c => c.Value.Leads).ThenByDescending(c => c.Value.Visits).ThenBy(c => c.Key.ToString(), StringComparer.Ordinal).Take(MostChanges)
                .Select(c => new PreviewAnswer.Change(c.Key.From, c.Key.To, c.Value.Visits, c.Value.Leads))],
            _examples,
            [.. _figures.Where(f => f.Value.Before != f.Value.After).OrderBy(f => f.Key.Channel, StringComparer.Ordinal).ThenBy(f => f.Key.Source, StringComparer.Ordinal)
                .Select(f => new PreviewAnswer.SourceFigures(f.Key.Channel, f.Key.Source, f.Value.Before, f.Value.After))], currency);

        private static readonly PreviewAnswer.Counts Zero = new(0, 0, 0, 0, 0);

        private static PreviewAnswer.Named Named(Passport p) => new(PassportNames.ToWire(p.Channel), p.Source);

        private static PreviewAnswer.Counts Sum(PreviewAnswer.Counts a, PreviewAnswer.Counts b) =>
            new(a.Visits + b.Visits, a.Leads + b.Leads, a.Deals + b.Deals, a.Won + b.Won, a.Revenue + b.Revenue);
    }

    private const string Deals = """
        select d.lead_id, count(*), count(*) filter (where d.state = 'won'),
            coalesce(sum(d.amount * case when coalesce(d.currency, p.currency) = p.currency then 1
                else rub_rate(d.project_id, d.currency, (coalesce(d.closed_at, d.moved_at, d.created_at, d.first_seen_at) at time zone p.time_zone)::date)
                    / rub_rate(d.project_id, p.currency, (coalesce(d.closed_at, d.moved_at, d.created_at, d.first_seen_at) at time zone p.time_zone)::date) end)
                filter (where d.state = 'won'), 0)
        from deals d join projects p on p.project_id = d.project_id
        where d.project_id = @Project and d.lead_id = any(@Leads) and d.kind = 'deal' and d.deleted_at is null
        group by d.lead_id
        """;
}
