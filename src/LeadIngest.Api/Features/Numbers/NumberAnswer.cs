using LeadIngest.Api.Numbers;

namespace LeadIngest.Api.Features.Numbers;

/// <summary>A tracking number.</summary>
/// <param name="SiteId">Where it is shown.</param>
/// <param name="SiteName">For people.</param>
/// <param name="Number">E.164.</param>
/// <param name="Region">It replaces the site's numbers of this region.</param>
/// <param name="Kind"><c>dynamic</c>: lent to one visit at a time; <c>static</c>: one advertisement's own; <c>overflow</c>: shown when no dynamic one is free.</param>
/// <param name="Name">For people.</param>
/// <param name="Channel">Of a static number, like <paramref name="Source"/> and the rest: where those come from who dial it.</param>
/// <param name="IsActive">An inactive number is not shown; calls to it are still recognised.</param>
/// <param name="HeldUntil">Until when its visit holds it, or held it; null: never lent.</param>
/// <param name="VisitId">The holder, or the last one.</param>
/// <param name="FreeAt">From when it may be lent to somebody else.</param>
/// <param name="LastCallAt">Start of the newest call.</param>
internal sealed record NumberAnswer(Guid Id, Guid SiteId, string SiteName, string Number, string Region, string Kind, string? Name, string? Channel, string? Source, string? Medium,
    string? Campaign, string? Content, string? Keyword, bool IsActive, DateTimeOffset? HeldUntil, Guid? VisitId, DateTimeOffset? FreeAt, DateTimeOffset? LastCallAt,
    DateTimeOffset CreatedAt);

/// <summary>A row of <c>tracking_numbers</c> on its way to the API.</summary>
internal sealed class NumberRow
{
    public const string Columns = """
        id, site_id, (select i.name from sites i where i.project_id = tracking_numbers.project_id and i.id = tracking_numbers.site_id) as site_name, number, region, kind, name, passport::text as passport, is_active, held_until, held_by, free_at, last_call_at, created_at
        """;

    public Guid Id { get; init; }
    public Guid SiteId { get; init; }
    public string SiteName { get; init; } = "";
    public string Number { get; init; } = "";
    public string Region { get; init; } = "";
    public string Kind { get; init; } = "";
    public string? Name { get; init; }
    public string Passport { get; init; } = "{}";
    public bool IsActive { get; init; }
    public DateTimeOffset? HeldUntil { get; init; }
    public Guid? HeldBy { get; init; }
    public DateTimeOffset FreeAt { get; init; }
    public DateTimeOffset? LastCallAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    public NumberAnswer Answer()
    {
        var passport = StaticPassport.Parse(Passport);
        return new(Id, SiteId, SiteName, Number, Region, Kind, Name, Kind == "static" ? passport.Channel ?? "offline" : null, passport.Source, passport.Medium, passport.Campaign,
            passport.Content, passport.Keyword, IsActive, HeldUntil, HeldBy, Kind == "dynamic" ? FreeAt : null, LastCallAt, CreatedAt);
    }
}
