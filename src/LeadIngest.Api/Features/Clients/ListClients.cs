using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Http.Masks;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Finds clients by phone, e-mail or name; without a filter lists them, newest first.</summary>
/// <remarks>A client that was merged is found under the one that was kept.</remarks>
internal sealed class ListClients : IEndpoint
{
    /// <param name="Q">Whatever a person types: a part of the name, a phone in any spelling, an e-mail. Who may not see contacts finds no names in which one stands.</param>
    /// <param name="Phone">The whole number in any spelling: <c>+79161234567</c>, <c>8 916 123-45-67</c>.</param>
    /// <param name="Email">The whole address; case does not matter.</param>
    /// <param name="Limit">Clients a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    /// <param name="Format"><c>json</c> (when absent), <c>csv</c> or <c>xlsx</c>: a file of all clients that the filters leave, at most 100,000.</param>
    /// <param name="Lang">Of a file's headings: <c>ru</c> (when absent) or <c>en</c>.</param>
    internal sealed record Query(string? Q, string? Phone, string? Email, int? Limit, string? Cursor, string? Format, string? Lang) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Q).MaximumLength(200);
            RuleFor(q => q.Phone).Phone();
            RuleFor(q => q.Email).MaximumLength(320);
            RuleFor(q => q.Format).OneOf("json", "csv", "xlsx");
            RuleFor(q => q.Lang).OneOf("ru", "en");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator()).ProducesReport<Page<ClientSummary>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, Caller caller, Database db, HttpContext context, CancellationToken ct)
    {
        if (query.Format is "csv" or "xlsx") return await PeopleFile.AnswerAsync(context, db, caller.ProjectId, query.Format, query.Lang, ClientsFile.Table(Sql(query, caller), Arguments(query, caller, PeopleFile.Most)), ct);
        var (limit, _) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<ClientSummary>(new CommandDefinition(Sql(query, caller), Arguments(query, caller, limit + 1), cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page(rows.AsList(), limit, c => c.Id));
    }

    private static object Arguments(Query query, Caller caller, int rows)
    {
        var text = query.Q?.Trim() ?? "";
        return new
        {
            caller.ProjectId,
            caller.OwnConnections,
            caller.OwnUsers,
            query.Bounds().Before,
            Rows = rows,
            Phones = query.Phone is null ? [] : PhoneSpellings.Of(query.Phone),
            Email = query.Email?.Trim().ToLowerInvariant(),
            Part = LikePattern.Containing(text),
            TextAsPhones = PhoneSpellings.Of(text),
            TextAsEmail = text.ToLowerInvariant(),
        };
    }

    private static string Sql(Query query, Caller caller)
    {
        var sql = new StringBuilder($"select {ClientSummary.Columns} from (select * from clients c")
            .Append(" where c.project_id = @ProjectId and c.merged_into is null and c.id < @Before");
        if (caller.OnlyOf is not null) sql.Append($" and c.id = any(array({OwnRows.Clients}))");
        if (query.Phone is not null) sql.Append($" and c.id = any(array({Known("phone", "@Phones")}))");
        if (query.Email is not null) sql.Append($" and c.id = any(array({Known("email", "array[@Email]")}))");
        if (!string.IsNullOrWhiteSpace(query.Q)) sql.Append(ByText(caller.SeesContacts));
        return sql.Append($" order by c.id desc limit @Rows) c {ClientSummary.Joins} order by c.id desc").ToString();
    }

    // Found first and then looked up by key, each value by equality: as a join, and with statistics from before a great import, the planner reads all
    // identities of the project for every client of it.
    private static string Known(string kind, string values) => $"""
        select coalesce((select f.merged_into from clients f where f.project_id = @ProjectId and f.id = known.client_id), known.client_id)
        from unnest({values}::text[]) v (value) cross join lateral (
            select i.client_id from identities i where i.project_id = @ProjectId and i.kind = '{kind}' and i.value = v.value limit 1) known
        """;

    private static string ByText(bool seesContacts) => $"""
         and c.id = any(array(select case when f.merged_into is not null then f.merged_into else f.id end from clients f where f.project_id = @ProjectId and f.name ilike @Part{(seesContacts ? "" : " and " + HiddenNames.Without("f.name"))}
            union all {Known("phone", "@TextAsPhones")} union all {Known("email", "array[@TextAsEmail]")}))
        """;
}
