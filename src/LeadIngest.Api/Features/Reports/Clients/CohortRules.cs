using FluentValidation;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>How cohorts are counted, for the table and for what is behind it.</summary>
internal static class CohortRules
{
    public static PeriodUnit Unit(string? unit) => unit switch { "week" => PeriodUnit.Week, "quarter" => PeriodUnit.Quarter, _ => PeriodUnit.Month };

    /// <summary>Whole periods: those that the days touch; twelve up to today unless days are given.</summary>
    public static DayRange Range(ReportProject project, DateOnly? from, DateOnly? to, PeriodUnit unit, TimeProvider clock)
    {
        var last = Periods.Of(to ?? project.Today(clock), unit);
        var first = from is { } day ? Periods.Of(day, unit) : Periods.Add(last, unit, -11);
        if (first > last) last = first;
        return new(first, Periods.Add(last, unit, 1).AddDays(-1));
    }

    /// <summary>Common table expressions: <c>p</c>, amounts by client and day; <c>cohort</c>, the clients of the days with the first day of their cohort.</summary>
    public static string With(ReportFilters filters, string? by, string? unit)
    {
        var origins = filters.BySource ? ReportFilters.ClientOrigin : "";
        // Clients are looked at only where something of them is asked for.
        var (day, from) = by == "firstLead" ? ("c.came_day", "client_facts c")
            : ("f.day", $"(select client_id, min(day) as day from p where paid group by client_id) f{(!filters.OfClients ? "" : " join client_facts c on c.project_id = @ProjectId and c.client_id = f.client_id")}");
        var client = by == "firstLead" ? "c.client_id" : "f.client_id";
        return $"""
            with p as materialized (
                select d.client_id, d.won_day as day, d.amount, {ReportFilters.Paid} as paid
                from deal_facts d where d.project_id = @ProjectId and d.won_day is not null and d.client_id is not null and d.amount is distinct from 0),
            cohort as materialized (
                select {client} as client_id, {day} as day, date_trunc('{Word(unit)}', {day}::timestamp)::date as cohort
                from {from} {origins}
                where {(by == "firstLead" ? "c.project_id = @ProjectId and " : "")}{day} between @From and @To {filters.Clients()})

            """;
    }

    /// <summary>As PostgreSQL calls it; weeks begin on Monday there too.</summary>
    public static string Word(string? unit) => unit is "week" or "quarter" ? unit : "month";

    public static void Rules<T>(AbstractValidator<T> validator, System.Linq.Expressions.Expression<Func<T, string?>> by, System.Linq.Expressions.Expression<Func<T, string?>> unit) where T : ReportQuery
    {
        validator.RuleFor(by).OneOf("firstPayment", "firstLead");
        validator.RuleFor(unit).OneOf("week", "month", "quarter");
        validator.RefusePipeline();
    }
}
