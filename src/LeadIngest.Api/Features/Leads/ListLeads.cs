using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Core.Identities;
using Npgsql;

namespace LeadIngest.Api.Features.Leads;

/// <summary>Lists leads, newest first. Filters narrow each other.</summary>
internal sealed class ListLeads : IEndpoint
{
    /// <param name="Status"><c>new</c>, <c>repeat</c>, <c>duplicate</c>, <c>spam</c> or <c>test</c>.</param>
    /// <param name="Kind">How it came: <c>form</c>, <c>call</c> or <c>chat</c>.</param>
    /// <param name="ClientId">All leads of this client, those of clients merged with it included.</param>
    /// <param name="Phone">The whole number in any spelling: <c>+79161234567</c>, <c>8 916 123-45-67</c>.</param>
    /// <param name="Email">The whole address; case does not matter.</param>
    /// <param name="Q">
    /// Whatever a person types. A whole phone (ten digits or more, any spelling) or a whole address is found over all time. Else a part of the name, the phone, the address or the messenger, among leads received
    /// since <c>from</c>; without it, within 366 days before <c>to</c> or now. Who may not see contacts finds parts of names only.
    /// </param>
    /// <param name="Source">The name for people, exactly: <c>Яндекс.Директ</c>.</param>
    /// <param name="Channel">For example <c>paid_search</c>.</param>
    /// <param name="From">Received at or after this moment (RFC 3339).</param>
    /// <param name="To">Received before this moment (RFC 3339).</param>
    /// <param name="Limit">Leads a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    /// <param name="Format"><c>json</c> (when absent), <c>csv</c> or <c>xlsx</c>: a file of all leads that the filters leave, at most 100,000.</param>
    /// <param name="Lang">Of a file's headings: <c>ru</c> (when absent) or <c>en</c>.</param>
    internal sealed record Query(string? Status, string? Kind, Guid? ClientId, string? Phone, string? Email, string? Q, string? Source, string? Channel, DateTimeOffset? From, DateTimeOffset? To,
        int? Limit, string? Cursor, string? Format, string? Lang) : IPageQuery;

