using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Figures;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Sources;

/// <summary>
/// What each source cost and brought. A tree: without <c>parent</c> the first level of <c>groupBy</c>, with a row's key as <c>parent</c> the level below it; <c>flat=true</c> all levels at once.
/// Totals are the sum of all rows, exactly, those of <c>others</c> included.
/// </summary>
internal sealed class GetSources : IEndpoint
{
    public const int DefaultLimit = 1_000, MostRows = 100_000;

    internal sealed record Query : SourcesQuery
    {
        /// <summary>True: one row for every combination of the groups, no tree. For files.</summary>
        public bool? Flat { get; init; }

        /// <summary>With what to compare: <c>previous</c>, the range before of the same length, or <c>year</c>, the same days a year before.</summary>
        public string? Compare { get; init; }

        /// <summary>One of the columns, <c>revenue</c> for the least first or <c>-revenue</c> for the greatest; <c>-revenue</c> when absent, groups of time by themselves.</summary>
        public string? Sort { get; init; }

        /// <summary>Rows before the rest is put together as <c>others</c>: 1 to 100 000, 1 000 when absent.</summary>
        public int? Limit { get; init; }
    }

    /// <param name="Key">To be passed as <c>parent</c>.</param>
    /// <param name="Values">What it stands for, from the root; null: rows that have none.</param>
    /// <param name="Label">The last of them for people: of a campaign its latest name, of a site, a user, a pipeline their names. Null: none.</param>
    /// <param name="Previous">Of the range that is compared with.</param>
    internal sealed record Node(string Key, IReadOnlyList<string?> Values, string? Label, bool HasChildren, SourceFigures Figures, SourceFigures? Previous);

    /// <param name="Model">By which deals were shared; <c>clientFirst</c> for <c>basis=client</c>.</param>
    /// <param name="Refunds">On which day a refund lowers revenue: <c>deal</c> or <c>cash</c>.</param>
    /// <param name="Romi">Which meaning the project's pages show: <c>payback</c>, 100 % is break-even, or <c>net</c>, 0 % is. Both are in the figures.</param>
    /// <param name="DealsUnconverted">Won deals of the period whose currency has no rate: their revenue is missing in all of this.</param>
    /// <param name="Others">What is beyond the limit, together.</param>
    /// <param name="Freshness">How far figures are behind.</param>
    internal sealed record Response(DateOnly From, DateOnly To, DateOnly? ComparedFrom, DateOnly? ComparedTo, string Currency, string SpendVat, string Model, string Refunds, string Romi, long DealsUnconverted,
        IReadOnlyList<Node> Rows, SourceFigures? Others, SourceFigures Totals, SourceFigures? PreviousTotals, Freshness Freshness);

    /// <param name="BehindSeconds">How long the oldest change has waited to show; 0: nothing waits.</param>
    /// <param name="Rebuilding">The share of a rebuilding of the whole history that is done; null: none is under way.</param>
    internal sealed record Freshness(double BehindSeconds, double? Rebuilding);

