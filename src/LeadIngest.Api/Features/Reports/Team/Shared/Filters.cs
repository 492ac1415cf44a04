using System.Text;
using Dapper;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Team.Shared;

/// <summary>Filters of a query as conditions in SQL: only those that were given, so that each shape of the question gets its own plan.</summary>
internal sealed class Filters
{
    private readonly StringBuilder _sql = new();

    private Filters() { }

    /// <summary>Begins with " and", or is empty.</summary>
    public override string ToString() => _sql.ToString();

    /// <param name="column">SQL of the value.</param>
    /// <param name="value">What it must be; <c>(none)</c>: null.</param>
    /// <param name="parameter">Its parameter: <c>@Source</c>.</param>
    public Filters With(string column, string? value, string parameter)
    {
        if (value is not null) _sql.Append(value == ReportQuery.None ? $" and {column} is null" : $" and {column} = {parameter}");
        return this;
    }

    public Filters With(string column, Guid? value, string parameter)
    {
        if (value is not null) _sql.Append(" and ").Append(column).Append(" = ").Append(parameter);
        return this;
    }

    public Filters And(string? condition)
    {
        if (condition is not null) _sql.Append(" and ").Append(condition);
        return this;
    }

    /// <param name="query">Asked for.</param>
    /// <param name="table">Alias of what holds the passport's names.</param>
    public static Filters OfPassport(ReportQuery query, string table) => new Filters()
        .With($"{table}.channel", query.Channel, "@Channel").With($"{table}.source", query.Source, "@Source").With($"{table}.medium", query.Medium, "@Medium")
        .With($"{table}.campaign", query.Campaign, "@Campaign").With($"{table}.content", query.Content, "@Content").With($"{table}.keyword", query.Keyword, "@Keyword");

    /// <summary>Of deals: <c>deal_facts f</c>, <c>origins o</c>.</summary>
    public static Filters OfDeals(ReportQuery query) => OfPassport(query, "o").With("f.site_id", query.SiteId, "@SiteId").With("f.connection_id", query.ConnectionId, "@ConnectionId")
        .With("f.manager_id", query.Manager, "@Manager").With("nullif(f.pipeline_id, '')", query.Pipeline, "@Pipeline");

    /// <summary>Whether the passport's names are asked for: else they need not be joined.</summary>
    public static bool NamePassport(ReportQuery query) =>
        (query.Channel ?? query.Source ?? query.Medium ?? query.Campaign ?? query.Content ?? query.Keyword) is not null;

    /// <summary>Values of all that such conditions can name, and the bounds of the days.</summary>
    public static DynamicParameters Values(ReportProject project, ReportQuery query, DayRange range)
    {
        var (begin, end) = range.Bounds(project.Zone);
        return new DynamicParameters(new
        {
            ProjectId = project.Id,
            query.Channel,
            query.Source,
            query.Medium,
            query.Campaign,
            query.Content,
            query.Keyword,
            query.SiteId,
            query.ConnectionId,
            query.Manager,
            query.Pipeline,
            First = range.From,
            Last = range.To,
            Begin = begin,
            End = end,
            Zone = project.Zone.Id,
        });
    }

    public const string Origins = "left join origins o on o.project_id = f.project_id and o.id = f.origin_id";
}
