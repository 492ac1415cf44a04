using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Views;

/// <summary>Lists saved views, the caller's own and those that are shared, by name.</summary>
internal sealed class ListViews : IEndpoint
{
    /// <param name="Page">Only those of this page.</param>
    internal sealed record Query(string? Page);

    private sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(q => q.Page).OneOf(ViewAnswer.Pages);
    }

    internal sealed record Response(IReadOnlyList<ViewAnswer> Items);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Response>> HandleAsync([AsParameters] Query query, Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<ViewRow>(new CommandDefinition(
            $"select {ViewRow.Columns} from saved_views where project_id = @ProjectId and {ViewRow.Seen} and (@Page::text is null or page = @Page) order by lower(name), id",
            new { caller.ProjectId, User = caller.UserId, query.Page }, cancellationToken: ct));
        return TypedResults.Ok(new Response([.. rows.Select(r => r.Answer(caller))]));
    }
}
