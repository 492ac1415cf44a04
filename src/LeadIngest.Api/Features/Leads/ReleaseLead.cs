using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Features.Leads;

/// <summary>Says that a lead marked as spam or as a trial is an enquiry: it gets its client and its status, and goes to the CRMs.</summary>
/// <remarks>
/// The lead becomes what it would have been, judged by what is known of its client now. Called twice, or by many at once, it is released once. A lead
/// that is an enquiry already is answered as it is.
/// </remarks>
internal sealed class ReleaseLead : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/not-spam", (Delegate)HandleAsync)
        .Produces<LeadAnswer>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    internal static async Task<IResult> HandleAsync(Guid id, Caller caller, Database db, SiteDirectory sites, Writer writer, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (!await caller.MaySeeAsync(connection, Own.Lead, id, ct)) return Problems.NotFound("lead");
        var row = await connection.QueryFirstOrDefaultAsync<Row>(new CommandDefinition(Find, new { caller.ProjectId, Id = id }, cancellationToken: ct));
        if (row is null || await sites.FindAsync(row.SiteKey, ct) is not { } site) return Problems.NotFound("lead");
        if (row.IsErased) return Problems.Conflict("person-erased", "The person was erased", "Nothing is left of this lead that could be sent.");
        if (row.Status is "spam" or "test")
        {
            var written = await writer.WriteAsync(Item(id, row, site), ct);
            if (written is not (IngestResult.Stored or IngestResult.AlreadyReleased))
                return Problems.Of(503, "come-again", "Not now", "The lead was not released. Try again.");
        }
        return await GetLead.AnswerAsync(connection, caller.ProjectId, id, ct);
    }

    /// <summary>The stored lead as the writer takes one: what it resolves by is here, the rest of the row stays as it is.</summary>
    private static LeadItem Item(Guid id, Row row, SiteEntry site)
    {
        var email = Email.TryParse(row.Email, out var read) && !read.IsPlaceholder ? read.Address : null;
        // What could not be understood as a messenger is kept as typed, and names nobody.
        var messenger = Messenger.TryParse(row.Messenger, site.DefaultCountry, null, out var handle) && handle.ToString() == row.Messenger ? row.Messenger : null;
        return new LeadItem
        {
            Id = id,
            Releases = true,
            Site = site,
            ReceivedAt = row.ReceivedAt,
            Kind = row.Kind,
            Name = row.Name,
            FormId = row.FormId,
            FormName = row.FormName,
            Identities = LeadNormalising.Identities(site, row.Phone, email, messenger, row.VisitorId),
            Passport = Unused,
            PassportJson = "{}",
            DetailsJson = "{}",
        };
    }

    private static readonly Passport Unused = PassportRules.Write(new PassportInput(), SourceCatalog.Default, SourceDictionary.Default);

    private sealed record Row(string SiteKey, string Kind, string Status, DateTimeOffset ReceivedAt, string? Name, string? Phone, string? Email, string? Messenger,
        string? FormId, string? FormName, string? VisitorId, bool IsErased);

    private const string Find = """
        select s.site_key, l.kind, l.status, l.received_at, l.name, l.phone, l.email, l.messenger, l.form_id, l.form_name, l.visitor_id, l.erasure_id is not null as is_erased
        from leads l join sites s on s.project_id = l.project_id and s.id = l.site_id
        where l.project_id = @ProjectId and l.id = @Id
        """;
}
