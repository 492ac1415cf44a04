using FluentValidation;

namespace LeadIngest.Api.Http;

internal static class Validation
{
    /// <summary>Answers 400 with the errors by field before the handler runs. Validators are passed by hand: none can be missing at run time.</summary>
    public static RouteHandlerBuilder Validate<TRequest>(this RouteHandlerBuilder route, IValidator<TRequest> validator) where TRequest : notnull =>
        route.ProducesValidationProblem().AddEndpointFilter(async (context, next) =>
        {
            var request = context.Arguments.OfType<TRequest>().Single();
            var result = await validator.ValidateAsync(request, context.HttpContext.RequestAborted);
            return result.IsValid ? await next(context) : Problems.Invalid(result);
        });
}
