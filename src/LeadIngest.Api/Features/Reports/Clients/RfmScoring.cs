using System.Globalization;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>How clients are scored. Both the table and the list behind it bind it.</summary>
internal interface IRfmQuery
{
    DateOnly? At { get; }
    string? Method { get; }
    string? Monetary { get; }
    string? Recency { get; }
    string? Frequency { get; }
    string? Money { get; }
}

/// <summary>
/// The scores of Core's <see cref="Rfm"/> counted where the clients are: only sums of cells, or the page that is asked for, leave the database.
/// </summary>
internal static class RfmScoring
{
    private static readonly string[] Axes = ["recency", "frequency", "money"];

    /// <summary>Common table expressions up to <c>s</c>: each client with r, f, m (1 to 5), its purchases' days, number and kopecks; <c>m</c>, the method and limits used.</summary>
    public static string With(IRfmQuery query, ReportQuery of, ReportFilters filters)
    {
        var join = filters.OfClients ? "join client_facts c on c.project_id = d.project_id and c.client_id = d.client_id" + ReportFilters.ClientOrigin : "";
        // Of purchases whose amount is known.
        var money = query.Monetary == "average" ? "coalesce(round(avg(d.amount)), 0)" : "coalesce(sum(d.amount), 0)";
        var ranks = query.Method == "ranks";
        // By place, equal values told apart by id.
        var clients = !ranks ? "f" : $"(select f.*, count(*) over () as clients, {string.Join(", ", Axes.Select(a => $"row_number() over (order by {a}, client_id) - 1 as {a}_place"))} from f)";
        string bin(string axis) => !ranks ? Bin(axis)
            : $"case when m.method = 'fixed' then {Bin(axis)} else {string.Join(" + ", Enumerable.Range(1, 4).Select(j => $"(5 * f.{axis}_place > (f.clients - 1) * {j})::int"))} end";
        return $"""
            with f as materialized (
                select d.client_id, @At::date - max(d.won_day) filter (where {ReportFilters.Paid}) as recency, count(*) filter (where {ReportFilters.Paid}) as frequency,
                    {money} as money, coalesce(sum(d.amount), 0) as revenue
                from deal_facts d {join}
                where d.project_id = @ProjectId and d.won_day <= @At and d.client_id is not null and d.amount is distinct from 0 {(of.From is null ? "" : "and d.won_day >= @From")} {filters.Clients()}
                group by d.client_id having bool_or({ReportFilters.Paid})),
            l as materialized (
                select count(*) as clients, {Quantiles("recency")} as recency_limits, {Quantiles("frequency")} as frequency_limits, {Quantiles("money")} as money_limits,
                    least({Distinct("recency")}, {Distinct("frequency")}, {Distinct("money")}) as distinct_values, sum(revenue) / nullif(sum(frequency), 0) as average_check
                from f),
            m as materialized (
                select method,
                    case method when 'fixed' then @Recency::numeric[] when 'quintiles' then {PlusOne("recency_limits", 6, 1)} end as recency_limits,
                    case method when 'fixed' then @Frequency::numeric[] when 'quintiles' then {PlusOne("frequency_limits", 6, 1)} end as frequency_limits,
                    case method when 'fixed' then coalesce((select array_agg(v * 100 order by n) from unnest(@Money::numeric[]) with ordinality x (v, n)),
                            (select array_agg(greatest(round(average_check * v), 1) order by v) from unnest(array[0.5, 1, 2, 5]) v where average_check is not null))
                        when 'quintiles' then {PlusOne("money_limits", 3, 100)} end as money_limits
                from (select l.*, case when distinct_values < {Rfm.FewValues} then 'fixed' else @Method::text end as method from l) l),
            s as materialized (
                select f.client_id, f.frequency, f.revenue, 5 - ({bin("recency")}) as r, 1 + ({bin("frequency")}) as f, 1 + ({bin("money")}) as m
                from {clients} f cross join m)
            """;
    }

    private static string Quantiles(string axis) => $"percentile_cont(array[0.2, 0.4, 0.6, 0.8]) within group (order by {axis}::float8)";

    private static string Distinct(string axis) => $"(select count(*) from (select distinct {axis} from f limit {Rfm.FewValues}) x)";

    // A type-7 quantile of whole numbers at fifths is a multiple of 0.2: rounding takes off what binary fractions add, so that the limits are Core's to the digit.
    private static string PlusOne(string limits, int digits, int one) => $"(select array_agg(round(v::numeric, {digits}) + {one} order by n) from unnest({limits}) with ordinality x (v, n))";

    /// <summary>How many limits the value has reached.</summary>
    private static string Bin(string axis) => $"width_bucket(f.{axis}::numeric, m.{axis}_limits)";

    public static void Rules<T>(AbstractValidator<T> validator) where T : ReportQuery, IRfmQuery
    {
        validator.RuleFor(q => q.At).Must(d => d!.Value.Year is >= 2000 and <= 2100).When(q => q.At is not null).WithMessage("From 2000 to 2100.");
        validator.RuleFor(q => q.Method).OneOf("quintiles", "fixed", "ranks");
        validator.RuleFor(q => q.Monetary).OneOf("sum", "average");
        validator.RuleFor(q => q.Recency).Must(t => t is null || Limits(t) is not null).WithMessage("Four ascending numbers: 30,90,180,365.");
        validator.RuleFor(q => q.Frequency).Must(t => t is null || Limits(t) is not null).WithMessage("Four ascending numbers: 2,3,5,10.");
        validator.RuleFor(q => q.Money).Must(t => t is null || Limits(t) is not null).WithMessage("Four ascending numbers, in whole units of the project's currency: 10000,30000,60000,150000.");
        validator.RuleFor(q => q.Money).NotNull().When(q => q.Method == "fixed").WithMessage("Needed with method 'fixed': what much money is depends on the business. Four ascending numbers.");
        validator.Refuse(q => q.To, "it counts up to one day; use 'at'.");
        validator.RefusePipeline();
    }

    /// <summary>Parameters of <see cref="With"/>.</summary>
    public static DynamicParameters Args(IRfmQuery query, ReportQuery of, ReportFilters filters, DateOnly at)
    {
        var args = filters.Args();
        args.AddDynamicParams(new
        {
            At = at,
            of.From,
            Method = query.Method ?? "quintiles",
            Recency = (Limits(query.Recency) ?? RfmThresholds.DefaultRecencyDays).Values.ToArray(),
            Frequency = (Limits(query.Frequency) ?? RfmThresholds.DefaultFrequency).Values.ToArray(),
            Money = Limits(query.Money)?.Values.ToArray(),
        });
        return args;
    }

    /// <returns>Null: not four ascending numbers.</returns>
    private static RfmLimits? Limits(string? text)
    {
        if (text is null || text.Length > 200) return null;
        var values = text.Split(',').Select(p => decimal.TryParse(p, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var v)
            && v <= 1_000_000_000_000 ? v : (decimal?)null).ToArray();
        return values.Length == 4 && values.All(v => v is not null) && values.Zip(values.Skip(1)).All(p => p.First <= p.Second) ? new([.. values.Select(v => v!.Value)]) : null;
    }
}
