using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Views;

/// <summary>Saves a page's settings under a name; at most 200 a project.</summary>
internal sealed class CreateView : IEndpoint
{
    public const int MostOfProject = 200;

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", HandleAsync).Validate(new ViewAnswer.Validator())
        .ProducesProblem(StatusCodes.Status409Conflict).WithExample(ViewAnswer.Example);

    internal static async Task<Results<Created<ViewAnswer>, ProblemHttpResult>> HandleAsync(ViewAnswer.Request request, Caller caller, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        // Several at once must not pass the bound together.
        await connection.ExecuteAsync(new CommandDefinition("select pg_advisory_xact_lock(hashtextextended('saved_views ' || @ProjectId, 0))", new { ProjectId = caller.ProjectId.ToString() }, tx, cancellationToken: ct));
        var row = await connection.QuerySingleOrDefaultAsync<ViewRow>(new CommandDefinition(Insert, new
        {
            caller.ProjectId,
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            request.Page,
            Name = Core.Identities.Text.CleanLine(request.Name, 200),
            Settings = request.Settings.GetRawText(),
            IsShared = caller.UserId is null || request.IsShared == true,
            User = caller.UserId,
            MostOfProject,
        }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return row is null ? Problems.Conflict("too-many-views", "Too many views", $"A project has {MostOfProject} saved views at most: remove one first.")
            : TypedResults.Created($"/v1/views/{row.Id}", row.Answer(caller));
    }

    private const string Insert = $"""
        insert into saved_views (project_id, id, page, name, settings, is_shared, user_id)
        select @ProjectId, @Id, @Page, @Name, @Settings::jsonb, @IsShared, @User where (select count(*) from saved_views where project_id = @ProjectId) < @MostOfProject
        returning {ViewRow.Columns}
        """;
}
