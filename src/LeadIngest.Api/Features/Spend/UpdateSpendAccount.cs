using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Spend.Cabinets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Replaces an account's settings. They hold for imports from now on; what is imported stays.</summary>
/// <remarks>Of a cabinet that is asked, <c>cabinet</c> is replaced too where it is given; its login stays where none is given. A cabinet that was stopped is tried again at once.</remarks>
internal sealed class UpdateSpendAccount : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPut("/accounts/{id:guid}", HandleAsync).Validate(new SpendAccountAnswer.Validator())
        .NeedsConfirmationFor<SpendAccountAnswer.Request>(r => r.Cabinet is { } c && (c.Token ?? c.ClientId ?? c.ClientSecret ?? c.RefreshToken) is not null)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).WithExample(SpendAccountAnswer.Example);

    internal static async Task<Results<Ok<SpendAccountAnswer>, ProblemHttpResult>> HandleAsync(Guid id, SpendAccountAnswer.Request request, ProjectScope scope, Database db, CabinetStore cabinets, CabinetSignal signal,
        IOptions<CrmHosts> hosts, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var kind = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition("select kind from spend_accounts where project_id = @ProjectId and id = @Id for update", new { scope.ProjectId, Id = id }, tx, cancellationToken: ct));
        if (kind is null) return Problems.NotFound("account");
        if (request.Kind is { } wanted && wanted != kind) return Problems.Invalid("kind", $"It is of kind `{kind}`, which never changes: make another account.");
        if (request.Cabinet is not null && kind == "file") return Problems.Invalid("cabinet", "An account of files is not asked for anything.");
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(Update, request.Row(scope.ProjectId, id, kind), tx, cancellationToken: ct));
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Problems.Conflict("spend-account-exists", "The account exists", "Another account of this project has the name.");
        }
        if (request.Cabinet is { } said)
        {
            // Without a kind in the body the rules of the kind have not been looked at yet.
            if (new SpendAccountAnswer.Validator().Validate(request with { Kind = kind }) is { IsValid: false } wrong) return Problems.Invalid(wrong);
            if (!CabinetAddress.TryRead(kind, said.BaseAddress, hosts.Value, out var address, out var error)) return Problems.Invalid("cabinet.baseAddress", error);
            if (await cabinets.WriteAsync(connection, tx, scope.ProjectId, id, said.Settings(kind, address), ct) is var (field, reason)) return Problems.Invalid(field, reason);
        }
        var row = await connection.QuerySingleAsync<SpendAccountAnswer>(new CommandDefinition(
            $"select {SpendAccountAnswer.Columns} from spend_accounts a where a.project_id = @ProjectId and a.id = @Id", new { scope.ProjectId, Id = id }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        if (request.Cabinet is not null) signal.Wake();
        return TypedResults.Ok(row);
    }

    private const string Update = """
        update spend_accounts a set name = @Name, source = @Source, medium = @Medium, currency = @Currency, vat_included = @VatIncluded where a.project_id = @ProjectId and a.id = @Id
        """;
}
