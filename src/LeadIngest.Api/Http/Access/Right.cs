using System.Text.Json;

namespace LeadIngest.Api.Http.Access;

/// <summary>What somebody may do within one project. Each logged-in route names the one that it asks for (<see cref="RightNeeds.Needs{T}"/>); a route that names none is refused to everybody.</summary>
[Flags]
internal enum Right
{
    None = 0,

    /// <summary>Reports with money in them, saved views, alerts of advertising.</summary>
    Reports = 1,

    /// <summary>Leads, clients, calls and deals: all of them, or only one's own (<see cref="Caller.OnlyOf"/>).</summary>
    Leads = 2,

    /// <summary>To change them: spam and not spam, send again, merge and undo.</summary>
    WorkLeads = 4,

    /// <summary>Spend, promotions, the dictionary of sources and its rebuilds.</summary>
    Spend = 8,

    /// <summary>Deliveries, rejects, imports, reconcile: what an operator looks after.</summary>
    Operate = 16,

    /// <summary>The project, its sites, numbers, senders and connections.</summary>
    Settings = 32,

    /// <summary>Users, API keys, the audit log, privacy.</summary>
    People = 64,

    /// <summary>Take people's data out of the service: files of leads and clients, a person's export.</summary>
    Export = 128,

    /// <summary>The list of clients to call again, which managers work through.</summary>
    Forgotten = 256,

    /// <summary>To be logged in is enough: the names of projects, connections, sites and users that filters offer.</summary>
    Names = 512,
}

/// <summary>The roles of a project.</summary>
internal static class Roles
{
    public const string Owner = "owner", Marketer = "marketer", Manager = "manager", Operator = "operator";

    /// <summary>An API key's: a program of the owner's.</summary>
    public const string Key = "key";

    public static readonly IReadOnlyList<string> OfUsers = [Owner, Marketer, Manager, Operator];

    /// <summary>Unknown roles may do nothing.</summary>
    public static Right RightsOf(string role) => role switch
    {
        Owner or Key => Right.Reports | Right.Leads | Right.WorkLeads | Right.Spend | Right.Operate | Right.Settings | Right.People | Right.Export | Right.Forgotten | Right.Names,
        Marketer => Right.Reports | Right.Leads | Right.Spend | Right.Export | Right.Forgotten | Right.Names,
        Manager => Right.Leads | Right.WorkLeads | Right.Forgotten | Right.Names,
        Operator => Right.Leads | Right.WorkLeads | Right.Operate | Right.Settings | Right.Names,
        _ => Right.None,
    };

    /// <summary>The same as the page is told them, in the order of <see cref="Right"/>: <c>workLeads</c>.</summary>
    public static IReadOnlyList<string> RightNamesOf(string role)
    {
        var rights = RightsOf(role);
        return [.. Enum.GetValues<Right>().Where(r => r != Right.None && rights.HasFlag(r)).Select(r => JsonNamingPolicy.CamelCase.ConvertName(r.ToString()))];
    }
}
