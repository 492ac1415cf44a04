using System.Text.Json;
using LeadIngest.Api.Demo;
using LeadIngest.Api.Tests;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>What strangers send is text and stays text, on every page that shows it.</summary>
[Collection(nameof(DashboardFixture))]
public sealed class HostileTextTests(DashboardFixture fixture)
{
    private const string Deed = "window.hacked=1";

    /// <summary>Ways by which markup has become a script somewhere: tags, handlers, addresses, templates, broken nesting, other spellings.</summary>
    private static readonly string[] Payloads =
    [
        $"<script>{Deed}</script>", $"<SCRIPT SRC=data:text/javascript,{Deed}></SCRIPT>", $"<img src=x onerror={Deed}>", $"<img/src/onerror={Deed}>", $"<svg onload={Deed}>", $"<svg><script>{Deed}</script></svg>",
        $"<svg><animate onbegin={Deed} attributeName=x dur=1s>", $"<body onload={Deed}>", $"<iframe srcdoc=\"<script>parent.{Deed}</script>\">", $"<iframe src=\"javascript:parent.{Deed}\">", $"<object data=\"javascript:{Deed}\">",
        $"<embed src=\"javascript:{Deed}\">", $"<a href=\"javascript:{Deed}\">x</a>", $"javascript:{Deed}", $"JaVaScRiPt:{Deed}", $"java\tscript:{Deed}", $" javascript:{Deed}", $"\u0001javascript:{Deed}", $"data:text/html,<script>{Deed}</script>",
        $"vbscript:{Deed}", $"\"><script>{Deed}</script>", $"'><script>{Deed}</script>", $"</title><script>{Deed}</script>", $"</textarea><script>{Deed}</script>", $"</style><script>{Deed}</script>", $"</script><script>{Deed}</script>",
        $"--><script>{Deed}</script>", $"]]><script>{Deed}</script>", $"\" onmouseover={Deed} x=\"", $"' onfocus={Deed} autofocus '", $"<input autofocus onfocus={Deed}>", $"<select autofocus onfocus={Deed}>", $"<textarea autofocus onfocus={Deed}>",
        $"<details open ontoggle={Deed}>", $"<video><source onerror={Deed}>", $"<audio src=x onerror={Deed}>", $"<marquee onstart={Deed}>", $"<math href=\"javascript:{Deed}\">x</math>", $"<form action=\"javascript:{Deed}\"><button>x</button></form>",
        $"<button formaction=\"javascript:{Deed}\">x</button>", $"<isindex action=javascript:{Deed}>", $"<link rel=stylesheet href=\"javascript:{Deed}\">", $"<base href=\"javascript:{Deed}//\">", $"<meta http-equiv=refresh content=\"0;url=javascript:{Deed}\">",
        $"<style>@import 'javascript:{Deed}'</style>", $"<div style=\"background:url(javascript:{Deed})\">", $"<div style=\"width:expression({Deed})\">", $"${{{Deed}}}", $"{{{{constructor.constructor('{Deed}')()}}}}", $"#{{{Deed}}}", $"<%= {Deed} %>",
        $"&lt;script&gt;{Deed}&lt;/script&gt;", $"&#60;script&#62;{Deed}&#60;/script&#62;", $"%3Cscript%3E{Deed}%3C/script%3E", $"\\u003cscript\\u003e{Deed}\\u003c/script\\u003e", $"＜script＞{Deed}＜/script＞", $"<scr<script>ipt>{Deed}</scr</script>ipt>",
        $"<img src=`x` onerror={Deed}>", $"<x onclick={Deed} tabindex=1 autofocus>", $"<noscript><p title=\"</noscript><img src=x onerror={Deed}>\">", $"<template><script>{Deed}</script></template>", $"<svg/onload={Deed}//", $"<!--<img src=\"--><img src=x onerror={Deed}//\">",
    ];

    [Fact]
    public async Task Markup_in_every_field_of_a_lead_appears_as_text_and_runs_nowhere()
    {
        Assert.True(Payloads.Length >= 60);
        Guid last = default;
        for (var i = 0; i < Payloads.Length; i++)
        {
            var payload = Payloads[i];
            var answer = await fixture.SendAsync(null, HttpMethod.Post, $"/v1/sites/{DemoProject.SiteKey}/leads", new
            {
                name = payload,
                phone = $"+7903{7_000_000 + i}",
                email = "x@example.ru",
                comment = payload,
                page = $"https://okna-plus.ru/?utm_source={Uri.EscapeDataString(payload)}&utm_medium={Uri.EscapeDataString(payload)}&utm_campaign={Uri.EscapeDataString(payload)}&utm_content={Uri.EscapeDataString(payload)}&utm_term={Uri.EscapeDataString(payload)}",
                referrer = payload,
                formId = payload,
                formName = payload,
                consent = new { text = payload, given = true },
                fields = new Dictionary<string, string> { [payload] = payload },
            });
            // A referrer that is no address may be refused; the lead is then sent without it.
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            last = (await answer.JsonAsync()).GetProperty("leadId").GetGuid();
        }

        await using var person = await fixture.SignInAsync();
        var page = person.Page;
        await person.OpenAsync("leads");
        await Assertions.Expect(page.GetByText(Payloads[^1]).First).ToBeVisibleAsync();
        await NothingRanAsync(person, "leads");

        await person.OpenAsync($"leads/{last}");
        await Assertions.Expect(page.GetByText(Payloads[^1]).First).ToBeVisibleAsync();
        await NothingRanAsync(person, "a lead's card");
        foreach (var link in await page.EvaluateAsync<string[]>("[...document.querySelectorAll('main a[href]')].map(a => a.getAttribute('href'))"))
            Assert.DoesNotContain("script:", link, StringComparison.OrdinalIgnoreCase);

        await person.OpenAsync("clients");
        await NothingRanAsync(person, "clients");
        foreach (var room in new[] { "overview", "sources", "rules", "delivery", "audit", "forgotten" })
        {
            await person.OpenAsync(room);
            await NothingRanAsync(person, room);
        }
    }

    private static async Task NothingRanAsync(Person person, string where)
    {
        Assert.True(await person.Page.EvaluateAsync<JsonElement?>("window.hacked ?? null") is null or { ValueKind: JsonValueKind.Null }, $"A script of a stranger ran on {where}.");
        Assert.Empty(person.Wrongs);
    }
}
