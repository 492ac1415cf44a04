using FluentValidation;
using LeadIngest.Api.Connecting;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>Finishes a login to amoCRM by the code that its administrator copied from the integration's window.</summary>
/// <remarks>The code lives for 20 minutes and works once, and so does this address: after a refusal begin again.</remarks>
internal sealed class ExchangeCode : IEndpoint
{
    /// <param name="Host">The account's: <c>acme.amocrm.ru</c>.</param>
    /// <param name="Code">As copied.</param>
    internal sealed record Request(string Host, string Code);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Host).NotEmpty();
            RuleFor(r => r.Code).NotEmpty().MaximumLength(10_000);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/authorize/{id:guid}/code", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithExample("""{"host":"oknaplus.amocrm.ru","code":"def50200a1b2c3-example"}""");

    internal static async Task<Results<Ok<ConnectionAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ProjectScope scope, Authorizations authorizations,
        CrmHttp http, NewLogin logins, CredentialsCipher cipher, IOptions<CrmHosts> hosts, IOptions<PublicAddress> own, TimeProvider clock, CancellationToken ct)
    {
        // Judged before the login is taken: a slip of the pen need not cost it.
        if (!CrmAddress.TryReadHost("amocrm", request.Host.Trim(), hosts.Value, out var account)) return Problems.Invalid("host", "Not an account of amoCRM, like acme.amocrm.ru.");
        if (await authorizations.TakeAsync(scope.ProjectId, id, ct) is not { Crm: "amocrm" } authorization) return Problems.NotFound("open login");
        return await CodeOutcome.OfAmocrmAsync(authorization, account, request.Code.Trim(), http, logins, own.Value, clock) switch
        {
            CodeOutcome.Connected connected => TypedResults.Ok(connected.Row.Answer(scope.ProjectId, cipher)),
            CodeOutcome.Refused { IsTransient: true } refused => Problems.Of(503, "crm-unavailable", "The CRM does not answer", refused.Why),
            CodeOutcome.Refused refused => Problems.Of(422, "crm-refused", "The CRM refused the login", refused.Why),
            _ => Problems.Conflict("another-account", "Another account", $"The connection belongs to another account than {account.Host}. Make a new connection for it."),
        };
    }
}
