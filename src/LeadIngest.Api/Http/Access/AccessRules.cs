using System.Security.Claims;
using LeadIngest.Api.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Http.Access;

/// <summary>
/// The one place where it is decided whether somebody who is logged in may do what they ask for: is it our page that asks, in which project, with what right, with
/// how fresh a password. A route that names no right is refused to everybody.
/// </summary>
internal sealed class AccessRules(RequestDelegate next, AuditLog audit, IOptions<AccessOptions> options, IHostEnvironment environment)
{
    public const string CsrfHeader = "X-CSRF", ProjectHeader = "X-Project", ProjectQuery = "project";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
            && await RefusalAsync(context, endpoint.Metadata) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }
        await next(context);
    }

    private async Task<ProblemHttpResult?> RefusalAsync(HttpContext context, EndpointMetadataCollection route)
    {
        var person = SignedIn.In(context);
        if (person is not null && Forgery(context, person, route) is { } forged) return forged;
        if (route.GetMetadata<OfPerson>() is not null)
            return person is null ? Problems.Of(403, "people-only", "Not for programs", "This is of a person who is signed in: an API key cannot do it.") : Stale(context, route, false);
        if (person is not null)
        {
            if (NeedsTotp(person))
                return Problems.Of(403, "totp-needed", "A second factor is needed", "Owners need a second factor here: set it up at POST /v1/me/totp first.");
            if (person.Memberships.Count == 0 && route.GetMetadata<TakesNewcomers>() is not null) return null;
            if (Choose(context, person, route) is { } lost) return lost;
        }
        if (context.Features.Get<Caller>() is not { } caller) return Problems.Of(403, "forbidden", "Not allowed", "Nobody knows who is asking.");
        var isExport = context.Request.Query["format"].ToString() is "csv" or "xlsx";
        var needed = route.GetMetadata<NeededRight>();
        if (needed is null || !needed.IsHeldBy(caller)) return await ForbiddenAsync(context, caller, route, needed?.Right ?? Right.None);
        if (isExport && !caller.May(Right.Export)) return await ForbiddenAsync(context, caller, route, Right.Export);
        return Stale(context, route, isExport || needed.Right.HasFlag(Right.Export));
    }

    /// <summary>Whether this person sees nothing but their own account until they have a second factor.</summary>
    public static bool NeedsTotp(SignedIn person, AccessOptions options, IHostEnvironment environment) =>
        !person.HasTotp && (options.RequireTotp ?? environment.IsProduction()) && person.Memberships.Any(m => m.Role == Roles.Owner);

    private bool NeedsTotp(SignedIn person) => NeedsTotp(person, options.Value, environment);

    private static ProblemHttpResult? Stale(HttpContext context, EndpointMetadataCollection route, bool isExport) =>
        isExport || route.GetMetadata<ConfirmationNeeded>() is not null ? Confirmations.Refusal(context) : null;

    // Another site can make a browser send our cookie along, but neither our header nor JSON; a browser that tells where a request comes from is believed.
    private static ProblemHttpResult? Forgery(HttpContext context, SignedIn person, EndpointMetadataCollection route)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) return null;
        if (!SameSite.IsOwn(request)) return SameSite.Refusal("The request comes from another site.");
        if (!Secrets.AreEqual(request.Headers[CsrfHeader], person.CsrfToken)) return SameSite.Refusal($"Send the csrfToken of GET /v1/session as the header '{CsrfHeader}'.");
        if (request.ContentType is null || request.HasJsonContentType()) return null;
        var isTaken = route.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Any(t => request.ContentType.StartsWith(t, StringComparison.OrdinalIgnoreCase)) == true;
        return isTaken ? null : SameSite.Refusal("Send JSON.");
    }

    /// <returns>Null: the person is no member of the project.</returns>
    public static Caller? CallerOf(SignedIn person, Guid projectId) => person.Memberships.FirstOrDefault(m => m.ProjectId == projectId) is { } m
        ? new(m.ProjectId, m.Role, person.UserId, null, person.Name, m.SeesContacts, m.Role == Roles.Manager ? m.CrmUsers : null) : null;

    private static ProblemHttpResult? Choose(HttpContext context, SignedIn person, EndpointMetadataCollection route)
    {
        var asked = context.Request.Headers[ProjectHeader].ToString();
        if (asked.Length == 0 && HttpMethods.IsGet(context.Request.Method)) asked = context.Request.Query[ProjectQuery].ToString();
        Membership? membership;
        if (asked.Length > 0)
        {
            membership = Guid.TryParse(asked, out var id) ? person.Memberships.FirstOrDefault(m => m.ProjectId == id) : null;
            if (membership is null) return Problems.NotFound("project");
        }
        else if (person.Memberships.Count == 1 || (person.Memberships.Count > 0 && route.GetMetadata<SpansProjects>() is not null)) membership = person.Memberships[0];
        else if (person.Memberships.Count == 0) return Problems.NoProject();
        else return Problems.Of(400, "project-needed", "Which project?", $"You are a member of several projects: name one in the header '{ProjectHeader}', or in the query of a GET as '{ProjectQuery}'.");
        CallerOf(person, membership.ProjectId)!.KeepIn(context);
        ((ClaimsIdentity)context.User.Identity!).AddClaim(new(ApiKeyAuthentication.ProjectClaim, membership.ProjectId.ToString()));
        return null;
    }

    private async Task<ProblemHttpResult> ForbiddenAsync(HttpContext context, Caller caller, EndpointMetadataCollection route, Right needed)
    {
        if (caller.UserId is not null)
            await audit.AddAsync(caller, context, route.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "?", AuditFilter.EntityOf(context), AuditFilter.IdOf(context), new() { ["outcome"] = 403 }, context.RequestAborted);
        return Problems.Of(403, "forbidden", "Not allowed", $"Your role in this project lacks the right: {needed}.");
    }
}

/// <summary>Whether a browser's request comes from our own page. A request that says nothing of it is no browser's.</summary>
internal static class SameSite
{
    public static bool IsOwn(HttpRequest request)
    {
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site)) return site == "same-origin" || site == "none";
        if (!request.Headers.TryGetValue("Origin", out var origin)) return true;
        var address = request.HttpContext.RequestServices.GetRequiredService<IOptions<PublicAddress>>().Value;
        return string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            || (Uri.TryCreate(address.PublicUrl, UriKind.Absolute, out var own) && string.Equals(origin, own.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase));
    }

    public static ProblemHttpResult Refusal(string why) => Problems.Of(403, "csrf", "Not our page", why);

    /// <summary>For routes that change something and need no session yet.</summary>
    public static T OwnPageOnly<T>(this T routes) where T : IEndpointConventionBuilder => routes.AddEndpointFilter<T>((context, next) =>
        HttpMethods.IsGet(context.HttpContext.Request.Method) || IsOwn(context.HttpContext.Request) ? next(context) : ValueTask.FromResult<object?>(Refusal("The request comes from another site.")));
}
