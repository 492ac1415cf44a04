using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>Money = leads × conversion to clients × average check × sales a client, and what each of them did to the change from another period.</summary>
/// <remarks>
/// Leads of the days by their own source, deals won on the days by theirs (by their client's where they have none). `manager` and `pipeline` are refused: leads have neither.
/// </remarks>
internal sealed class GetDecompositionReport : IEndpoint
{
    internal sealed record Query : ReportQuery
    {
        /// <summary><c>previous</c> (when absent) or <c>year</c>.</summary>
        public string? Compare { get; init; }
    }

    private sealed class Validator : ReportValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Compare).Compare();
            MoneyCounts.Rules(this);
        }
    }

    /// <param name="Before">The period compared with.</param>
    /// <param name="Chain">By chain substitution.</param>
    /// <param name="LogMean">By logarithmic means; by the chain again where a factor is 0 or below: its <c>method</c> says which.</param>
    /// <param name="Unconverted">Deals of the days in no sum of money.</param>
    internal sealed record Response(string Currency, PeriodFactors Period, PeriodFactors Before, FactorEffects Chain, FactorEffects LogMean, IReadOnlyList<UnconvertedDeals> Unconverted);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/decomposition", HandleAsync).Validate(new Validator()).ProducesReport<Response>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var range = project.Range(query, clock);
        var other = Comparison.Of(range, query.Compare ?? "previous")!.Value;
        var filters = new ReportFilters(scope.ProjectId, query);
        var (after, before) = (await MoneyCounts.ReadAsync(connection, filters, project, range, ct), await MoneyCounts.ReadAsync(connection, filters, project, other, ct));
        var unconverted = await ReportMoney.UnconvertedAsync(connection, "and d.won_day between @From and @To" + filters.Deals(), MoneyCounts.Args(filters, project, range), ct,
            filters.BySource ? ReportFilters.DealOrigin : "");
        var response = new Response(project.Currency, PeriodFactors.Of(range, after), PeriodFactors.Of(other, before), FactorEffects.Of(before.Factors, after.Factors, ShareMethod.Chain),
            FactorEffects.Of(before.Factors, after.Factors, ShareMethod.LogMean), unconverted);
        return ReportAnswer.Of(query, response, () => FactorTable.Of("decomposition", query, project, response.Before, response.Period, response.Chain, response.LogMean));
    }
}

internal static class FactorTable
{
    /// <summary>A row a factor, the money below.</summary>
    public static ReportTable Of(string name, ReportQuery query, ReportProject project, PeriodFactors before, PeriodFactors after, FactorEffects chain, FactorEffects logMean)
    {
        var en = query.Lang == "en";
        IReadOnlyList<object?>[] rows =
        [
            [en ? "Leads" : "Заявки", before.Leads, after.Leads, chain.Leads, logMean.Leads],
            [en ? "Conversion" : "Конверсия", before.Conversion, after.Conversion, chain.Conversion, logMean.Conversion],
            [en ? "Average check" : "Средний чек", before.AverageCheck, after.AverageCheck, chain.AverageCheck, logMean.AverageCheck],
            [en ? "Sales a client" : "Покупок на клиента", before.SalesPerClient, after.SalesPerClient, chain.SalesPerClient, logMean.SalesPerClient],
            [en ? "Money" : "Деньги", before.Money, after.Money, chain.Change, logMean.Change],
        ];
        return new(name,
        [
            new("Показатель", "Factor"), new("Было", "Before", ColumnKind.Number), new("Стало", "After", ColumnKind.Number), new("Вклад, цепные подстановки", "Effect, chain", ColumnKind.Money),
            new(logMean.Method == "logMean" ? "Вклад, логарифмический метод" : "Вклад, цепные подстановки (есть нулевой показатель)", logMean.Method == "logMean" ? "Effect, log-mean" : "Effect, chain (a factor is 0)", ColumnKind.Money),
        ], rows, project.Zone)
        {
            About = ReportAbout.Of(after.From, after.To, project, ("Сравнивается с", "Compared with", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{before.From:yyyy-MM-dd} – {before.To:yyyy-MM-dd}"))),
        };
    }
}
