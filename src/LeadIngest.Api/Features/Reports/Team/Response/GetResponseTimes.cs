using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Team.Response;

/// <summary>How long leads wait for a person: by the calendar and in the project's working hours, with the share answered within 5, 15 and 60 minutes.</summary>
/// <remarks>
/// A lead is answered by a call to the client (taken or not), an outgoing message, e-mail or SMS by a person of the CRM, a person's first move of its deal, or when the client calls and is answered.
/// Contact within the hour before the lead answers it at once. Duplicates, spam and tests are no leads; a call that was answered did not wait and is counted apart.
/// </remarks>
internal sealed class GetResponseTimes : IEndpoint
{
    private const int MostGroups = 1_000;

    internal sealed record Query : TeamQuery
    {
        /// <summary>
        /// <c>manager</c> (responsible for the lead's deal; when absent), <c>channel</c>, <c>source</c>, <c>medium</c>, <c>campaign</c>, <c>content</c>, <c>keyword</c>, <c>site</c>, <c>kind</c>, <c>hour</c>,
        /// <c>weekday</c> (1 is Monday), <c>day</c>, <c>week</c> or <c>month</c> of the lead.
        /// </summary>
        public string? GroupBy { get; init; }

        /// <summary>Only leads of this kind: <c>form</c>, <c>call</c>, <c>chat</c>.</summary>
        public string? Kind { get; init; }
    }

