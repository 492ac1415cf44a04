using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Adds an account; one that has the name already gets these settings. An import that names a new one makes it by itself.</summary>
internal sealed class CreateSpendAccount : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/accounts", HandleAsync).Validate(new SpendAccountAnswer.Validator())
        .WithExample(SpendAccountAnswer.Example.Replace("основной", "второй", StringComparison.Ordinal));

    internal static async Task<Created<SpendAccountAnswer>> HandleAsync(SpendAccountAnswer.Request request, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleAsync<SpendAccountAnswer>(new CommandDefinition(Insert, request.Row(scope.ProjectId, Guid.CreateVersion7(clock.GetUtcNow())), cancellationToken: ct));
        return TypedResults.Created($"/v1/spend/accounts/{row.Id}", row);
    }

    private const string Insert = $"""
        with a as (insert into spend_accounts (project_id, id, name, source, medium, currency, vat_included) values (@ProjectId, @Id, @Name, @Source, @Medium, @Currency, @VatIncluded)
            on conflict (project_id, lower(name)) do update
            set source = excluded.source, medium = excluded.medium, currency = excluded.currency, vat_included = excluded.vat_included returning *)
        select {SpendAccountAnswer.Columns} from a
        """;
}
