using System.Text.Json.Serialization;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Alerts;

/// <summary>Something that somebody should look at.</summary>
/// <param name="Kind">
/// <c>noLeads</c>: a source that usually brings leads has fallen silent; <c>connectionDown</c>; <c>deliveriesDead</c>: given up; <c>deliveriesLate</c>: not in the CRM after 15 minutes;
/// <c>missedCalls</c>: of the last three days, not called back; <c>tagFaults</c>: links marked wrongly; <c>poolExhausted</c>: visitors who got no number; <c>rejects</c>: input not understood;
/// <c>spendStale</c>: a cabinet that does not load; <c>figuresLate</c>: reports are behind; <c>reconcileMissing</c>: what one side has and the other has not; <c>exportsUnusual</c>: somebody has taken out many more people than on any day before; <c>demo</c>: nothing here is real.
/// </param>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Since">Null: not known.</param>
/// <param name="Count">Of what: deliveries, calls, leads, visitors, rejects, findings, people in files; 1 where it is one thing.</param>
/// <param name="Name">Of the source, the connection, the site, the cabinet, or of who did it.</param>
/// <param name="Id">Of the connection, the site, the cabinet, the user or the API key.</param>
/// <param name="Detail">More to word it with, by kind; no personal data.</param>
internal sealed record Alert(string Kind, string Severity, DateTimeOffset? Since, long Count, string? Name, string? Id, IReadOnlyDictionary<string, object?> Detail)
{
    /// <summary>Who is concerned.</summary>
    [JsonIgnore]
    public Right Concerns => Kind switch
    {
        "noLeads" or "tagFaults" or "spendStale" or "figuresLate" => Right.Reports,
        "missedCalls" => Right.Leads,
        "poolExhausted" => Right.Settings,
        "exportsUnusual" => Right.People,
        "demo" => Right.Names,
        _ => Right.Operate,
    };

    /// <summary>Of those of a project, what a caller is told. Calls that are not one's own are nothing for who sees only the own.</summary>
    public static IEnumerable<Alert> For(IEnumerable<Alert> all, Right rights, bool seesAll) => all.Where(a => (rights & a.Concerns) != 0 && (seesAll || a.Kind != "missedCalls"));
}