    private sealed class Validator : TeamValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.GroupBy).OneOf([.. ResponseReading.Dimensions.Keys]);
            Text(q => q.Kind);
        }
    }

    /// <param name="WorkingHours">False: the project says nothing of them; both clocks are one.</param>
    /// <param name="Total">Of all leads: equals the sum of the items where figures can be added.</param>
    /// <param name="Items">Most leads first; hours, weekdays and periods in order. At most 1,000.</param>
    internal sealed record Response(ReportDays Days, bool WorkingHours, Figures Total, IReadOnlyList<Item> Items, bool HasMore);

    internal sealed record Item(Group Group, Figures Figures);

    /// <param name="Leads">Answered and not answered.</param>
    /// <param name="Talks">Calls that were answered: they are not in <paramref name="Leads"/>.</param>
    /// <param name="ByClient">Answered because the client called (again) / answered.</param>
    /// <param name="Calendar">By the clock on the wall.</param>
    /// <param name="Working">In working hours: a lead outside them starts at the next opening.</param>
    /// <param name="Previous">The same of the days compared with; null: no comparison.</param>
    internal sealed record Figures(long Leads, long Talks, long Answered, long Unanswered, Share AnsweredShare, Share ByClient, ClockFigures Calendar, ClockFigures Working, Figures? Previous);

    /// <param name="MedianSeconds">Of the answered; null without any.</param>
    /// <param name="SlowSeconds">Nine of ten waited no longer.</param>
    /// <param name="MeanSeconds">One forgotten lead spoils it: never show it alone.</param>
    /// <param name="LongestWaitingSeconds">Age of the oldest unanswered lead; null without any.</param>
    /// <param name="Within">Within 5, 15 and 60 minutes, of all whose time is up.</param>
    internal sealed record ClockFigures(long? MedianSeconds, long? SlowSeconds, long? MeanSeconds, long? LongestWaitingSeconds, IReadOnlyList<WithinAnswer> Within);

    internal sealed record WithinAnswer(int Minutes, Share Share);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/response", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var names = await CrmNames.ReadAsync(connection, scope.ProjectId, ct);
        var range = project.Range(query, clock);
        var compared = query.Compared(range);
        var by = query.GroupBy ?? "manager";
        var dimension = ResponseReading.Dimensions[by];
        var now = await CountAsync(connection, project, query, dimension, range, clock, ct);
        var before = compared is { } other ? await CountAsync(connection, project, query, dimension, other, clock, ct) : null;

        var empty = new Tally();
        var all = now.Groups.Keys.Concat(before?.Groups.Keys ?? Enumerable.Empty<(string?, Guid?)>()).Distinct().Select(key => new Item(Group.Of(by, key.Item1, key.Item2, names),
            now.Groups.GetValueOrDefault(key, empty).Figures(before?.Groups.GetValueOrDefault(key, empty).Figures(null))));
        Item[] items = [.. dimension.IsPeriod ? all.OrderBy(i => i.Group.Key, StringComparer.Ordinal) : all.OrderByDescending(i => i.Figures.Leads).ThenBy(i => i.Group.Key, StringComparer.Ordinal)];
        var response = new Response(ReportDays.Of(project, range, compared), project.Working is not null, now.Total.Figures(before?.Total.Figures(null)), [.. items.Take(MostGroups)], items.Length > MostGroups);
        return ReportAnswer.Of(query, response, () => Table(response, query, project));
    }

    private sealed record Counted(Tally Total, Dictionary<(string? Key, Guid? Owner), Tally> Groups);

    private static async Task<Counted> CountAsync(NpgsqlConnection connection, ReportProject project, Query query, Dimension dimension, DayRange range, TimeProvider clock, CancellationToken ct)
    {
        var (counted, now) = (new Counted(new(), []), clock.GetUtcNow());
        await ResponseReading.ReadAsync(connection, project, query, query.Kind, dimension, range, null, "", lead =>
        {
            if (!counted.Groups.TryGetValue((lead.Key, lead.Owner), out var group)) counted.Groups[(lead.Key, lead.Owner)] = group = new();
            var response = ResponseTime.Of(lead.At, lead.ContactedAt, now, project.Working, project.Zone);
            foreach (var tally in (Tally[])[counted.Total, group]) tally.Add(lead, response);
        }, ct);
        return counted;
    }

    private sealed class Tally
    {
        private readonly List<LeadIngest.Core.Metrics.Response> _responses = [];
        private long _talks, _byClient;

        public void Add(LeadContact lead, LeadIngest.Core.Metrics.Response response)
        {
            if (lead.IsTalk)
            {
                _talks++;
                return;
            }
            _responses.Add(response);
            if (lead.How == "clientCalled") _byClient++;
        }

        public Figures Figures(Figures? previous)
        {
            var (calendar, working) = (ResponseTime.Figures(_responses, false), ResponseTime.Figures(_responses, true));
            return new(_responses.Count, _talks, calendar.Answered, calendar.NoResponse, Share.Of(calendar.Answered, _responses.Count), Share.Of(_byClient, calendar.Answered),
                Clock(calendar, r => r.Calendar), Clock(working, r => r.Working), previous);
        }

        private ClockFigures Clock(ResponseFigures figures, Func<LeadIngest.Core.Metrics.Response, TimeSpan> time)
        {
            List<long> ticks = [.. _responses.Where(r => r.IsAnswered).Select(r => time(r).Ticks).Order()];
            return new(Seconds.Of(figures.Median), ticks.Count == 0 ? null : Seconds.Of(TimeSpan.FromTicks((long)Quantiles.Of(ticks, 0.9m))), Seconds.Of(figures.Mean), Seconds.Of(figures.LongestWaiting),
                [.. figures.Within.Select(w => new WithinAnswer(w.Minutes, Share.Of(w.Share)))]);
        }
    }

    private static ReportTable Table(Response response, Query query, ReportProject project)
    {
        ReportColumn[] compared = query.Compare is null ? [] : [new("Заявок раньше", "Leads before", ColumnKind.Count), new("Медиана раньше, рабочее время", "Median before, working time", ColumnKind.Span)];
        return new("response",
            [
                new("Строка", "Row"), new("Заявок", "Leads", ColumnKind.Count), new("Отвечено", "Answered", ColumnKind.Count), new("Без ответа", "Unanswered", ColumnKind.Count),
                new("Медиана", "Median", ColumnKind.Span), new("90 % не дольше", "90 % within", ColumnKind.Span), new("Медиана, рабочее время", "Median, working time", ColumnKind.Span),
                new("90 % не дольше, рабочее время", "90 % within, working time", ColumnKind.Span),
                .. ResponseTime.Marks.Select(m => new ReportColumn($"За {m} мин рабочего времени", $"Within {m} min, working time", ColumnKind.Share)),
                new("Дольше всех ждёт", "Waiting longest", ColumnKind.Span), .. compared,
            ],
            response.Items.Select(i => (IReadOnlyList<object?>)
            [
                i.Group.Cell(query.Lang), i.Figures.Leads, i.Figures.Answered, i.Figures.Unanswered, Seconds.Cell(i.Figures.Calendar.MedianSeconds), Seconds.Cell(i.Figures.Calendar.SlowSeconds),
                Seconds.Cell(i.Figures.Working.MedianSeconds), Seconds.Cell(i.Figures.Working.SlowSeconds), .. i.Figures.Working.Within.Select(w => (object?)w.Share.Value),
                Seconds.Cell(i.Figures.Calendar.LongestWaitingSeconds),
                .. query.Compare is null ? [] : (object?[])[i.Figures.Previous?.Leads, Seconds.Cell(i.Figures.Previous?.Working.MedianSeconds)],
            ]), project.Zone)
        { About = response.Days.About() };
    }
}
