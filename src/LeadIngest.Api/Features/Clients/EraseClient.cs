using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Http.Masks;
using LeadIngest.Api.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Erases a person for good, with everybody merged into the client: what is left are rows without a person, which figures are counted from. It cannot be undone.</summary>
/// <remarks>
/// Nothing of the person is sent to a CRM any more. What lies in the CRMs already has to be erased there by hand: the answer lists it, with the day by which. Reading those cards again brings nobody
/// back; whoever writes again is a new client.
/// </remarks>
internal sealed class EraseClient : IEndpoint
{
    /// <param name="Reason">Why, for the act: 1 to 500 characters. The person's own data is taken out of it.</param>
    internal sealed record Request(string Reason);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Reason).NotEmpty().MaximumLength(500);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/erase", HandleAsync).Validate(new Validator()).ForThoseWhoSeeContacts()
        .Needs(Right.People).NeedsConfirmation()
        .WithExample("""{"reason":"Отзыв согласия, письмо от 20.11.2026"}""")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    internal static async Task<Results<Ok<ErasureAct>, ProblemHttpResult>> HandleAsync(Guid id, Request request, Caller caller, Erasure erasure, Database db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var act = Guid.CreateVersion7(now);
        switch (await erasure.EraseAsync(new(caller.ProjectId, act, caller.Name, request.Reason.Trim(), now), id, ct))
        {
            case Erased.NoSuchClient: return Problems.NotFound("client");
            case Erased.Before: return Problems.Conflict("person-erased", "Erased before", "Nothing is left of this person; the acts are listed under /v1/privacy/acts.");
        }
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return TypedResults.Ok((await ErasureAct.ReadAsync(connection, caller.ProjectId, act, Guid.AllBitsSet, 1, ct))[0]);
    }
}
