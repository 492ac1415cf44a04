using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Visits;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Sites;

/// <summary>Shows the line that has to stand on a website's pages, and whether it works there: what came from it, and when.</summary>
internal sealed class GetSiteInstallation : IEndpoint
{
    /// <param name="Snippet">For the head of every page.</param>
    /// <param name="TrackerUrl">What the line loads.</param>
    /// <param name="FirstVisitAt">Of the visits that are kept; null: none has come yet.</param>
    /// <param name="LastVisitAt">The last word of the newest visit.</param>
    /// <param name="VisitsLastDay">Begun in the last 24 hours, bots left out.</param>
    /// <param name="LastPage">The path that it viewed last.</param>
    /// <param name="LastLeadAt">Received last, spam and tests included; null: none.</param>
    /// <param name="LeadsLastDay">Received in the last 24 hours, spam and tests included.</param>
    internal sealed record SiteInstallation(string Snippet, string TrackerUrl, DateTimeOffset? FirstVisitAt, DateTimeOffset? LastVisitAt, int VisitsLastDay, string? LastPage,
        DateTimeOffset? LastLeadAt, int LeadsLastDay);

    private sealed record Row(DateTimeOffset? FirstVisitAt, DateTimeOffset? LastVisitAt, string? LastPages, string? Landing, int VisitsLastDay, DateTimeOffset? LastLeadAt, int LeadsLastDay);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}/installation", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<SiteInstallation>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, IOptions<PublicAddress> address, HttpRequest http,
        TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var args = new { scope.ProjectId, Id = id, Since = clock.GetUtcNow().AddDays(-1) };
        if (await connection.ExecuteScalarAsync<string?>(new CommandDefinition(Key, args, cancellationToken: ct)) is not { } key) return Problems.NotFound("site");
        var row = await connection.QuerySingleAsync<Row>(new CommandDefinition(Signs, args, cancellationToken: ct));
        var lastLeadAt = row.LastLeadAt ?? await connection.ExecuteScalarAsync<DateTimeOffset?>(new CommandDefinition(LastLead, args, cancellationToken: ct));
        var service = address.Value.For(http);
        var lastPage = row.LastPages is { } pages && GetVisit.Viewed(pages) is { Count: > 0 } viewed ? viewed[^1].Path : row.Landing;
        return TypedResults.Ok(new SiteInstallation(SiteRow.Tag(service, key), SiteRow.TrackerUrl(service, key), row.FirstVisitAt, row.LastVisitAt, row.VisitsLastDay, lastPage, lastLeadAt, row.LeadsLastDay));
    }

    private const string Key = "select site_key from sites where project_id = @ProjectId and id = @Id";

    // Ids of visits are made by browsers, by whatever clock they have: only a site that was not visited for a day goes by them.
    private const string Signs = """
        select f.started_at as first_visit_at, coalesce(t.last_seen_at, n.last_seen_at) as last_visit_at, coalesce(t.pages, n.pages)::text as last_pages, coalesce(t.landing, n.landing) as landing,
            d.visits_last_day, l.last_lead_at, l.leads_last_day
        from (select count(*)::int as visits_last_day from visits where project_id = @ProjectId and site_id = @Id and started_at >= @Since and not is_bot) d
            cross join (select max(received_at) as last_lead_at, count(*)::int as leads_last_day from leads
                where project_id = @ProjectId and site_id = @Id and coalesce(occurred_at, received_at) >= @Since - interval '1 day' and received_at >= @Since) l
            left join lateral (select started_at from visits where project_id = @ProjectId and site_id = @Id order by id limit 1) f on true
            left join lateral (select last_seen_at, pages, landing_of(passport ->> 'landingPage') as landing from visits
                where project_id = @ProjectId and site_id = @Id and started_at >= @Since and not is_bot order by started_at desc limit 1) t on true
            left join lateral (select last_seen_at, pages, landing_of(passport ->> 'landingPage') as landing from visits
                where t.pages is null and project_id = @ProjectId and site_id = @Id order by id desc limit 1) n on true
        """;

    // The newest day with a lead, out of the sums by day: nobody reads years of leads of other sites to find the last of this one.
    private const string LastLead = """
        select max(l.received_at) from projects p
            cross join lateral (select d.day from lead_days d where d.project_id = p.project_id and d.level = 0 and d.place_id = @Id order by d.day desc limit 1) d
            join leads l on l.project_id = p.project_id and l.site_id = @Id and coalesce(l.occurred_at, l.received_at) >= d.day::timestamp at time zone p.time_zone
                and coalesce(l.occurred_at, l.received_at) < (d.day + 1)::timestamp at time zone p.time_zone
        where p.project_id = @ProjectId
        """;
}
