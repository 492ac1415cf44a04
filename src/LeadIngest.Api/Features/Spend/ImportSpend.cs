using System.Security.Claims;
using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Spend;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Imports a table of spend. It replaces the account's spend on every day that it names: the same table again changes nothing, a corrected one corrects.</summary>
/// <remarks>
/// JSON with the table as <c>text</c>, or multipart/form-data with the part <c>file</c>, like the preview. A campaign that the table does not name on one of its days costs
/// nothing on it. With <c>from</c> and <c>to</c> the table speaks for all days between. Refused rows are named and left out.
/// </remarks>
internal sealed class ImportSpend : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/imports", (Delegate)HandleAsync).TakesTable().WithExample(PreviewSpend.Example)
        .Produces<SpendImportAnswer>(StatusCodes.Status201Created);

    internal static async Task<IResult> HandleAsync(HttpRequest request, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        var (upload, refusal) = await SpendUpload.ReadAsync(request, ct);
        if (upload is null) return refusal!;
        var said = upload.Said;
        var name = Core.Identities.Text.CleanLine(said.Account ?? said.Source, 200);
        if (said.AccountId is null && name is null) return Problems.Invalid("account", "Say whose spend it is: an import replaces what the account spent on the same days.");

        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var currency = await SpendAccount.CurrencyAsync(connection, scope.ProjectId, ct);
        var known = await SpendAccount.FindAsync(connection, scope.ProjectId, said.AccountId, name, ct);
        if (known is null && said.AccountId is not null) return Problems.Invalid("accountId", "No such account.");
        SpendReading reading;
        try
        {
            reading = SpendReading.Of(upload.Bytes, SpendAccount.With(known, upload.Options), currency);
        }
        catch (UnreadableTable fault)
        {
            return Problems.Invalid("file", fault.Message);
        }

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using var tx = await connection.BeginTransactionAsync(ct);
        var account = await SpendAccount.LockAsync(connection, tx, scope.ProjectId, known?.Id, name, upload.Options, Guid.CreateVersion7(clock.GetUtcNow()), ct);
        if (account is null) return Problems.Invalid("accountId", "No such account.");
        await connection.ExecuteAsync(new CommandDefinition(Insert, new
        {
            scope.ProjectId,
            Id = id,
            AccountId = account.Id,
            KeyId = Guid.Parse(request.HttpContext.User.FindFirstValue(ClaimTypes.NameIdentifier)!),
            FileName = Core.Identities.Text.CleanLine(upload.FileName, 300),
            upload.Hash,
            FirstDay = said.From ?? reading.Report.FirstDay,
            LastDay = said.To ?? reading.Report.LastDay,
            reading.Report.Taken,
            reading.Report.Refused,
            reading.Report.Skipped,
            Report = JsonSerializer.Serialize(reading.Report, JsonSerializerOptions.Web),
        }, tx, cancellationToken: ct));
        var covered = said is { From: { } from, To: { } to } ? Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).Select(DateOnly.FromDayNumber) : [];
        await SpendStore.WriteAsync(connection, tx, scope.ProjectId, account.Id, id, reading.Days, covered, said.VatRate, clock.GetUtcNow(), ct);
        await tx.CommitAsync(ct);
        var answer = await connection.QuerySingleAsync<SpendImportAnswer.Row>(new CommandDefinition(SpendImportAnswer.One, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        return TypedResults.Created($"/v1/spend/imports/{id}", answer.Answer());
    }

    private const string Insert = """
        insert into spend_imports (project_id, id, account_id, key_id, file_name, file_sha256, first_day, last_day, taken, refused, skipped, report)
        values (@ProjectId, @Id, @AccountId, @KeyId, @FileName, @Hash, @FirstDay, @LastDay, @Taken, @Refused, @Skipped, @Report::jsonb)
        """;
}
