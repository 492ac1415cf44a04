using LeadIngest.Api.Http;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Api.Senders.Forms;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Senders;

/// <summary>Lists the form builders and call providers that are understood, with what each calls its secrets.</summary>
internal sealed class ListSenderProviders : IEndpoint
{
    /// <param name="Kind"><c>form</c> or <c>call</c>.</param>
    /// <param name="Provider">The word for <c>provider</c> and in the address.</param>
    /// <param name="Title">For people.</param>
    /// <param name="Secret">What goes into <c>secret</c>; null: not used.</param>
    /// <param name="Key">What goes into <c>key</c>; null: not used.</param>
    /// <param name="Confirmation">What goes into <c>confirmation</c>; null: not used.</param>
    internal sealed record ProviderAnswer(string Kind, string Provider, string Title, string? Secret, string? Key, string? Confirmation);

    internal sealed record Response(IReadOnlyList<ProviderAnswer> Items);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/providers", Handle);

    internal static Ok<Response> Handle() => TypedResults.Ok(new Response(
    [
        .. FormBuilders.All.Select(b => Answer("form", b.Name, b.Title, b.Secrets)),
        .. CallProviders.All.Select(p => Answer("call", p.Name, p.Title, p.Secrets)),
    ]));

    private static ProviderAnswer Answer(string kind, string name, string title, SecretsUse secrets) => new(kind, name, title, secrets.Secret, secrets.Key, secrets.Confirmation);
}
