using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Features.Reports.Shared;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>The filters of a query as conditions on facts. Values are parameters; only names of columns are written into the SQL.</summary>
internal sealed class ReportFilters(Guid projectId, ReportQuery query)
{
    /// <summary>Left to be joined as <c>o</c> by whoever filters or groups by sources.</summary>
    public const string ClientOrigin = " left join origins o on o.project_id = c.project_id and o.id = c.origin_id";

    /// <summary>The deal's own source; that of its client where it has none of its own, as repeats have not.</summary>
    public const string DealOrigin = " left join origins o on o.project_id = d.project_id and o.id = coalesce(d.origin_id, d.client_origin_id)";

    /// <summary>A deal that was paid for: won, and with an amount above 0 or one that no rate converts. What was refunded in full has 0 and is none.</summary>
    public const string Paid = "(d.amount is null or d.amount > 0)";

    /// <summary>The newest name of a campaign, else the one that tags give.</summary>
    public const string Campaign = "coalesce(o.campaign_name, o.campaign)";

    private (string Column, string? Value)[] Names =>
        [("channel", query.Channel), ("source", query.Source), ("medium", query.Medium), ("campaign", query.Campaign), ("content", query.Content), ("keyword", query.Keyword)];

    public bool BySource => Names.Any(n => n.Value is not null);

    /// <summary>Clients have to be looked at to know whether a deal counts.</summary>
    public bool OfClients => BySource || query.SiteId is not null || query.ConnectionId is not null || query.Manager is not null;

    /// <summary>All of them, with the project; a report adds its own.</summary>
    public DynamicParameters Args()
    {
        var args = new DynamicParameters(new { ProjectId = projectId, query.SiteId, query.ConnectionId, query.Manager, query.Pipeline });
        foreach (var (column, value) in Names) args.Add(column, value);
        return args;
    }

    /// <summary>For <c>c</c> of client_facts and <c>o</c> of its first touch. The site is that of the first enquiry.</summary>
    public string Clients()
    {
        var sql = new StringBuilder(Sources("o"));
        if (query.ConnectionId is not null) sql.Append(" and c.connection_id = @ConnectionId");
        if (query.Manager is not null) sql.Append(query.Manager == ReportQuery.None ? " and c.manager_id is null" : " and c.manager_id = @Manager");
        if (query.SiteId is not null) sql.Append(" and c.site_id = @SiteId");
        return sql.ToString();
    }

    /// <summary>For <c>d</c> of deal_facts and <c>o</c> of <see cref="DealOrigin"/>.</summary>
    public string Deals()
    {
        var sql = new StringBuilder(Sources("o"));
        if (query.ConnectionId is not null) sql.Append(" and d.connection_id = @ConnectionId");
        if (query.Manager is not null) sql.Append(query.Manager == ReportQuery.None ? " and d.manager_id is null" : " and d.manager_id = @Manager");
        if (query.Pipeline is not null) sql.Append(query.Pipeline == ReportQuery.None ? " and d.pipeline_id = ''" : " and d.pipeline_id = @Pipeline");
        if (query.SiteId is not null) sql.Append(" and d.site_id = @SiteId");
        return sql.ToString();
    }

    /// <summary>For <c>l</c> of leads. A connection means: was delivered there.</summary>
    public string Leads()
    {
        var sql = new StringBuilder(Sources("l"));
        if (query.SiteId is not null) sql.Append(" and l.site_id = @SiteId");
        if (query.ConnectionId is not null)
            sql.Append(" and exists (select 1 from deliveries y where y.project_id = l.project_id and y.lead_id = l.id and y.connection_id = @ConnectionId and y.state = 'delivered')");
        return sql.ToString();
    }

    private string Sources(string table)
    {
        var sql = new StringBuilder();
        foreach (var (column, value) in Names)
        {
            if (value is null) continue;
            if (value == ReportQuery.None) sql.Append($" and {table}.{column} is null");
            else if (column == "campaign") sql.Append(table == "o" ? $" and ({Campaign} = @campaign or o.campaign = @campaign)"
                : " and (l.campaign = @campaign or l.campaign in (select n.campaign from origins n where n.project_id = @ProjectId and n.campaign_name = @campaign))");
            else sql.Append($" and {table}.{column} = @{column}");
        }
        return sql.ToString();
    }
}

internal static class RefusedFilters
{
    /// <summary>A filter that means nothing here is refused rather than passed over.</summary>
    public static void Refuse<T>(this AbstractValidator<T> validator, System.Linq.Expressions.Expression<Func<T, object?>> filter, string why) where T : ReportQuery =>
        validator.RuleFor(filter).Null().WithMessage("Does not apply to this report: " + why);

    /// <summary>Reports of clients: a client has deals in many pipelines.</summary>
    public static void RefusePipeline<T>(this AbstractValidator<T> validator) where T : ReportQuery =>
        validator.Refuse(q => q.Pipeline, "it counts clients, who may have deals in many pipelines.");
}
