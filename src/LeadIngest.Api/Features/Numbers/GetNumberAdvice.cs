using FluentValidation;
using LeadIngest.Api.Http;
using LeadIngest.Core.Numbers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Numbers;

/// <summary>Says how many dynamic numbers a site needs, and what half and twice as many would come to.</summary>
/// <remarks>
/// Erlang's loss for visits that find no number free, and the rest that the longest-free-first rotation gives a number before somebody else is shown it;
/// calls are taken to come after the end of their visit's hold, at any moment of <c>lateCallMinutes</c> alike. The derivation stands in <c>docs/number-pool.md</c>.
/// </remarks>
internal sealed class GetNumberAdvice : IEndpoint
{
    /// <param name="VisitsPerHour">Visits in the busiest hour that are shown a number, above 0 to 1,000,000; 60 when absent.</param>
    /// <param name="HoldMinutes">Mean minutes that a visit holds its number: the stay plus the site's hold; above 0 to 1,440; 5.5 when absent.</param>
    /// <param name="LateCallMinutes">Calls come up to so long after the hold has ended, 0 to 1,440; 30 when absent, the default look-back of a site.</param>
    /// <param name="Accuracy">Wanted share of calls that reach the right visit, 0.5 to 0.9999; 0.99 when absent.</param>
    internal sealed record Query(double? VisitsPerHour, double? HoldMinutes, double? LateCallMinutes, double? Accuracy);

    /// <param name="Numbers">The smallest pool that reaches the wanted accuracy.</param>
    /// <param name="Advised">What it comes to.</param>
    /// <param name="Half">What half as many numbers would come to.</param>
    /// <param name="Twice">What twice as many would come to.</param>
    internal sealed record Response(double VisitsPerHour, double HoldMinutes, double LateCallMinutes, double Accuracy, int Numbers, double MeanDemand, Pool Advised, Pool Half, Pool Twice);

    /// <param name="Numbers">In the pool.</param>
    /// <param name="Accuracy">Share of calls that reach the right visit.</param>
    /// <param name="Loss">Share of visits that find no number free.</param>
    /// <param name="MeanHeld">Numbers held on average.</param>
    /// <param name="MeanRestMinutes">How long a number rests before somebody else is shown it.</param>
    /// <param name="RestMinutesIn95Percent">The rest that is exceeded in 95 % of cases.</param>
    internal sealed record Pool(int Numbers, double Accuracy, double Loss, double MeanHeld, double MeanRestMinutes, double RestMinutesIn95Percent);

    private sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.VisitsPerHour).Must(v => v is null or (> 0 and <= 1_000_000)).WithMessage("Above 0, 1,000,000 at most.");
            RuleFor(q => q.HoldMinutes).Must(v => v is null or (> 0 and <= 1_440)).WithMessage("Above 0, 1,440 at most.");
            RuleFor(q => q.LateCallMinutes).Must(v => v is null or (>= 0 and <= 1_440)).WithMessage("From 0 to 1,440.");
            RuleFor(q => q.Accuracy).Must(v => v is null or (>= 0.5 and <= 0.9999)).WithMessage("From 0.5 to 0.9999.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/advice", Handle).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    internal static Results<Ok<Response>, ProblemHttpResult> Handle([AsParameters] Query query, ProjectScope scope)
    {
        _ = scope; // asked for so that the route is a project's like every other
        var (visits, hold, late, accuracy) = (query.VisitsPerHour ?? 60, query.HoldMinutes ?? 5.5, query.LateCallMinutes ?? 30, query.Accuracy ?? 0.99);
        if (PoolSize.Advise(visits, hold, late, accuracy) is not { } advised)
            return Problems.Of(422, "pool-too-large", "Pool too large", $"This would take more than {PoolSize.MostNumbers} numbers; ask for a shorter late-call time or fewer visits.");
        return TypedResults.Ok(new Response(visits, hold, late, accuracy, advised.Numbers, visits / 60 * hold, Of(advised),
            Of(PoolSize.Figures(Math.Max(1, advised.Numbers / 2), visits, hold, late)), Of(PoolSize.Figures(advised.Numbers * 2, visits, hold, late))));
    }

    private static Pool Of(PoolFigures figures) => new(figures.Numbers, Math.Round(figures.Accuracy, 5), Math.Round(figures.Loss, 5), Math.Round(figures.Held, 2),
        Math.Round(figures.RestMinutes, 2), Math.Round(figures.RestMinutesInMostCases, 2));
}
