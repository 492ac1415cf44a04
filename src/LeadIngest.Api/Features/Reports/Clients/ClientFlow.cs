using Dapper;
using FluentValidation;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>
/// Who belongs to the base: on any day, the clients whose last purchase is less than so many days ago. Over a range everybody is counted by where they stand at its two ends, so that
/// base at the end = base at the start + new + reactivated − churned.
/// </summary>
internal static class ClientFlow
{
    public const int DefaultDays = 180;

    /// <summary>Each day of purchases of a client with the ones before and after it.</summary>
    public const string Purchases = $"""
        p as materialized (
            select client_id, day, lag(day) over w as before, lead(day) over w as next
            from (select d.client_id, d.won_day as day from deal_facts d
                where d.project_id = @ProjectId and d.won_day is not null and d.client_id is not null and {ReportFilters.Paid} group by d.client_id, d.won_day) days
            window w as (partition by client_id order by day))
        """;

    /// <summary>Days of purchases that say anything of the range <c>t.a</c> to <c>t.b</c>: the last one before it unless that is long past, and those in it.</summary>
    public const string Joined = "p.day <= t.b and p.day > t.a - 1 - @Days and coalesce(p.next, 'infinity') >= t.a";

    /// <summary>Each counts a client of <see cref="Joined"/> once at most.</summary>
    public static readonly (string Kind, string Sql)[] Kinds =
    [
        ("baseStart", "p.day < t.a"),
        ("baseEnd", "coalesce(p.next, 'infinity') > t.b and p.day > t.b - @Days"),
        ("new", "p.day >= t.a and p.before is null"),
        ("active", "p.day >= t.a and coalesce(p.next, 'infinity') > t.b"),
        ("reactivated", "p.day >= t.a and p.before <= t.a - 1 - @Days"),
        ("churned", "coalesce(p.next, 'infinity') > t.b and p.day <= t.b - @Days"),
    ];

    public static string Condition(string kind) => Kinds.First(k => k.Kind == kind).Sql;

    public static void Rules<T>(AbstractValidator<T> validator, System.Linq.Expressions.Expression<Func<T, int?>> days) where T : ReportQuery
    {
        validator.RuleFor(days).InclusiveBetween(1, 3_650).WithMessage("From 1 to 3650 days.");
        validator.RefusePipeline();
    }

    /// <summary>The range, or the parts of it that are months.</summary>
    public static DynamicParameters Args(this ReportFilters filters, IReadOnlyList<DayRange> ranges, int? days)
    {
        var args = filters.Args();
        args.AddDynamicParams(new { Firsts = ranges.Select(r => r.From).ToArray(), Lasts = ranges.Select(r => r.To).ToArray(), Days = days ?? DefaultDays });
        return args;
    }
}
