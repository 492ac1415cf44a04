using LeadIngest.Api.Features.Reports.Team.Funnel;
using LeadIngest.Api.Features.Reports.Team.Shared;

namespace LeadIngest.Api.Features.Reports.Team.Hygiene;

/// <summary>One thing that may be wrong with a deal.</summary>
/// <param name="Name">On the wire.</param>
/// <param name="Of">SQL: of which deals it is asked; the lower part of its share.</param>
/// <param name="IsWrong">SQL: it is so.</param>
/// <param name="Ru">What is wrong, and how it is known, in one line.</param>
/// <param name="En">The same.</param>
internal sealed record HygieneCheck(string Name, string Of, string IsWrong, string Ru, string En)
{
    public string Words(string? lang) => lang == "en" ? En : Ru;
}

/// <summary>What is asked of every deal: <c>deal_facts f</c> with its card <c>deals d</c>.</summary>
/// <remarks>
/// The fields of cards are not mirrored: a source that a person typed into one cannot be seen. What can be seen is a deal made by hand for a client whose enquiry had come shortly before: such a
/// deal has lost the source that the enquiry brought.
/// </remarks>
internal static class HygieneChecks
{
    private const string All = "true", Open = "f.state = 'open'", Lost = "f.state = 'lost'";

    /// <summary>After so long an open deal should have been taken up.</summary>
    private const string TakenWithin = "interval '24 hours'";

    /// <summary>Before a deal that was made by hand, or a day after it: the enquiry it was made for.</summary>
    private const string EnquiryBefore = "interval '30 days'", EnquiryAfter = "interval '1 day'";

    private const string Task = "from crm_tasks t where t.project_id = f.project_id and t.connection_id = f.connection_id and t.owner_kind = 'deal' and t.owner_id = d.remote_id and not t.is_done and t.removed_at is null";

    private const string Family = "(select m.id from clients m where m.project_id = f.project_id and (m.id = f.client_id or m.merged_into = f.client_id))";

    public static readonly IReadOnlyList<HygieneCheck> Checks =
    [
        new("noSource", All, "f.lead_id is null and f.origin_id is null and f.client_origin_id is null",
            "Без источника: нет ни заявки, ни визита, ни известного источника клиента", "Without a source: no lead, no visit, no known source of the client"),
        new("noContact", All, "d.contact_id is null and d.company_id is null and cardinality(d.contact_ids) = 0", "Без контакта и компании", "Without a contact or a company"),
        new("noTask", Open, $"not exists (select {Task})", "Открытая сделка без задачи", "Open, without a task"),
        new("overdueTask", Open, $"exists (select {Task} and t.due_at < @Now)", "Открытая сделка с просроченной задачей", "Open, with an overdue task"),
        new("lostWithoutReason", Lost, "nullif(btrim(f.lost_reason_id), '') is null", "Потеряна без причины", "Lost without a reason"),
        new("jumpedStages", All, """
            (select count(distinct s.place) < max(s.place) - min(s.first) + 1 from (
                select p.place, first_value(p.place) over (order by s.n) as first from stage_changes s
                    join places p on p.connection_id = f.connection_id and p.pipeline_id = s.pipeline_id and p.id = s.stage_id and p.place is not null
                where s.project_id = f.project_id and s.deal_id = f.deal_id and s.pipeline_id = f.pipeline_id) s where s.place >= s.first)
            """, "Перескочила этап: между первым своим этапом и самым дальним побывала не на всех", "Jumped over a stage: between its first and its furthest it has not stood in all"),
        new("unassigned", Open, "nullif(nullif(btrim(f.manager_id), ''), '0') is null", "Открытая сделка без ответственного", "Open, nobody is responsible"),
        new("notTaken", Open, $"""
            f.made_at < @Now - {TakenWithin}
            and not exists (select from stage_changes s where s.project_id = f.project_id and s.deal_id = f.deal_id and s.from_stage_id is not null and nullif(btrim(s.by_id), '') is not null and s.by_id <> '0')
            and not exists (select from crm_touches t where t.project_id = f.project_id and t.connection_id = f.connection_id and t.at >= f.made_at and t.direction = 'out' and nullif(btrim(t.by_id), '') is not null
                and t.by_id <> '0' and (t.owner_kind = 'deal' and t.owner_id = d.remote_id or t.owner_kind = 'contact' and t.owner_id::text = d.contact_id))
            and not exists (select from calls c where c.project_id = f.project_id and c.client_id in {Family} and (case when c.started_at is not null then c.started_at else c.first_seen_at end) >= f.made_at - interval '1 hour'
                and (c.direction = 'out' or c.direction = 'in' and c.outcome = 'answered'))
            """, "Не взята в работу: дольше суток никто не двигал, не звонил и не писал", "Not taken: for over a day nobody has moved it, called or written"),
        new("madeByHand", "f.lead_id is null", $"""
            f.lead_id is null and exists (select from leads l where l.project_id = f.project_id and l.client_id in {Family} and l.status in ('new', 'repeat')
                and (case when l.occurred_at is not null then l.occurred_at else l.received_at end) between f.made_at - {EnquiryBefore} and f.made_at + {EnquiryAfter})
            """, "Заведена руками, хотя незадолго до неё была заявка этого клиента: источник потерян или вписан вручную", "Made by hand although an enquiry of the same client had just come: its source is lost or typed"),
        new("duplicateContact", All, $"""
            f.client_id is not null and ((select count(*) > 1 from identities i where i.project_id = f.project_id and i.client_id in {Family} and i.kind = 'crm_contact'
                    and starts_with(i.value, f.connection_id || '/'))
                or exists (select from merge_suggestions g where g.project_id = f.project_id and g.resolved_at is null and (g.client_a in {Family} or g.client_b in {Family})))
            """, "У клиента несколько карточек в CRM с одним телефоном или почтой", "The client has several cards in the CRM with one phone or e-mail"),
    ];

    public static readonly Dictionary<string, Dimension> Dimensions = Dimension.OfDeals("f.made_day");

    /// <summary>Needs <see cref="FunnelStages.Places"/> before it.</summary>
    public const string From = $"from deal_facts f join deals d on d.project_id = f.project_id and d.id = f.deal_id {Filters.Origins}";
}
