using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Senders;

/// <summary>Lists the project's senders, newest first, with the addresses to paste.</summary>
internal sealed class ListSenders : IEndpoint
{
    /// <param name="Kind"><c>form</c> or <c>call</c>.</param>
    /// <param name="SiteId">Only those of this site.</param>
    /// <param name="Limit">Senders a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(string? Kind, Guid? SiteId, int? Limit, string? Cursor) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator() => RuleFor(q => q.Kind).OneOf("form", "call");
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Page<SenderAnswer>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CredentialsCipher cipher,
        IOptions<PublicAddress> address, HttpRequest http, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        var sql = new StringBuilder($"select {SenderRow.Columns} from senders s where s.project_id = @ProjectId and s.id < @Before");
        if (query.Kind is not null) sql.Append(" and s.kind = @Kind");
        if (query.SiteId is not null) sql.Append(" and s.site_id = @SiteId");
        sql.Append(" order by s.id desc limit @Rows");
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<SenderRow>(new CommandDefinition(sql.ToString(),
            new { scope.ProjectId, Before = before, Rows = limit + 1, query.Kind, query.SiteId }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page([.. rows.Select(r => r.Answer(scope.ProjectId, cipher, address.Value, http))], limit, s => s.Id));
    }
}
