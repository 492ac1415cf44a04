using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Npgsql;

namespace LeadIngest.Api.Features.Leads;

/// <summary>Lists leads, newest first. Filters narrow each other.</summary>
internal sealed class ListLeads : IEndpoint
{
    /// <param name="Status"><c>new</c>, <c>repeat</c>, <c>duplicate</c>, <c>spam</c> or <c>test</c>.</param>
    /// <param name="ClientId">All leads of this client, those of clients merged with it included.</param>
    /// <param name="Phone">The whole number in any spelling: <c>+79161234567</c>, <c>8 916 123-45-67</c>.</param>
    /// <param name="Source">The name for people, exactly: <c>Яндекс.Директ</c>.</param>
    /// <param name="Channel">For example <c>paid_search</c>.</param>
    /// <param name="From">Received at or after this moment (RFC 3339).</param>
    /// <param name="To">Received before this moment (RFC 3339).</param>
    /// <param name="Limit">Leads a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    /// <param name="Format"><c>json</c> (when absent), <c>csv</c> or <c>xlsx</c>: a file of all leads that the filters leave, at most 100,000.</param>
    /// <param name="Lang">Of a file's headings: <c>ru</c> (when absent) or <c>en</c>.</param>
    internal sealed record Query(string? Status, Guid? ClientId, string? Phone, string? Source, string? Channel, DateTimeOffset? From, DateTimeOffset? To,
        int? Limit, string? Cursor, string? Format, string? Lang) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Status).OneOf("new", "repeat", "duplicate", "spam", "test");
            RuleFor(q => q.Channel).OneOf("paid_search", "organic_search", "paid_social", "organic_social", "display", "email", "messenger", "sms", "referral",
                "affiliate", "maps", "classifieds", "ai_assistant", "offline", "push", "direct", "other", "unknown");
            RuleFor(q => q.Phone).Phone();
            RuleFor(q => q.Format).OneOf("json", "csv", "xlsx");
            RuleFor(q => q.Lang).OneOf("ru", "en");
            RuleFor(q => q.To).GreaterThan(q => q.From).When(q => q.From is not null).WithMessage("Must be later than 'from'.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator()).ProducesReport<Page<LeadAnswer>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, Caller caller, Database db, HttpContext context, CancellationToken ct)
    {
        if (query.Format is "csv" or "xlsx") return await PeopleFile.AnswerAsync(context, db, caller.ProjectId, query.Format, query.Lang, LeadsFile.Table(LeadsFile.Sql(Where(query, caller.OnlyOf is not null)), Arguments(query, caller, PeopleFile.Most)), ct);
        var (limit, _) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<LeadRow>(new CommandDefinition($"{LeadRow.Select}{Where(query, caller.OnlyOf is not null)} order by l.id desc limit @Rows", Arguments(query, caller, limit + 1), cancellationToken: ct));
        var page = Cursor.Page(rows.AsList(), limit, r => r.Id);
        return TypedResults.Ok(new Page<LeadAnswer>(await LeadRow.AnswerAsync(connection, caller.ProjectId, page.Items, ct), page.NextCursor));
    }

    /// <summary>Those of these leads that the caller sees, newest first: the list's own question, for whoever has learnt of leads otherwise.</summary>
    internal static async Task<IReadOnlyList<LeadAnswer>> OfAsync(NpgsqlConnection connection, Caller caller, Guid[] ids, CancellationToken ct)
    {
        var rows = await connection.QueryAsync<LeadRow>(new CommandDefinition($"{LeadRow.Select}{Where(Everything, caller.OnlyOf is not null, only: true)} order by l.id desc limit @Rows",
            new { caller.ProjectId, caller.OwnConnections, caller.OwnUsers, Before = Guid.AllBitsSet, Rows = ids.Length, Only = ids }, cancellationToken: ct));
        return await LeadRow.AnswerAsync(connection, caller.ProjectId, rows.AsList(), ct);
    }

    private static readonly Query Everything = new(null, null, null, null, null, null, null, null, null, null, null);

    // Only the filters that were given, so that each shape of the question gets its own plan.
    private static string Where(Query query, bool onlyOwn, bool only = false)
    {
        var sql = new StringBuilder(" where l.project_id = @ProjectId and l.id < @Before");
        if (onlyOwn) sql.Append($" and l.id = any(array({OwnRows.Leads}))");
        if (only) sql.Append(" and l.id = any(@Only)");
        if (query.Status is not null) sql.Append(" and l.status = @Status");
        if (query.ClientId is not null) sql.Append(" and l.client_id in ").Append(ClientFamily.Ids);
        if (query.Phone is not null) sql.Append(" and l.phone = any(@Phones)");
        if (query.Source is not null) sql.Append(" and l.source = @Source");
        if (query.Channel is not null) sql.Append(" and l.channel = @Channel");
        if (query.From is not null) sql.Append(" and l.received_at >= @From");
        if (query.To is not null) sql.Append(" and l.received_at < @To");
        return sql.ToString();
    }

    private static object Arguments(Query query, Caller caller, int rows) => new
    {
        caller.ProjectId,
        caller.OwnConnections,
        caller.OwnUsers,
        query.Bounds().Before,
        Rows = rows,
        query.Status,
        query.ClientId,
        Phones = query.Phone is null ? null : PhoneSpellings.Of(query.Phone),
        query.Source,
        query.Channel,
        query.From,
        query.To,
    };
}
