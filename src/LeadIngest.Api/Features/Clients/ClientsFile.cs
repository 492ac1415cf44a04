using LeadIngest.Api.Features.Reports.Shared;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Clients as a table for spreadsheets.</summary>
internal static class ClientsFile
{
    private static readonly ReportColumn[] Columns =
    [
        new("Клиент", "Client"), new("Имя", "Name"), new("Телефон", "Phone"), new("Другие телефоны", "Other phones"), new("Почта", "E-mail"), new("Другая почта", "Other e-mails"),
        new("Заявок", "Leads", ColumnKind.Count), new("Появился", "Created", ColumnKind.Moment), new("Последняя заявка", "Last lead", ColumnKind.Moment),
    ];

    public static PeopleFile.Source<ClientSummary> Table(string sql, object arguments) => new("clients", Columns, sql, arguments, c =>
        [c.Id.ToString(), c.Name, c.Phones.FirstOrDefault(), Others(c.Phones), c.Emails.FirstOrDefault(), Others(c.Emails), c.LeadCount, c.CreatedAt, c.LastLeadAt]);

    private static string? Others(string[] values) => values.Length > 1 ? string.Join(", ", values.Skip(1)) : null;
}
