using FluentValidation;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Which clients the report of LTV is of.</summary>
internal static class LtvCohorts
{
    public static readonly string[] GroupBy = [.. ClientGroups.All, "month"];

    public static DayRange Range(ReportProject project, DateOnly? from, DateOnly? to, TimeProvider clock)
    {
        var last = to ?? project.Today(clock);
        var first = from ?? Periods.Of(last, PeriodUnit.Month).AddMonths(-11);
        return new(first, last < first ? first : last);
    }

    /// <summary>Common table expressions: <c>p</c>, paid and refunded amounts by client and day; <c>f</c>, the sums of each client; <c>cohort</c>, the chosen clients with their key.</summary>
    public static string With(ReportFilters filters, string? by, string? groupBy)
    {
        var (day, from) = by == "firstLead" ? ("c.came_day", "client_facts c left join f on f.client_id = c.client_id") : ("f.first_day", "f join client_facts c on c.project_id = @ProjectId and c.client_id = f.client_id");
        var origins = ClientGroups.NeedsOrigin(groupBy) || filters.BySource ? ReportFilters.ClientOrigin : "";
        return $"""
            with p as materialized (
                select d.client_id, d.won_day as day, d.amount, {ReportFilters.Paid} as paid
                from deal_facts d where d.project_id = @ProjectId and d.won_day is not null and d.client_id is not null and d.amount is distinct from 0),
            f as materialized (
                select client_id, min(day) filter (where paid) as first_day, max(day) filter (where paid) as last_day, count(*) filter (where paid) as purchases, sum(amount) as revenue
                from p group by client_id),
            cohort as materialized (
                select c.client_id, {ClientGroups.Key(groupBy, day)} as key, {ClientGroups.Connection(groupBy)} as connection_id, {day} as cohort_day, f.first_day, f.last_day, f.purchases, f.revenue
                from {from} {origins}
                where c.project_id = @ProjectId and {day} between @From and @To {filters.Clients()})

            """;
    }

    public static void Rules<T>(AbstractValidator<T> validator, System.Linq.Expressions.Expression<Func<T, string?>> by, System.Linq.Expressions.Expression<Func<T, string?>> groupBy) where T : ReportQuery
    {
        validator.RuleFor(by).OneOf("firstPayment", "firstLead");
        validator.RuleFor(groupBy).OneOf(GroupBy);
        validator.RefusePipeline();
    }
}
