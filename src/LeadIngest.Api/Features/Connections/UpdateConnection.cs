using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Crm;
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
    /// <param name="Settings">All of them: what is absent inside goes back to its default.</param>
    internal sealed record Request(string? Name, string? BaseAddress, string? Token, ConnectionSettings? Settings);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200).When(r => r.Name is not null);
            RuleFor(r => r.Token).NotEmpty().MaximumLength(4000).When(r => r.Token is not null);
            RuleFor(r => r.Settings!).SetValidator(new SettingsValidator()).When(r => r.Settings is not null);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPatch("/{id:guid}", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""
            {"name":"Отдел продаж, Москва","settings":{"pipelineId":7452110,"stageId":"62874013",
             "routing":{"workingHours":{"mon":"09:00-18:00","tue":"09:00-18:00"},
               "always":{"task":{"text":"Перезвонить: {name} {phone}","dueMinutes":15,"for":["new","missed_call"]}},
               "rules":[{"name":"Москва","when":{"phonePrefixes":["+7495","+7499"],"channels":["paid_search"]},
                 "then":{"title":"{form}: {name} ({source})","tags":["{channel}"],"responsible":{"previous":true,"users":[31,32]}}}]}}}
            """);

    internal static async Task<Results<Ok<ConnectionAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ProjectScope scope, Database db,
        CredentialsCipher cipher, IOptions<CrmHosts> hosts, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<ConnectionRow>(
            new CommandDefinition(ConnectionRow.One + " for update", new { scope.ProjectId, Id = id }, tx, cancellationToken: ct));
        if (row is null) return Problems.NotFound("connection");

        if (request.Settings?.Routing is { } routing && RoutingFaults.Of(routing, row.Crm).FirstOrDefault() is { Path: { } path } wrong)
            return Problems.Invalid($"settings.routing.{path}", wrong.Fault);

        Credentials? fresh = null;
        if (request.BaseAddress is not null || request.Token is not null)
        {
            if (row.Crm == "bitrix24" && request.Token is not null) return Problems.Invalid("token", "Bitrix24 takes none: the secret is in the address.");
            var old = row.Decrypt(scope.ProjectId, cipher);
            if ((request.BaseAddress ?? old?.BaseAddress) is not { } text) return Problems.Invalid("baseAddress", "The stored one cannot be read any more: enter it anew.");
            if (!CrmAddress.TryRead(row.Crm, text, hosts.Value, out var address, out var error)) return Problems.Invalid("baseAddress", error);
            if (address.AccountKey != row.AccountKey)
                return Problems.Conflict("another-account", "Another account", $"This connection belongs to {row.AccountHost}. Make a new connection for {address.Host}.");
            if (row.Crm == "amocrm" && (request.Token ?? old?.Token) is null) return Problems.Invalid("token", "The stored one cannot be read any more: enter it anew.");
            fresh = new(address.Base.AbsoluteUri, request.Token ?? old?.Token);
        }

        var changed = await connection.QuerySingleAsync<ConnectionRow>(new CommandDefinition(Update, new
        {
            scope.ProjectId,
            Id = id,
            Name = request.Name?.Trim(),
            Credentials = fresh is null ? null : cipher.Encrypt(scope.ProjectId, id, fresh.ToBytes()),
            Settings = request.Settings is null ? null : JsonSerializer.Serialize(request.Settings, JsonSerializerOptions.Web),
        }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed.Answer(scope.ProjectId, cipher));
    }

    // A person's pause is lifted by a person only.
    private const string Update = $"""
        update connections set name = coalesce(@Name, name), settings = coalesce(@Settings::jsonb, settings), credentials = coalesce(@Credentials::bytea, credentials),
            state = case when @Credentials::bytea is not null and state in ('needs_reauth', 'blocked') then 'active' else state end,
            state_reason = case when @Credentials::bytea is not null and state in ('needs_reauth', 'blocked') then null else state_reason end
        where project_id = @ProjectId and id = @Id
        returning {ConnectionRow.Columns};
        select pg_notify('connections', @ProjectId::text), pg_notify('deliveries', '')
        """;
}
