using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Spend;
using Microsoft.AspNetCore.Mvc;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Reads a table of spend and says how it was understood: columns, first rows, totals, and every refused row with its reason. Nothing is kept.</summary>
/// <remarks>JSON with the table as <c>text</c>, or multipart/form-data with the table as the part <c>file</c> (CSV, TSV, XLSX; at most 20 MiB) and the other names as fields.</remarks>
internal sealed class PreviewSpend : IEndpoint
{
    public const string Example = """
        {"account":"Директ, основной","source":"yandex","medium":"cpc","fileName":"direct.csv",
         "text":"Дата;№ Кампании;Кампания;Показы;Клики;Расход (руб.)\n01.08.2026;81234567;Поиск_CRM_Москва;1200;34;1 234,56\nИтого;;;1200;34;1 234,56\n"}
        """;

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/preview", (Delegate)HandleAsync).TakesTable().WithExample(Example).Produces<SpendReport>();

    internal static async Task<IResult> HandleAsync(HttpRequest request, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (upload, refusal) = await SpendUpload.ReadAsync(request, ct);
        if (upload is null) return refusal!;
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var currency = await SpendAccount.CurrencyAsync(connection, scope.ProjectId, ct);
        var account = await SpendAccount.FindAsync(connection, scope.ProjectId, upload.Said.AccountId, upload.Said.Account, ct);
        if (account is null && upload.Said.AccountId is not null) return Problems.Invalid("accountId", "No such account.");
        try
        {
            return TypedResults.Ok(SpendReading.Of(upload.Bytes, SpendAccount.With(account, upload.Options), currency).Report);
        }
        catch (UnreadableTable fault)
        {
            return Problems.Invalid("file", fault.Message);
        }
    }
}

/// <summary>What the routes share that take a table.</summary>
internal static class TableRoutes
{
    public static RouteHandlerBuilder TakesTable(this RouteHandlerBuilder route) => route.DisableAntiforgery().Accepts<SpendUpload.Request>("application/json", "multipart/form-data")
        .WithMetadata(new RequestSizeLimitAttribute(SpendUpload.MostBody)).ProducesValidationProblem().ProducesProblem(StatusCodes.Status413PayloadTooLarge);
}
