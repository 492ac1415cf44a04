using FluentValidation;
using LeadIngest.Api.Access;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Session;

/// <summary>Asks for a letter with a link to a new password. The answer is the same whether or not anybody has the address.</summary>
internal sealed class ForgetPassword : IEndpoint
{
    internal sealed record Request(string Email);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Email).Address();
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/password/forgot", Handle).Validate(new Validator()).ProducesPasswordProblems()
        .WithExample("""{"email":"olga@okna-plus.ru"}""");

    // Each of them counts as a failure of its address: nothing tells that it was a right one.
    internal static Results<Accepted, ProblemHttpResult> Handle(Request request, HttpContext context, AddressLimits addresses, ResetLetters letters)
    {
        if (addresses.Take(context.Connection.RemoteIpAddress) is { } after) return PasswordCheck.TooMany(context, after);
        letters.Ask(PasswordCheck.Spell(request.Email));
        return TypedResults.Accepted((string?)null);
    }
}
