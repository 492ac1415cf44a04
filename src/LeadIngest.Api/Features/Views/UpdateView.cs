using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadIngest.Api.Features.Views;

/// <summary>Replaces a saved view. Only its maker and owners of the project may; nobody changes what another one keeps to oneself.</summary>
internal sealed class UpdateView : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPut("/{id:guid}", HandleAsync).Validate(new ViewAnswer.Validator())
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).WithExample(ViewAnswer.Example);

    internal static async Task<Results<Ok<ViewAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ViewAnswer.Request request, Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (await RefusalAsync(connection, caller, id, ct) is { } refusal) return refusal;
        var row = await connection.QuerySingleOrDefaultAsync<ViewRow>(new CommandDefinition(Update, new
        {
            caller.ProjectId,
            Id = id,
            User = caller.UserId,
            request.Page,
            Name = Core.Identities.Text.CleanLine(request.Name, 200),
            Settings = request.Settings.GetRawText(),
            IsShared = request.IsShared == true,
        }, cancellationToken: ct));
        return row is null ? Problems.NotFound("view") : TypedResults.Ok(row.Answer(caller));
    }

    /// <returns>Null: the caller may change it.</returns>
    internal static async Task<ProblemHttpResult?> RefusalAsync(NpgsqlConnection connection, Caller caller, Guid id, CancellationToken ct)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ViewRow>(new CommandDefinition(
            $"select {ViewRow.Columns} from saved_views where project_id = @ProjectId and id = @Id and {ViewRow.Seen}", new { caller.ProjectId, Id = id, User = caller.UserId }, cancellationToken: ct));
        return row is null ? Problems.NotFound("view")
            : row.MayChange(caller) ? null
            : Problems.Of(403, "forbidden", "Not yours to change", "Only whoever made this view, or an owner of the project, changes it. Save it under another name.");
    }

    // An API key's stays shared: nobody could keep it to oneself. An owner who changes another's does not hide it from the others either.
    private const string Update = $"""
        update saved_views set page = @Page, name = @Name, settings = @Settings::jsonb, is_shared = @IsShared or user_id is distinct from @User or user_id is null, updated_at = clock_timestamp()
        where project_id = @ProjectId and id = @Id and {ViewRow.Seen} returning {ViewRow.Columns}
        """;
}
