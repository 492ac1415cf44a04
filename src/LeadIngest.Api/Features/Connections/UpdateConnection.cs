using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Crm;
using LeadIngest.Crm.OAuth;
using LeadIngest.Crm.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Changes a connection's name, settings or credentials; what is absent stays.</summary>
/// <remarks>
/// New credentials set a connection to work again that the CRM had refused. They must be of the same account: deals and contacts are remembered by
/// their ids there. For another account make another connection.
/// </remarks>
internal sealed class UpdateConnection : IEndpoint
{
    /// <param name="BaseAddress">A new webhook of the same account.</param>
    /// <param name="Token">A new token of the same account.</param>
    /// <param name="ClientId">The integration's id, of a connection by login: entered anew after its secret was changed, or after an application was installed.</param>
    /// <param name="ClientSecret">Its secret, never shown again.</param>
    /// <param name="Settings">All of them: what is absent inside goes back to its default.</param>
    internal sealed record Request(string? Name, string? BaseAddress, string? Token, string? ClientId, string? ClientSecret, ConnectionSettings? Settings);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200).When(r => r.Name is not null);
            RuleFor(r => r.Token).NotEmpty().MaximumLength(4000).When(r => r.Token is not null);
            RuleFor(r => r.ClientId).NotEmpty().MaximumLength(200).When(r => r.ClientId is not null || r.ClientSecret is not null);
            RuleFor(r => r.ClientSecret).NotEmpty().MaximumLength(500).When(r => r.ClientId is not null || r.ClientSecret is not null);
            RuleFor(r => r.Settings!).SetValidator(new SettingsValidator()).When(r => r.Settings is not null);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPatch("/{id:guid}", HandleAsync).Validate(new Validator())
        .NeedsConfirmationFor<Request>(r => r.BaseAddress is not null || r.Token is not null || r.ClientId is not null || r.ClientSecret is not null)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""
            {"name":"Отдел продаж, Москва","settings":{"pipelineId":7452110,"stageId":"62874013",
             "routing":{"workingHours":{"mon":"09:00-18:00","tue":"09:00-18:00"},
               "always":{"task":{"text":"Перезвонить: {name} {phone}","dueMinutes":15,"for":["new","missed_call"]}},
               "rules":[{"name":"Москва","when":{"phonePrefixes":["+7495","+7499"],"channels":["paid_search"]},
                 "then":{"title":"{form}: {name} ({source})","tags":["{channel}"],"responsible":{"previous":true,"users":[31,32]}}}]}}}
            """);

    internal static async Task<Results<Ok<ConnectionAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ProjectScope scope, Database db,
        CredentialsCipher cipher, IOptions<CrmHosts> hosts, IOptions<PublicAddress> own, HttpRequest http, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<ConnectionRow>(
            new CommandDefinition(ConnectionRow.One + " for update", new { scope.ProjectId, Id = id }, tx, cancellationToken: ct));
        if (row is null) return Problems.NotFound("connection");

        if (request.Settings?.Routing is { } routing && RoutingFaults.Of(routing, row.Crm).FirstOrDefault() is { Path: { } path } wrong)
            return Problems.Invalid($"settings.routing.{path}", wrong.Fault);

        Credentials? fresh = null;
        string? host = null;
        if (request.BaseAddress is not null || request.Token is not null)
        {
            if (row.Auth == "oauth" && request.Token is null && request.BaseAddress is not null && row.Crm == "amocrm")
                return Problems.Invalid("baseAddress", "The connection finds its account by itself: log in anew instead.");
            if (row.Crm == "bitrix24" && request.Token is not null) return Problems.Invalid("token", "Bitrix24 takes none: the secret is in the address.");
            var old = row.Decrypt(scope.ProjectId, cipher);
            if ((request.BaseAddress ?? old?.BaseAddress) is not { } text) return Problems.Invalid("baseAddress", "The stored one cannot be read any more: enter it anew.");
            if (!CrmAddress.TryRead(row.Crm, text, hosts.Value, out var address, out var error)) return Problems.Invalid("baseAddress", error);
            // The key stays with the account when its host changes: the present host is as good as the one it was connected by.
            if (address.AccountKey != row.AccountKey && address.AccountKey != $"{row.Crm}/{row.AccountHost}" && !IsSameAccount(row, old?.Token, request.Token))
                return Problems.Conflict("another-account", "Another account", $"This connection belongs to {row.AccountHost}. Make a new connection for {address.Host}.");
            if (row.Crm == "amocrm" && (request.Token ?? old?.Token) is null) return Problems.Invalid("token", "The stored one cannot be read any more: enter it anew.");
            fresh = new(address.Base.AbsoluteUri, request.Token ?? (row.Crm == "amocrm" ? old?.Token : null));
            host = address.Host;
        }
        else if (request.ClientId is { } clientId)
        {
            if (row.Decrypt(scope.ProjectId, cipher) is not { Login: { } login } old) return Problems.Invalid("clientId", "Only a connection by login has the keys of an integration.");
            var redirect = login.Keys?.RedirectUri ?? $"{own.Value.For(http)}/v1/crm/oauth/{row.Crm}";
            fresh = old with { Login = login with { Keys = new(clientId, request.ClientSecret!, redirect) } };
        }

        var changed = await connection.QuerySingleAsync<ConnectionRow>(new CommandDefinition(Update, new
        {
            scope.ProjectId,
            Id = id,
            Name = request.Name?.Trim(),
            Credentials = fresh is null ? null : cipher.Encrypt(scope.ProjectId, id, fresh.ToBytes()),
            Auth = fresh is null ? null : fresh.Login is null ? "fixed" : "oauth",
            Host = host,
            request.ClientId,
            Settings = request.Settings is null ? null : JsonSerializer.Serialize(request.Settings, JsonSerializerOptions.Web),
        }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed.Answer(scope.ProjectId, cipher));
    }

    /// <summary>Whether a new token says that it is of the account of the old one: an account that was renamed keeps its number.</summary>
    private static bool IsSameAccount(ConnectionRow row, string? old, string? fresh) => row.Crm == "amocrm"
        && AccessTokenClaims.Read(fresh)?.AccountId is { } account && AccessTokenClaims.Read(old)?.AccountId == account;

    // A person's pause is lifted by a person only.
    private const string Update = $"""
        update connections set name = coalesce(@Name, name), settings = coalesce(@Settings::jsonb, settings), credentials = coalesce(@Credentials::bytea, credentials),
            auth = coalesce(@Auth, auth), account_host = coalesce(@Host, account_host),
            client_id = case when @Auth = 'fixed' then null else coalesce(@ClientId, client_id) end,
            remote_account = case when @Auth = 'fixed' and crm = 'bitrix24' then null else remote_account end,
            state = case when mended then 'active' else state end, state_reason = case when not mended then state_reason end,
            state_by = case when not mended then state_by end, state_at = case when mended then clock_timestamp() else state_at end,
            probe_at = case when not mended then probe_at end, probes = case when mended then 0 else probes end
        from (select @Credentials::bytea is not null and state in ('needs_reauth', 'blocked') as mended from connections where project_id = @ProjectId and id = @Id) old
        where project_id = @ProjectId and id = @Id
        returning {ConnectionRow.Columns};
        -- Other credentials may have the right that a reading or a webhook lacked.
        update crm_imports set state = case when state = 'failed' then 'running' else state end, hook_checked_at = null, next_at = clock_timestamp()
        where @Credentials::bytea is not null and project_id = @ProjectId and connection_id = @Id;
        update deal_readings set state = case when state = 'failed' then 'running' else state end, next_at = clock_timestamp()
        where @Credentials::bytea is not null and project_id = @ProjectId and connection_id = @Id;
        select pg_notify('connections', @ProjectId::text), pg_notify('deliveries', '')
        """;
}
