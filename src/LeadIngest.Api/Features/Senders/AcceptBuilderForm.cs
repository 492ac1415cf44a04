using LeadIngest.Api.Features.Leads;
using LeadIngest.Api.Http;
using LeadIngest.Api.Senders.Forms;

namespace LeadIngest.Api.Features.Senders;

/// <summary>Takes the webhook of a form builder, an advertising network or a chat, in whatever form it comes; api-spec/senders has a page for each.</summary>
/// <remarks>
/// A body that cannot be read is kept as a reject and answered 200 all the same: a machine never mends its body. The builder's own id of an enquiry
/// makes one lead of all its tries. The answer is what the builder waits for: <c>ok</c>, <c>{}</c>, or JSON with <c>leadId</c>.
/// </remarks>
internal sealed class AcceptBuilderForm : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/forms/{builder}", (Delegate)HandleAsync).AllowAnonymous().DisableAntiforgery()
            .Accepts<Dictionary<string, string>>("application/json", "application/x-www-form-urlencoded", "multipart/form-data", MediaTypes.Any)
            .Produces<AcceptLead.Response>().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesPublicProblems();

    internal static Task<IResult> HandleAsync(string siteKey, string builder, HttpContext context, BuilderIntake intake) => intake.TakeAsync(siteKey, builder, context);
}

/// <summary>Takes a form that a builder sends as a query, and answers the check of an address where that is asked by GET.</summary>
internal sealed class AcceptBuilderQuery : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/forms/{builder}", (Delegate)AcceptBuilderForm.HandleAsync).AllowAnonymous()
            .Produces<AcceptLead.Response>().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesPublicProblems();
}
