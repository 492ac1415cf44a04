using System.Net;
using System.Text;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>What a person sees who comes back from the CRM: one sentence, in Russian and in English. Everything in it is encoded; it loads nothing.</summary>
internal static class OutcomePage
{
    public static IResult Of(int status, string russian, string english)
    {
        var (ru, en) = (WebUtility.HtmlEncode(russian), WebUtility.HtmlEncode(english));
        var html = $"""
            <!doctype html><html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>LeadIngest</title>
            <style>body{"{"}font:18px/1.5 system-ui,sans-serif;margin:15vh auto;max-width:36rem;padding:0 1rem{"}"}p+p{"{"}color:#666;font-size:15px{"}"}</style></head>
            <body><h1>{(status < 300 ? "Готово" : "Не получилось")}</h1><p>{ru}</p><p lang="en">{en}</p></body></html>
            """;
        return new Page(status, html);
    }

    /// <summary>The state is unknown, used or too old.</summary>
    public static IResult Stale() => Of(400, "Эта ссылка уже использована или устарела. Начните подключение заново в LeadIngest.",
        "This link was used already or is too old. Begin again in LeadIngest.");

    public static IResult Denied() => Of(403, "В доступе отказано: администратор аккаунта не дал разрешения. Ничего не подключено.",
        "Access was denied by the account's administrator. Nothing was connected.");

    public static IResult Foreign() => Of(400, "Адрес аккаунта не принадлежит CRM. Ничего не подключено.", "The account's address is not one of the CRM's. Nothing was connected.");

    public static IResult OtherAccount() => Of(409, "Это другой аккаунт: у подключения свой. Для нового аккаунта создайте новое подключение.",
        "This is another account than the connection's. Make a new connection for it.");

    public static IResult Connected(string host) => Of(200, $"Аккаунт {host} подключён, лиды уже передаются. Окно можно закрыть.",
        $"The account {host} is connected and gets its leads. This window can be closed.");

    public static IResult Refused(string why, bool isTransient) => isTransient
        ? Of(502, $"CRM сейчас не отвечает. Начните подключение ещё раз через минуту. ({why})", $"The CRM does not answer now. Begin again in a minute. ({why})")
        : Of(400, $"CRM отказала: {why}", why);

    private sealed class Page(int status, string html) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
            return response.Body.WriteAsync(Encoding.UTF8.GetBytes(html), httpContext.RequestAborted).AsTask();
        }
    }
}
