using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Api.Http;
using LeadIngest.Crm;
using LeadIngest.Crm.OAuth;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>Begins a login to a CRM account: the answer says where to send its administrator.</summary>
/// <remarks>
/// amoCRM: open <c>url</c>; the account's administrator allows the integration and comes back here. Or copy the code from the integration's window and post
/// it to <c>/v1/connections/authorize/{id}/code</c>. Bitrix24: open <c>url</c>, or enter <c>installUrl</c> as the handler of a local application.
/// </remarks>
internal sealed class AuthorizeConnection : IEndpoint
{
    /// <param name="Crm"><c>amocrm</c> or <c>bitrix24</c>.</param>
    /// <param name="Name">For people, 1 to 200 characters; not needed with <c>connectionId</c>.</param>
    /// <param name="ConnectionId">A connection to be logged in anew, to the same account; absent: a new one is made.</param>
    /// <param name="ClientId">The integration's id; absent: the installation's own, or those of the connection.</param>
    /// <param name="ClientSecret">Its secret, never shown again. A Bitrix24 application may be installed first and its keys entered afterwards.</param>
    /// <param name="RedirectUri">As registered in the integration, to the letter; absent: <c>/v1/crm/oauth/{crm}</c> of this service.</param>
    /// <param name="Host">The account's host. Bitrix24: needed for <c>url</c>. amoCRM: only to tell kommo.com from amocrm.ru.</param>
    /// <param name="Settings">Where leads go inside the CRM; absent: its defaults, or those of the connection.</param>
    internal sealed record Request(string Crm, string? Name, Guid? ConnectionId, string? ClientId, string? ClientSecret, string? RedirectUri, string? Host,
        ConnectionSettings? Settings);

    /// <param name="Id">Of this login that was begun.</param>
    /// <param name="ConnectionId">Of the connection that it will make or mend.</param>
    /// <param name="Url">Where the account's administrator allows the access; null while the keys or the portal are not known.</param>
    /// <param name="State">Comes back with the code; works once.</param>
    /// <param name="InstallUrl">Bitrix24: the handler's address of a local application; holds a secret.</param>
    /// <param name="ExpiresAt">Until when.</param>
    internal sealed record Response(Guid Id, Guid ConnectionId, string? Url, string State, string? InstallUrl, DateTimeOffset ExpiresAt);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Crm).NotEmpty().OneOf("amocrm", "bitrix24");
            RuleFor(r => r.Name).NotEmpty().When(r => r.ConnectionId is null);
            RuleFor(r => r.Name).MaximumLength(200);
            RuleFor(r => r.ClientId).MaximumLength(200);
            RuleFor(r => r.ClientSecret).MaximumLength(500);
            RuleFor(r => r.ClientSecret).NotEmpty().When(r => r.ClientId is not null);
            RuleFor(r => r.ClientId).NotEmpty().When(r => r.ClientSecret is not null);
            RuleFor(r => r.RedirectUri).MaximumLength(500).Must(uri => Uri.TryCreate(uri, UriKind.Absolute, out var u) && u.Scheme is "https" or "http")
                .When(r => r.RedirectUri is not null).WithMessage("Not an address: https://…");
            foreach (var crm in (string[])["amocrm", "bitrix24"])
                RuleFor(r => r.Settings!).SetValidator(new SettingsValidator(crm)).When(r => r.Settings is not null && r.Crm == crm);
        }
    }

    // An installation is done by another person than the one who begins it, perhaps tomorrow.
    private static readonly TimeSpan AmocrmLife = TimeSpan.FromHours(1), Bitrix24Life = TimeSpan.FromDays(3);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/authorize", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound)
        .WithExample("""
            {"crm":"amocrm","name":"Отдел продаж","clientId":"6f1e2d3c-0000-4000-8000-000000000001","clientSecret":"q1w2e3r4t5-example","settings":{"pipelineId":7452110}}
            """);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, HttpContext context, ProjectScope scope, Database db,
        CredentialsCipher cipher, Authorizations authorizations, IOptions<CrmHosts> hosts, IOptions<PublicAddress> address, IOptionsMonitor<IntegrationKeys> defaults,
        TimeProvider clock, CancellationToken ct)
    {
        CrmAddress? account = null;
        if (request.Host is not null && !CrmAddress.TryReadHost(request.Crm, request.Host, hosts.Value, out account))
            return Problems.Invalid("host", "Not a host of this CRM, like acme.amocrm.ru or acme.bitrix24.ru, or one that the operator allowed.");
        Connections.ConnectionRow? known = null;
        Credentials? stored = null;
        if (request.ConnectionId is { } connectionId)
        {
            await using var connection = await db.Reading.OpenConnectionAsync(ct);
            known = await connection.QuerySingleOrDefaultAsync<Connections.ConnectionRow>(
                new CommandDefinition(Connections.ConnectionRow.One, new { scope.ProjectId, Id = connectionId }, cancellationToken: ct));
            if (known is null) return Problems.NotFound("connection");
            if (known.Crm != request.Crm) return Problems.Invalid("crm", $"The connection is one to {known.Crm}.");
            stored = known.Decrypt(scope.ProjectId, cipher);
            if (account is null) CrmAddress.TryReadHost(request.Crm, known.AccountHost, hosts.Value, out account);
        }
        var own = address.Value.For(context.Request);
        var keys = request.ClientId is null && stored?.Login?.Keys is { } before
            ? before with { RedirectUri = request.RedirectUri ?? before.RedirectUri }
            : IntegrationKeys.For(request.Crm, request.ClientId, request.ClientSecret, request.RedirectUri, defaults, own);
        if (keys is null && request.Crm == "amocrm") return Problems.Invalid("clientId", "The installation has no integration of its own: give the id and the secret of yours.");

        var authorization = new Authorization(scope.ProjectId, Guid.CreateVersion7(clock.GetUtcNow()), known?.Id ?? Guid.CreateVersion7(clock.GetUtcNow()), request.Crm,
            request.Name?.Trim() ?? known!.Name, JsonSerializer.Serialize(request.Settings ?? new(), JsonSerializerOptions.Web), keys);
        var (state, expiresAt) = await authorizations.BeginAsync(authorization, request.Crm == "amocrm" ? AmocrmLife : Bitrix24Life, ct);
        var url = request.Crm == "amocrm"
            ? AmocrmOAuth.ConsentAddress(keys!.ClientId, state, account?.Host.EndsWith(".kommo.com", StringComparison.OrdinalIgnoreCase) == true)
            : keys is null || account is null ? null : Bitrix24OAuth.ConsentAddress(new Uri(account.Base, "/"), keys.ClientId, state);
        return TypedResults.Ok(new Response(authorization.Id, authorization.ConnectionId, hosts.Value.ForBrowser(request.Crm, url), state,
            request.Crm == "bitrix24" ? $"{own}/v1/crm/oauth/bitrix24/{authorization.ConnectionId}/{state}" : null, expiresAt));
    }
}
