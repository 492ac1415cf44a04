using System.Net;
using System.Text;
using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Doors;

/// <summary><c>GET /</c>: the latest leads of both CRMs and the list of doors, for a person's eyes.</summary>
internal static class IndexPage
{
    private const int Shown = 20;

    public static IResult Get(IEnumerable<ICrm> crms)
    {
        var page = new StringBuilder("""
            <!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>CRM emulator</title>
            <style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem;max-width:70rem}table{border-collapse:collapse;width:100%}
            td,th{border:1px solid #ccc;padding:.3rem .6rem;text-align:left}caption{text-align:left;font-weight:600;padding:.5rem 0}</style>
            <h1>CRM emulator</h1><p>amoCRM: <code>/amocrm/api/v4/…</code>, Битрикс24: <code>/bitrix24/rest/{user}/{secret}/{method}</code>.
            Двери: <code>/_state</code> <a href="/_faults"><code>/_faults</code></a> <code>/_requests</code> <code>/_act</code> <code>/_account</code> <code>/_seed</code> <code>/_clock</code></p>
            <p>Рекламные кабинеты: Яндекс Директ <code>/yandex-direct/json/v5/reports</code> (<a href="/_state/yandex-direct/rows">расходы</a>, <a href="/_requests/yandex-direct">requests</a>),
            VK Реклама <code>/vk-ads/api/v2/…</code> (<a href="/_state/vk-ads/rows">расходы</a>, <a href="/_requests/vk-ads">requests</a>)</p>
            """);
        foreach (var crm in crms)
        {
            var account = crm.At(AccountHosts.Standard(crm.Name));
            page.Append($"<p>{account.Host}: ").AppendJoin(", ", crm.Nouns.Select(n => $"<a href=\"/_state/{crm.Name}/{n}\">{n}</a> {account.Holdings(n)!.Count}"))
                .Append($", <a href=\"/_requests/{crm.Name}\">requests</a>, <a href=\"/_accounts/{crm.Name}\">аккаунтов</a> {crm.Accounts.Count}</p>");
            page.Append($"<table><caption>{crm.Name}: последние лиды</caption><tr><th>id<th>Название<th>Источник<th>Кампания<th>Ключевое слово<th>Телефон</tr>");
            foreach (var lead in account.Latest(Shown))
            {
                page.Append($"<tr><td>{lead.Id}<td>{Safe(lead.Name)}<td>{Safe(lead.Source)}<td>{Safe(lead.Campaign)}<td>{Safe(lead.Keyword)}<td>{Safe(lead.Phone)}</tr>");
            }
            page.Append("</table>");
        }
        return Results.Content(page.ToString(), "text/html; charset=utf-8");
    }

    private static string Safe(string? text) => WebUtility.HtmlEncode(text ?? "");
}
