using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>What if: changes factors of the period and shows the money to expect, with the effect of each.</summary>
internal sealed class TryDecomposition : IEndpoint
{
    internal sealed record Query : ReportQuery;

    private sealed class QueryValidator : ReportValidator<Query>
    {
        public QueryValidator() => MoneyCounts.Rules(this);
    }

    /// <summary>What is left out stays as it is.</summary>
    internal sealed record Request(Change? Leads, Change? Conversion, Change? AverageCheck, Change? SalesPerClient);

    /// <summary>One of the two.</summary>
    /// <param name="Percent">By so many per cent, −100 to 10,000: 10 is a tenth more.</param>
    /// <param name="Value">To this value; a conversion is a share, 0.15.</param>
    internal sealed record Change(decimal? Percent, decimal? Value)
    {
        public decimal Of(decimal factor) => Value ?? (factor * (1 + (Percent!.Value / 100)));
    }

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Leads).SetValidator(new ChangeValidator()!);
            RuleFor(r => r.Conversion).SetValidator(new ChangeValidator()!);
            RuleFor(r => r.AverageCheck).SetValidator(new ChangeValidator()!);
            RuleFor(r => r.SalesPerClient).SetValidator(new ChangeValidator()!);
        }
    }

    private sealed class ChangeValidator : AbstractValidator<Change>
    {
        public ChangeValidator()
        {
            RuleFor(c => c.Percent).InclusiveBetween(-100, 10_000).WithMessage("From -100 to 10000.");
            RuleFor(c => c.Value).InclusiveBetween(0, 1_000_000_000).WithMessage("From 0 to 1,000,000,000.");
            RuleFor(c => c.Value).Must((c, v) => v is null != c.Percent is null).WithMessage("Either 'percent' or 'value'.");
        }
    }

    /// <param name="Period">As it was.</param>
    /// <param name="Expected">With the changes.</param>
    /// <param name="Chain">The effect of each on top of those before it; they add up to the change.</param>
    /// <param name="LogMean">Without an order; they add up to the change too.</param>
    /// <param name="Alone">What each would do if nothing else changed; these do not add up.</param>
    internal sealed record Response(string Currency, PeriodFactors Period, ExpectedFactors Expected, FactorEffects Chain, FactorEffects LogMean, AloneEffects Alone);

    internal sealed record ExpectedFactors(decimal Leads, decimal Conversion, decimal AverageCheck, decimal SalesPerClient, decimal Money);

    internal sealed record AloneEffects(decimal Leads, decimal Conversion, decimal AverageCheck, decimal SalesPerClient);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/decomposition/what-if", HandleAsync).Validate(new QueryValidator()).Validate(new Validator()).ProducesReport<Response>()
        .WithExample("""{"leads":{"percent":10},"conversion":{"value":0.15}}""");

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, Request request, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.OpenForReportAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var range = project.Range(query, clock);
        var counts = await MoneyCounts.ReadAsync(connection, new(scope.ProjectId, query), project, range, ct);
        var before = counts.Factors;
        var after = new MoneyFactors(request.Leads?.Of(before.Leads) ?? before.Leads, request.Conversion?.Of(before.Conversion) ?? before.Conversion,
            request.AverageCheck?.Of(before.AverageCheck) ?? before.AverageCheck, request.SalesPerClient?.Of(before.SalesPerClient) ?? before.SalesPerClient);
        // Each of the limits above is sensible alone; their product has to fit too.
        if (TooGreat(before, after)) return Problems.Invalid("body", "The money to expect is beyond all bounds: ask for smaller values.");
        decimal Alone(MoneyFactors changed) => PeriodFactors.Round(changed.Money - before.Money, 2);
        var response = new Response(project.Currency, PeriodFactors.Of(range, counts),
            new(PeriodFactors.Round(after.Leads, 2), PeriodFactors.Round(after.Conversion, 6), PeriodFactors.Round(after.AverageCheck, 2), PeriodFactors.Round(after.SalesPerClient, 6), PeriodFactors.Round(after.Money, 2)),
            FactorEffects.Of(before, after, ShareMethod.Chain), FactorEffects.Of(before, after, ShareMethod.LogMean),
            new(Alone(before with { Leads = after.Leads }), Alone(before with { Conversion = after.Conversion }), Alone(before with { AverageCheck = after.AverageCheck }), Alone(before with { SalesPerClient = after.SalesPerClient })));
        return ReportAnswer.Of(query, response, () => FactorTable.Of("what-if", query, project, response.Period,
            response.Period with { Leads = response.Expected.Leads, Conversion = response.Expected.Conversion, AverageCheck = response.Expected.AverageCheck, SalesPerClient = response.Expected.SalesPerClient, Money = response.Expected.Money },
            response.Chain, response.LogMean));
    }

    // Of any mixture of both: the chain goes through them.
    private static bool TooGreat(MoneyFactors a, MoneyFactors b) =>
        Greater(a.Leads, b.Leads) * Greater(a.Conversion, b.Conversion) * Greater(a.AverageCheck, b.AverageCheck) * Greater(a.SalesPerClient, b.SalesPerClient) > 1e18;

    private static double Greater(decimal a, decimal b) => Math.Max(1, Math.Max((double)Math.Abs(a), (double)Math.Abs(b)));
}
