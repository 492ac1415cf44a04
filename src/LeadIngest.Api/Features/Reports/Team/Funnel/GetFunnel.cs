using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Team.Funnel;

/// <summary>The funnel of the deals made in a period, pipeline by pipeline: how far they came, which stages they jumped over, where they were lost and how long they stayed.</summary>
/// <remarks>
/// A deal counts in the pipeline in which it stands now. It is looked at with all that happened to it up to this moment, so that no conversion exceeds 100 %; yesterday's deals have had less
/// time than last year's.
/// </remarks>
internal sealed class GetFunnel : IEndpoint
{
    /// <summary>More groups than a person reads; the smallest are left out of <c>items</c>, never out of the total.</summary>
    private const int MostGroups = 500;

    private static readonly Dictionary<string, Dimension> Dimensions = Dimension.OfDeals("f.made_day");

    internal sealed record Query : TeamQuery
    {
        /// <summary><c>channel</c>, <c>source</c>, <c>medium</c>, <c>campaign</c>, <c>content</c>, <c>keyword</c>, <c>site</c>, <c>manager</c>, <c>day</c>, <c>week</c> or <c>month</c>; absent: one row a pipeline.</summary>
        public string? GroupBy { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator() => RuleFor(q => q.GroupBy).OneOf([.. Dimensions.Keys.Where(k => k != "pipeline")]);
    }

    /// <param name="Days">What the figures rest on.</param>
    /// <param name="Deals">Of all pipelines.</param>
    /// <param name="Pipelines">Most deals first. Conversions of different pipelines have no common value.</param>
    /// <param name="HasMore">There were more groups than are shown.</param>
    internal sealed record Response(ReportDays Days, long Deals, IReadOnlyList<PipelineFunnel> Pipelines, bool HasMore);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/funnel", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var names = await CrmNames.ReadAsync(connection, scope.ProjectId, ct);
        var range = project.Range(query, clock);
        var compared = query.Compared(range);
        var dimension = query.GroupBy is { } by ? Dimensions[by] : null;
        var stages = await FunnelStages.ReadAsync(connection, project.Id, (compared ?? range).Bounds(project.Zone).From, ct);
        var now = await FunnelReading.ReadAsync(connection, project, query, stages, dimension, range, ct);
        var before = compared is { } other ? await FunnelReading.ReadAsync(connection, project, query, stages, dimension, other, ct) : null;

        var hasMore = false;
        PipelineFunnel[] pipelines = [.. now.Keys.Concat(before?.Keys ?? Enumerable.Empty<FunnelKey>()).Distinct().GroupBy(k => (k.ConnectionId, k.PipelineId)).Select(Pipeline)
            .OrderByDescending(p => p.Total.Deals).ThenBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.PipelineId, StringComparer.Ordinal)];
        var response = new Response(ReportDays.Of(project, range, compared), pipelines.Sum(p => p.Total.Deals), pipelines, hasMore);
        return ReportAnswer.Of(query, response, () => Table(response, query, project));

        PipelineFunnel Pipeline(IGrouping<(Guid Connection, string Id), FunnelKey> keys)
        {
            var own = stages.Of(keys.Key.Connection, keys.Key.Id);
            FunnelGroup[] groups = dimension is null ? [] : [.. keys.Where(k => !k.IsTotal).Select(k => new FunnelGroup(Group.Of(query.GroupBy, k.Key, k.Owner, names), Figures(k, own)))];
            groups = [.. dimension?.IsPeriod == true ? groups.OrderBy(g => g.Group.Key, StringComparer.Ordinal) : groups.OrderByDescending(g => g.Figures.Deals).ThenBy(g => g.Group.Key, StringComparer.Ordinal)];
            hasMore |= groups.Length > MostGroups;
            return new(keys.Key.Connection, names.Account(keys.Key.Connection), keys.Key.Id, names.Pipeline(keys.Key.Connection, keys.Key.Id), Figures(new(keys.Key.Connection, keys.Key.Id, null, null, true), own), [.. groups.Take(MostGroups)]);
        }

        FunnelFigures Figures(FunnelKey key, CrmStage[] own) =>
            FunnelFigures.Of(now.GetValueOrDefault(key), own, before is null ? null : FunnelFigures.Of(before.GetValueOrDefault(key), own, null));
    }

    private static ReportTable Table(Response response, Query query, ReportProject project)
    {
        ReportColumn[] group = query.GroupBy is null ? [] : [new("Строка", "Row")];
        ReportColumn[] compared = query.Compare is null ? [] : [new("Дошли раньше", "Reached before", ColumnKind.Count), new("Из всех раньше", "From start before", ColumnKind.Share)];
        return new("funnel",
            [
                new("Воронка", "Pipeline"), .. group, new("Этап", "Stage"), new("Сделок", "Deals", ColumnKind.Count), new("Были на этапе", "Entered", ColumnKind.Count), new("Дошли", "Reached", ColumnKind.Count),
                new("Перескочили", "Jumped over", ColumnKind.Count), new("Стоят сейчас", "Standing now", ColumnKind.Count), new("Потеряны здесь", "Lost here", ColumnKind.Count),
                new("Из предыдущего", "From previous", ColumnKind.Share), new("Из всех", "From start", ColumnKind.Share), new("Медиана на этапе", "Median stay", ColumnKind.Span), new("90 % не дольше", "90 % within", ColumnKind.Span),
                .. compared,
            ],
            response.Pipelines.SelectMany(p => (query.GroupBy is null ? [(Name: "", Figures: p.Total)] : p.Items.Select(i => (Name: i.Group.Cell(query.Lang), i.Figures)))
                .SelectMany(r => r.Figures.Steps.Select((s, at) => (IReadOnlyList<object?>)
                [
                    p.Name ?? p.PipelineId, .. query.GroupBy is null ? [] : (object?[])[r.Name], s.Name ?? s.StageId ?? (query.Lang == "en" ? "Won" : "Успешно"), r.Figures.Deals, s.Entered, s.Reached, s.JumpedOver, s.StandingNow, s.LostHere,
                    s.FromPrevious.Value, s.FromStart.Value, Seconds.Cell(s.MedianSeconds), Seconds.Cell(s.SlowSeconds),
                    .. query.Compare is null ? [] : (object?[])[r.Figures.Previous?.Steps[at].Reached, r.Figures.Previous?.Steps[at].FromStart.Value],
                ]))), project.Zone)
        { About = response.Days.About() };
    }
}
