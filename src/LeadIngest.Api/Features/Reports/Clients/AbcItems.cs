using Dapper;
using FluentValidation;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>What items are told apart by.</summary>
internal interface IAbcQuery
{
    string? Of { get; }
    string? By { get; }
    string? Unit { get; }
    string? Sigma { get; }
    decimal? A { get; }
    decimal? B { get; }
}

/// <summary>The classes of Core's <see cref="Abc"/> and <see cref="Xyz"/> counted in the database, over sums that stay whole numbers of kopecks to the end.</summary>
internal static class AbcItems
{
    public static DayRange Range(ReportProject project, DateOnly? from, DateOnly? to, TimeProvider clock) => LtvCohorts.Range(project, from, to, clock);

    /// <summary>Common table expressions up to <c>items</c>: each item with value, share before it, variation and classes, place by value.</summary>
    public static string With(IAbcQuery query, ReportFilters filters)
    {
        var (products, unit) = (query.Of == "product", CohortRules.Word(query.Unit));
        var value = query.By == "quantity" ? "quantity" : "revenue";
        var lines = products
            ? $"""
                select {ProductKey} as key, x.name, d.won_day as day, round(x.price * x.quantity * 100 * {Rate}) as revenue, x.quantity
                from deal_facts d join deal_products x on x.project_id = d.project_id and x.deal_id = d.deal_id
                """
            : $"""
                select d.client_id::text as key, null::text as name, d.won_day as day, d.amount as revenue, {ReportFilters.Paid}::int as quantity
                from deal_facts d
                """;
        return $"""
            with lines as (
                {lines} {(filters.BySource ? ReportFilters.DealOrigin : "")}
                where d.project_id = @ProjectId and d.won_day between @From and @To and d.amount is distinct from 0 {(products ? "" : "and d.client_id is not null")} {filters.Deals()}),
            periods as (
                select key, date_trunc('{unit}', day::timestamp) as period, (array_agg(name order by day desc) filter (where name is not null))[1] as name, max(day) as day,
                    sum(revenue) as revenue, sum(quantity) as quantity, coalesce(sum({value}), 0) as value
                from lines group by key, period),
            sums as (
                select key, (array_agg(name order by day desc) filter (where name is not null))[1] as name, sum(revenue) as revenue, sum(quantity) as quantity, sum(value) as value, sum(value * value) as squares
                from periods group by key),
            spread as (
                select *, sum(greatest(value, 0)) over () as whole, row_number() over (order by value desc, key) as place,
                    coalesce(sum(greatest(value, 0)) over (order by value desc groups between unbounded preceding and 1 preceding), 0) as before,
                    -- Both times the square of the mean, so that nothing is divided before it is compared.
                    (@Periods * squares - value * value) * {(query.Sigma == "sample" ? "@Periods" : "1")} as variance, value * value * {(query.Sigma == "sample" ? "(@Periods - 1)" : "1")} as square
                from sums),
            items as materialized (
                select key, name, revenue, quantity, value, place, case when value <= 0 then 1 else before / whole end as share_before, case when whole > 0 then greatest(value, 0) / whole end as share,
                    case when value <= 0 or before >= @B * whole then 'C' when before < @A * whole then 'A' else 'B' end as abc,
                    case when @Periods >= {Xyz.FewestPeriods} and value > 0 then sqrt(greatest(variance, 0) / square) end as variation,
                    case when @Periods < {Xyz.FewestPeriods} then null when value <= 0 then 'Z' when variance <= {Square(Xyz.DefaultX)} * square then 'X' when variance <= {Square(Xyz.DefaultY)} * square then 'Y' else 'Z' end as xyz
                from spread)
            """;
    }

    /// <summary>Of the catalogue by its id there, typed by hand by its name.</summary>
    public const string ProductKey = "coalesce('id:' || d.connection_id || ':' || x.product_id, 'name:' || lower(btrim(coalesce(x.name, ''))))";

    /// <summary>Prices are in the deal's currency.</summary>
    private const string Rate = "case when d.currency is null or d.currency = @Currency then 1 else rub_rate(d.project_id, d.currency, d.won_day) / rub_rate(d.project_id, @Currency, d.won_day) end";

    private static string Square(decimal limit) => (limit * limit).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static DynamicParameters Args(IAbcQuery query, ReportFilters filters, DayRange range, ReportProject project)
    {
        var args = filters.Args();
        args.AddDynamicParams(new { range.From, range.To, project.Currency, Periods = (decimal)Core.Times.Periods.In(range, CohortRules.Unit(query.Unit)).Count(), A = query.A ?? Abc.DefaultA, B = query.B ?? Abc.DefaultB });
        return args;
    }

    public static void Rules<T>(AbstractValidator<T> validator) where T : ReportQuery, IAbcQuery
    {
        validator.RuleFor(q => q.Of).OneOf("client", "product");
        validator.RuleFor(q => q.By).OneOf("revenue", "quantity");
        validator.RuleFor(q => q.Unit).OneOf("week", "month", "quarter");
        validator.RuleFor(q => q.Sigma).OneOf("population", "sample");
        validator.RuleFor(q => q.A).InclusiveBetween(0, 1).WithMessage("A share, from 0 to 1.");
        validator.RuleFor(q => q.B).InclusiveBetween(0, 1).WithMessage("A share, from 0 to 1.");
        validator.RuleFor(q => q.B).Must((q, b) => (b ?? Abc.DefaultB) >= (q.A ?? Abc.DefaultA)).WithMessage("Not below 'a'.");
    }
}