    private sealed class Validator : PageValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Status).OneOf("new", "repeat", "duplicate", "spam", "test");
            RuleFor(q => q.Kind).OneOf("form", "call", "chat");
            RuleFor(q => q.Channel).OneOf("paid_search", "organic_search", "paid_social", "organic_social", "display", "email", "messenger", "sms", "referral",
                "affiliate", "maps", "classifieds", "ai_assistant", "offline", "push", "direct", "other", "unknown");
            RuleFor(q => q.Phone).Phone();
            RuleFor(q => q.Email).Must(e => e is null || Email.TryParse(e, out _)).WithMessage("Not an e-mail address.");
            RuleFor(q => q.Q).MaximumLength(320);
            RuleFor(q => q.Format).OneOf("json", "csv", "xlsx");
            RuleFor(q => q.Lang).OneOf("ru", "en");
            RuleFor(q => q.To).GreaterThan(q => q.From).When(q => q.From is not null).WithMessage("Must be later than 'from'.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator()).ProducesReport<Page<LeadAnswer>>();

    internal static async Task<IResult> HandleAsync([AsParameters] Query query, Caller caller, Database db, HttpContext context, TimeProvider clock, CancellationToken ct)
    {
        var (where, now) = (Where(query, caller), clock.GetUtcNow());
        if (query.Format is "csv" or "xlsx") return await PeopleFile.AnswerAsync(context, db, caller.ProjectId, query.Format, query.Lang, LeadsFile.Table(LeadsFile.Sql(where), Arguments(query, caller, now, PeopleFile.Most)), ct);
        var (limit, _) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<LeadRow>(new CommandDefinition($"{LeadRow.Select}{where} order by l.id desc limit @Rows", Arguments(query, caller, now, limit + 1), cancellationToken: ct));
        var page = Cursor.Page(rows.AsList(), limit, r => r.Id);
        return TypedResults.Ok(new Page<LeadAnswer>(await LeadRow.AnswerAsync(connection, caller.ProjectId, page.Items, ct), page.NextCursor));
    }

    /// <summary>Those of these leads that the caller sees, newest first: the list's own question, for whoever has learnt of leads otherwise.</summary>
    internal static async Task<IReadOnlyList<LeadAnswer>> OfAsync(NpgsqlConnection connection, Caller caller, Guid[] ids, CancellationToken ct)
    {
        var rows = await connection.QueryAsync<LeadRow>(new CommandDefinition($"{LeadRow.Select}{Where(Everything, caller, only: true)} order by l.id desc limit @Rows",
            new { caller.ProjectId, caller.OwnConnections, caller.OwnUsers, Before = Guid.AllBitsSet, Rows = ids.Length, Only = ids }, cancellationToken: ct));
        return await LeadRow.AnswerAsync(connection, caller.ProjectId, rows.AsList(), ct);
    }

    private static readonly Query Everything = new(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    // Only the filters that were given, so that each shape of the question gets its own plan.
    private static string Where(Query query, Caller caller, bool only = false)
    {
        var search = LeadSearch.Of(query.Q);
        var sql = new StringBuilder(" where l.project_id = @ProjectId and l.id < @Before");
        if (caller.OnlyOf is not null) sql.Append($" and l.id = any(array({OwnRows.Leads}))");
        if (only) sql.Append(" and l.id = any(@Only)");
        if (query.Status is not null) sql.Append(" and l.status = @Status");
        if (query.Kind is not null) sql.Append(" and l.kind = @Kind");
        if (query.ClientId is not null) sql.Append(" and l.client_id in ").Append(ClientFamily.Ids);
        if (query.Phone is not null) sql.Append(" and l.phone = any(@Phones)");
        if (query.Email is not null) sql.Append(" and l.email = @Email");
        if (search is not null) sql.Append(search.Sql(caller.SeesContacts));
        if (query.Source is not null) sql.Append(" and l.source = @Source");
        if (query.Channel is not null) sql.Append(" and l.channel = @Channel");
        // Ids are in the order of time: what is older or newer by far is not read at all.
        if (query.From is not null || search?.IsPart == true) sql.Append(" and l.received_at >= @From and l.id >= @FromId");
        if (query.To is not null) sql.Append(" and l.received_at < @To and l.id < @ToId");
        return sql.ToString();
    }

    private static object Arguments(Query query, Caller caller, DateTimeOffset now, int rows)
    {
        var search = LeadSearch.Of(query.Q);
        var from = query.From ?? (search?.IsPart == true ? Back(query.To ?? now, LeadSearch.DaysBack) : null);
        return new
        {
            caller.ProjectId,
            caller.OwnConnections,
            caller.OwnUsers,
            query.Bounds().Before,
            Rows = rows,
            query.Status,
            query.Kind,
            query.ClientId,
            Phones = query.Phone is null ? null : PhoneSpellings.Of(query.Phone),
            Email = Email.TryParse(query.Email, out var email) ? email.Address : null,
            SearchPhones = search?.Phones,
            SearchEmail = search?.Email,
            SearchPart = search?.Part,
            SearchDigits = search?.Digits,
            query.Source,
            query.Channel,
            From = from,
            FromId = from is { } begin ? Guid.CreateVersion7(Back(begin, IdsApart)) : (Guid?)null,
            query.To,
            ToId = query.To is { } end ? Guid.CreateVersion7(Back(end, -IdsApart)) : (Guid?)null,
        };
    }

    /// <summary>Days between the time that is in a lead's id and its receipt, at most: a call's lead has the id of the call's first message, and that may have waited for the service.</summary>
    private const int IdsApart = 30;

    // Ids know no time before 1970.
    private static DateTimeOffset Back(DateTimeOffset at, int days) =>
        at < DateTimeOffset.UnixEpoch.AddDays(days) ? DateTimeOffset.UnixEpoch : at > DateTimeOffset.MaxValue.AddDays(-IdsApart) ? at : at.AddDays(-days);
}
