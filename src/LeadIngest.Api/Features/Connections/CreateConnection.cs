using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Crm;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Connects a CRM account: every lead from now on is delivered there too.</summary>
/// <remarks>amoCRM: the account's address and a long-lived token. Bitrix24: the address of an inbound webhook with the right <c>crm</c>.</remarks>
internal sealed class CreateConnection : IEndpoint
{
    /// <param name="Crm"><c>amocrm</c> or <c>bitrix24</c>.</param>
    /// <param name="Name">For people; 1 to 200 characters.</param>
    /// <param name="BaseAddress">amoCRM: <c>https://acme.amocrm.ru</c>. Bitrix24: <c>https://acme.bitrix24.ru/rest/1/secret/</c>, never shown again.</param>
    /// <param name="Token">amoCRM: the long-lived token, never shown again. Bitrix24: absent.</param>
    /// <param name="Settings">Where leads go inside the CRM; absent: its defaults.</param>
    internal sealed record Request(string Crm, string Name, string BaseAddress, string? Token, ConnectionSettings? Settings);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Crm).NotEmpty().OneOf("amocrm", "bitrix24");
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200);
            RuleFor(r => r.BaseAddress).NotEmpty();
            RuleFor(r => r.Token).NotEmpty().MaximumLength(4000).When(r => r.Crm == "amocrm");
            RuleFor(r => r.Token).Empty().When(r => r.Crm == "bitrix24").WithMessage("Bitrix24 takes none: the secret is in the address.");
            foreach (var crm in (string[])["amocrm", "bitrix24"])
                RuleFor(r => r.Settings!).SetValidator(new SettingsValidator(crm)).When(r => r.Settings is not null && r.Crm == crm);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", HandleAsync).Validate(new Validator())
        .WithExample("""
            {"crm":"amocrm","name":"Отдел продаж","baseAddress":"https://oknaplus.amocrm.ru","token":"eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.example",
             "settings":{"pipelineId":7452110,"utmSource":"passport"}}
            """);

    internal static async Task<Results<Created<ConnectionAnswer>, ProblemHttpResult>> HandleAsync(Request request, ProjectScope scope, Database db,
        CredentialsCipher cipher, IOptions<CrmHosts> hosts, Import.HookSecrets hooks, TimeProvider clock, CancellationToken ct)
    {
        if (!CrmAddress.TryRead(request.Crm, request.BaseAddress, hosts.Value, out var address, out var error)) return Problems.Invalid("baseAddress", error);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleAsync<ConnectionRow>(new CommandDefinition(Insert, new
        {
            scope.ProjectId,
            Id = id,
            request.Crm,
            Name = request.Name.Trim(),
            address.AccountKey,
            AccountHost = address.Host,
            Credentials = cipher.Encrypt(scope.ProjectId, id, new Credentials(address.Base.AbsoluteUri, request.Token).ToBytes()),
            Settings = JsonSerializer.Serialize(request.Settings ?? new(), JsonSerializerOptions.Web),
            HookSecret = hooks.New(scope.ProjectId, id),
        }, cancellationToken: ct));
        return TypedResults.Created($"/v1/connections/{id}", row.Answer(scope.ProjectId, cipher));
    }

    private const string Insert = $"""
        insert into connections (project_id, id, crm, name, account_key, account_host, credentials, settings)
        values (@ProjectId, @Id, @Crm, @Name, @AccountKey, @AccountHost, @Credentials, @Settings::jsonb)
        returning {ConnectionRow.Columns};
        insert into crm_imports (project_id, connection_id, hook_secret) values (@ProjectId, @Id, @HookSecret);
        insert into deal_readings (project_id, connection_id) values (@ProjectId, @Id);
        select pg_notify('connections', @ProjectId::text), pg_notify('deliveries', '')
        """;
}
