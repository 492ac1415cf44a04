using Dapper;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Masks;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Team.Shared;

/// <summary>A deal behind a figure.</summary>
/// <param name="ConnectionName">The CRM account, for people.</param>
/// <param name="RemoteId">Its id in the CRM.</param>
/// <param name="Manager">The responsible user: the CRM's name, else the id.</param>
/// <param name="Stage">In which it stands: the CRM's name, else the id.</param>
/// <param name="Amount">In the project's currency; null when no rate is known.</param>
/// <param name="LostStage">The stage before it was lost.</param>
/// <param name="LostReason">Null: not given, or not lost.</param>
internal sealed record TeamDeal(Guid Id, Guid ConnectionId, string? ConnectionName, string RemoteId, [property: Contact(MaskKind.Free)] string? Name, Guid? ClientId, [property: Contact(MaskKind.Free)] string? ClientName, Guid? LeadId, string? Source, string? Campaign, string? Manager, string? Pipeline, string Stage,
    string State, decimal? Amount, DateTimeOffset MadeAt, DateTimeOffset? WonAt, DateTimeOffset? LostAt, string? LostStage, string? LostReason);

/// <summary>Reads the deals behind a figure.</summary>
internal static class DealRows
{
    private sealed record Row(Guid DealId, Guid ConnectionId, long RemoteId, string? Name, Guid? ClientId, string? ClientName, Guid? LeadId, string? Source, string? Campaign, string? ManagerId, string PipelineId, string StageId,
        string State, long? Amount, DateTimeOffset MadeAt, DateTimeOffset? WonAt, DateTimeOffset? LostAt, string? LostStageId, string? LostReasonId);

    private const string Columns = """
        select f.deal_id, f.connection_id, d.remote_id, d.name, f.client_id, person.name as client_name, f.lead_id, o.source, o.campaign, f.manager_id, f.pipeline_id, f.stage_id, f.state, f.amount, f.made_at, f.won_at, f.lost_at,
            f.lost_stage_id, f.lost_reason_id
        """;

    /// <summary>Tables that conditions may name: <c>deal_facts f</c>, <c>deals d</c>, <c>origins o</c>, <c>crm_lost_reasons r</c>.</summary>
    private const string From = $"""
        from deal_facts f join deals d on d.project_id = f.project_id and d.id = f.deal_id left join clients person on person.project_id = f.project_id and person.id = f.client_id {Filters.Origins} {Reasons}
        """;

    public const string Reasons = "left join crm_lost_reasons r on r.project_id = f.project_id and r.connection_id = f.connection_id and r.id = f.lost_reason_id";

    /// <summary>What the reason is called, whichever account gave it: the same words are one reason.</summary>
    public const string Reason = "coalesce(nullif(btrim(r.name), ''), nullif(btrim(f.lost_reason_id), ''))";

    /// <param name="with">A <c>with</c> clause that the condition names; or empty.</param>
    /// <param name="where">SQL, without "where".</param>
    public static async Task<Page<TeamDeal>> ReadAsync(NpgsqlConnection connection, TeamRowsQuery query, DynamicParameters values, CrmNames names, string with, string where, CancellationToken ct)
    {
        var (limit, before) = query.Page();
        values.AddDynamicParams(new { Before = before, Rows = limit + 1 });
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"{with} {Columns} {From} where {where} and f.deal_id < @Before order by f.deal_id desc limit @Rows", values, cancellationToken: ct));
        return Cursor.Page([.. rows.Select(r => new TeamDeal(r.DealId, r.ConnectionId, names.Account(r.ConnectionId), r.RemoteId.ToString(System.Globalization.CultureInfo.InvariantCulture), r.Name, r.ClientId, r.ClientName, r.LeadId, r.Source, r.Campaign,
            names.User(r.ConnectionId, r.ManagerId) ?? r.ManagerId, names.Pipeline(r.ConnectionId, r.PipelineId), names.Stage(r.ConnectionId, r.PipelineId, r.StageId) ?? r.StageId, r.State, r.Amount / 100m,
            r.MadeAt, r.WonAt, r.LostAt, r.LostStageId is null ? null : names.Stage(r.ConnectionId, r.LostStageId) ?? r.LostStageId,
            r.State == "lost" ? names.Reason(r.ConnectionId, string.IsNullOrWhiteSpace(r.LostReasonId) ? null : r.LostReasonId) : null))], limit, d => d.Id);
    }

    public static ReportTable Table(string name, Page<TeamDeal> page, TimeZoneInfo zone) => new(name,
        [
            new("Сделка в CRM", "Deal in the CRM"), new("Название", "Name"), new("Клиент", "Client"), new("Создана", "Made", ColumnKind.Moment), new("Источник", "Source"), new("Кампания", "Campaign"), new("Ответственный", "Manager"),
            new("Воронка", "Pipeline"), new("Этап", "Stage"), new("Состояние", "State"), new("Сумма", "Amount", ColumnKind.Money), new("Выиграна", "Won", ColumnKind.Moment), new("Потеряна", "Lost", ColumnKind.Moment),
            new("Потеряна на этапе", "Lost at stage"), new("Причина", "Reason"),
        ],
        page.Items.Select(d => (IReadOnlyList<object?>)[d.RemoteId, d.Name, d.ClientName, d.MadeAt, d.Source, d.Campaign, d.Manager, d.Pipeline, d.Stage, d.State, d.Amount, d.WonAt, d.LostAt, d.LostStage, d.LostReason]), zone);
}
