using LeadIngest.Api.Features.Reports.Shared;

namespace LeadIngest.Api.Features.Leads;

/// <summary>Leads as a table for spreadsheets: what people look at, without the fields of forms, which differ from one to the next.</summary>
internal static class LeadsFile
{
    private static readonly ReportColumn[] Columns =
    [
        new("Заявка", "Lead"), new("Получена", "Received", ColumnKind.Moment), new("Вид", "Kind"), new("Состояние", "Status"), new("Имя", "Name"), new("Телефон", "Phone"), new("Почта", "E-mail"),
        new("Мессенджер", "Messenger"), new("Комментарий", "Comment"), new("Форма", "Form"), new("Канал", "Channel"), new("Источник", "Source"), new("Тип трафика", "Medium"), new("Кампания", "Campaign"),
        new("Объявление", "Content"), new("Ключевая фраза", "Keyword"), new("Клиент", "Client"),
    ];

    /// <param name="where">Conditions on <c>l</c>, beginning with <c>where</c>.</param>
    public static string Sql(string where) => $"""
        select l.id, l.received_at, l.kind, l.status, l.name, coalesce(l.phone, l.phone_typed) as phone, coalesce(l.email, l.email_typed) as email, l.messenger, l.comment,
            coalesce(l.form_name, l.form_id) as form_name, l.channel, l.source, l.medium, l.campaign, l.content, l.keyword, coalesce(c.merged_into, l.client_id) as client_id
        from leads l left join clients c on c.project_id = l.project_id and c.id = l.client_id
        {where} order by l.id desc limit @Rows
        """;

    public static PeopleFile.Source<LeadRow> Table(string sql, object arguments) => new("leads", Columns, sql, arguments, l =>
        [l.Id.ToString(), l.ReceivedAt, l.Kind, l.Status, l.Name, l.Phone, l.Email, l.Messenger, l.Comment, l.FormName, l.Channel, l.Source, l.Medium, l.Campaign, l.Content, l.Keyword, l.ClientId?.ToString()]);
}
