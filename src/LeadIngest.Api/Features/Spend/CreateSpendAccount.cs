using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Spend.Cabinets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Adds an account; one that has the name already gets these settings. An import that names a new one makes it by itself.</summary>
/// <remarks>With <c>kind</c> <c>yandex_direct</c> or <c>vk_ads</c> the cabinet is asked for its spend: all its history at once, then every day.</remarks>
internal sealed class CreateSpendAccount : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/accounts", HandleAsync).Validate(new SpendAccountAnswer.Validator())
        .NeedsConfirmationFor<SpendAccountAnswer.Request>(r => r.Cabinet is { } c && (c.Token ?? c.ClientId ?? c.ClientSecret ?? c.RefreshToken) is not null)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""
            {"name":"Директ, по API","kind":"yandex_direct","source":"yandex","medium":"cpc","currency":"RUB","vatIncluded":true,
             "cabinet":{"token":"y0_AgAAAAexample","clientLogin":"okna-plus","level":"keyword","timeZone":"Europe/Moscow","hour":6,"restateDays":7,"loadFrom":"2026-08-01","isPaused":true}}
            """);

    internal static async Task<Results<Created<SpendAccountAnswer>, ProblemHttpResult>> HandleAsync(SpendAccountAnswer.Request request, ProjectScope scope, Database db, CabinetStore cabinets, CabinetSignal signal,
        IOptions<CrmHosts> hosts, TimeProvider clock, CancellationToken ct)
    {
        var kind = request.Kind ?? "file";
        CabinetSettings? settings = null;
        if (request.Cabinet is { } said)
        {
            if (kind == "file") return Problems.Invalid("kind", "A cabinet is of kind `yandex_direct` or `vk_ads`.");
            if (!CabinetAddress.TryRead(kind, said.BaseAddress, hosts.Value, out var address, out var error)) return Problems.Invalid("cabinet.baseAddress", error);
            settings = said.Settings(kind, address);
        }
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var id = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(Insert, request.Row(scope.ProjectId, Guid.CreateVersion7(clock.GetUtcNow()), kind), tx, cancellationToken: ct));
        if (id is not { } account) return Problems.Conflict("spend-account-exists", "The account exists", "An account of another kind has the name.");
        if (settings is not null && await cabinets.WriteAsync(connection, tx, scope.ProjectId, account, settings, ct) is var (field, reason)) return Problems.Invalid(field, reason);
        var row = await connection.QuerySingleAsync<SpendAccountAnswer>(new CommandDefinition(
            $"select {SpendAccountAnswer.Columns} from spend_accounts a where a.project_id = @ProjectId and a.id = @Id", new { scope.ProjectId, Id = account }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        if (settings is not null) signal.Wake();
        return TypedResults.Created($"/v1/spend/accounts/{account}", row);
    }

    private const string Insert = """
        insert into spend_accounts as a (project_id, id, kind, name, source, medium, currency, vat_included) values (@ProjectId, @Id, @Kind, @Name, @Source, @Medium, @Currency, @VatIncluded)
        on conflict (project_id, lower(name)) do update
        set source = excluded.source, medium = excluded.medium, currency = excluded.currency, vat_included = excluded.vat_included where a.kind = excluded.kind
        returning a.id
        """;
}