    private sealed class Validator : SourcesValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Compare).OneOf("previous", "year");
            RuleFor(q => q.Limit).InclusiveBetween(1, MostRows).WithMessage($"From 1 to {MostRows}.");
            RuleFor(q => q.Sort).Must(s => s is null || SourceColumns.Find(s.TrimStart('-')) is not null).WithMessage($"One of: {string.Join(", ", SourceColumns.All.Select(c => c.Name))}; before it - for the greatest first.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/sources", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var range = project.Range(query, clock);
        DayRange? compared = query.Compare switch
        {
            "previous" => range.Previous(),
            "year" => new(range.From.AddYears(-1), range.To.AddYears(-1)),
            _ => null,
        };
        var all = query.Groups.Select(g => Dimension.All[g]).ToList();
        IReadOnlyList<string?> above = query.Parent is { } parent ? NodeKey.Read(parent) : [];
        if (above.Count == all.Count && query.Flat != true) return Problems.Invalid("parent", "That row has no children: groupBy names no finer group.");
        var groups = query.Flat == true ? all.Skip(above.Count).ToList() : [all[above.Count]];
        var place = query.Place(project.Attribution.Model);
        var sql = new SourcesSql(scope.ProjectId, query, groups, [.. above.Select((v, i) => (all[i], v))], place);

        var now = await SumsAsync(connection, sql, range, ct);
        var before = compared is { } other ? await SumsAsync(connection, sql, other, ct) : null;
        var keys = now.Keys.Concat(before?.Keys.Where(k => !now.ContainsKey(k)) ?? []).ToList();
        var ordered = SourceColumns.Order(keys, k => now.GetValueOrDefault(k, SourceSums.Nothing), query.Sort, groups[^1].IsDay && groups.Count == 1);
        var limit = query.Limit ?? DefaultLimit;
        var labels = await Labels.ReadAsync(connection, scope.ProjectId, groups, [.. ordered.Take(limit)], ct);
        var rows = ordered.Take(limit).Select(k => new Node(NodeKey.Write(above.Concat(k.Values)), [.. above, .. k.Values], labels.Of(groups[^1], k.Values[^1]),
            above.Count + groups.Count < all.Count, now.GetValueOrDefault(k, SourceSums.Nothing).Figures(), before?.GetValueOrDefault(k, SourceSums.Nothing).Figures())).ToList();
        var rest = ordered.Skip(limit).Select(k => now.GetValueOrDefault(k, SourceSums.Nothing)).ToList();
        var state = await connection.QuerySingleAsync<(double Behind, double? Rebuilding, long Unconverted)>(new CommandDefinition(State,
            new { scope.ProjectId, range.From, range.To }, cancellationToken: ct));
        var response = new Response(range.From, range.To, compared?.From, compared?.To, project.Currency, project.Vat, query.Basis == "client" ? "clientFirst" : AttributionRules.Models[place - 1],
            query.Refunds ?? "deal", project.Romi == RomiKind.Net ? "net" : "payback", state.Unconverted, rows, rest.Count > 0 ? SourceSums.Sum(rest).Figures() : null,
            SourceSums.Sum([.. now.Values]).Figures(), before is null ? null : SourceSums.Sum([.. before.Values]).Figures(), new(state.Behind, state.Rebuilding));
        return ReportAnswer.Of(query, response, () => SourceColumns.Table(response, groups, labels, query.Lang, project.Zone));
    }

    internal static async Task<Dictionary<GroupKey, SourceSums>> SumsAsync(NpgsqlConnection connection, SourcesSql sql, DayRange range, CancellationToken ct)
    {
        sql.Parameters.Add("From", range.From);
        sql.Parameters.Add("To", range.To);
        var sums = new Dictionary<GroupKey, SourceSums>();
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(sql.Sums(), sql.Parameters, cancellationToken: ct));
        var groups = sql.Groups.Count;
        while (await reader.ReadAsync(ct))
        {
            var values = new string?[groups];
            for (var i = 0; i < groups; i++) values[i] = await reader.IsDBNullAsync(i, ct) ? null : reader.GetString(i);
            var row = new SourceSums(await reader.IsDBNullAsync(groups, ct) ? null : reader.GetInt64(groups), At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8), At(9), At(10), At(11), At(12), At(13), At(14), At(15));
            if (row != SourceSums.Nothing) sums.Add(new(values), row);

            long At(int place) => reader.IsDBNull(groups + place) ? 0 : reader.GetInt64(groups + place);
        }
        return sums;
    }

    private const string State = """
        select coalesce((select extract(epoch from clock_timestamp() - min(marked_at))::float8 from figure_marks where project_id = @ProjectId), 0),
            (select least(1, done::float8 / greatest(total, 1)) from figure_rebuilds where project_id = @ProjectId and part <> 'done'),
            (select count(*) from deal_facts where project_id = @ProjectId and won_day between @From and @To and amount is null)
        """;
}

/// <summary>Values of groups, to compare rows by.</summary>
internal readonly record struct GroupKey(string?[] Values)
{
    public bool Equals(GroupKey other) => Values.AsSpan().SequenceEqual(other.Values);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in Values) hash.Add(value, StringComparer.Ordinal);
        return hash.ToHashCode();
    }
}
