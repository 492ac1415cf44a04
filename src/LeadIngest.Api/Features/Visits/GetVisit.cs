using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Visits;

/// <summary>Shows one visit: its passport, the pages that were viewed, and the leads that came of it.</summary>
internal sealed class GetVisit : IEndpoint
{
    /// <param name="SiteName">For people; null when the site is not there any more.</param>
    /// <param name="Pages">The first 50 views, in their order.</param>
    /// <param name="PageViews">All views.</param>
    /// <param name="Seconds">With a page in sight.</param>
    /// <param name="Device"><c>desktop</c>, <c>mobile</c> or <c>tablet</c>; null: the browser did not say.</param>
    /// <param name="LeadIds">Leads of the visit and of calls that were matched with it, up to 8 days after its end; the oldest first.</param>
    internal sealed record VisitAnswer(Guid Id, Guid VisitorId, Guid SiteId, string? SiteName, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, PassportAnswer Passport, IReadOnlyList<ViewedPage> Pages,
        int PageViews, int Seconds, string? Device, bool IsBot, IReadOnlyList<Guid> LeadIds);

    /// <param name="Path">Without host and query.</param>
    internal sealed record ViewedPage(string Path, DateTimeOffset At);

    private sealed record Row
    {
        public Guid Id { get; init; }
        public Guid VisitorId { get; init; }
        public Guid SiteId { get; init; }
        public string? SiteName { get; init; }
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset LastSeenAt { get; init; }
        public string Channel { get; init; } = "unknown";
        public string? Source { get; init; }
        public string? Medium { get; init; }
        public string? Campaign { get; init; }
        public string? Content { get; init; }
        public string? Keyword { get; init; }
        public string Passport { get; init; } = "{}";
        public string Pages { get; init; } = "[]";
        public int PageViews { get; init; }
        public int Seconds { get; init; }
        public string? Device { get; init; }
        public bool IsBot { get; init; }

        public PassportAnswer PassportOf() =>
            new LeadRow { Channel = Channel, Source = Source, Medium = Medium, Campaign = Campaign, Content = Content, Keyword = Keyword, Passport = Passport }.PassportOf();
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<VisitAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Caller caller, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (!await caller.MaySeeAsync(connection, Own.Visit, id, ct)) return Problems.NotFound("visit");
        var args = new { caller.ProjectId, Id = id };
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(One, args, cancellationToken: ct));
        if (row is null) return Problems.NotFound("visit");
        var leads = (await connection.QueryAsync<Guid>(new CommandDefinition(Leads, new { args.ProjectId, args.Id, Text = id.ToString(), row.StartedAt, row.LastSeenAt }, cancellationToken: ct))).ToArray();
        if (caller.OnlyOf is not null) leads = [.. (await ListLeads.OfAsync(connection, caller, leads, ct)).Select(l => l.Id).Order()];
        return TypedResults.Ok(new VisitAnswer(row.Id, row.VisitorId, row.SiteId, row.SiteName, row.StartedAt, row.LastSeenAt, row.PassportOf(), Viewed(row.Pages), row.PageViews, row.Seconds, row.Device, row.IsBot, leads));
    }

    /// <param name="json"><c>[["/path", unix seconds], …]</c></param>
    internal static IReadOnlyList<ViewedPage> Viewed(string json)
    {
        using var pages = JsonDocument.Parse(json);
        return [.. pages.RootElement.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Array && p.GetArrayLength() == 2 && p[0].ValueKind == JsonValueKind.String && p[1].TryGetInt64(out _))
            .Select(p => new ViewedPage(p[0].GetString()!, DateTimeOffset.FromUnixTimeSeconds(p[1].GetInt64())))];
    }

    private const string One = """
        select id, visitor_id, site_id, (select i.name from sites i where i.project_id = visits.project_id and i.id = visits.site_id) as site_name, started_at, last_seen_at, channel, source, medium, campaign, content, keyword, passport::text as passport, pages::text as pages, page_views, seconds,
            device_of(user_agent) as device, is_bot
        from visits where project_id = @ProjectId and id = @Id
        """;

    // Found by time: a lead is posted during its visit, and a call is matched with its number's last holder for seven days at most.
    private const string Leads = """
        select l.id from leads l left join calls c on c.project_id = l.project_id and c.id = l.call_id
        where l.project_id = @ProjectId and coalesce(l.occurred_at, l.received_at) >= @StartedAt - interval '1 hour' and coalesce(l.occurred_at, l.received_at) < @LastSeenAt + interval '8 days'
            and (lower(l.visit_id) = @Text or c.visit_id = @Id)
        order by l.id limit 100
        """;
}
