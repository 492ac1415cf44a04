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

    [Fact]
    public async Task Markup_of_callers_CRMs_and_colleagues_appears_as_text_and_links_lead_to_pages_alone()
    {
        var (project, client) = (DemoProject.ProjectId, Guid.CreateVersion7());
        var added = Payloads.Select(_ => Guid.CreateVersion7()).ToArray();
        var args = new { P = project, Client = client, Added = added, Payloads, First = Payloads[0] };
        await fixture.ExecuteAsync("""
            insert into clients (project_id, id, name) values (@P, @Client, @First);
            insert into identities (project_id, kind, value, client_id) select @P, 'messenger', 'telegram:' || t, @Client from unnest(@Payloads) t;
            insert into calls (project_id, id, sender_id, site_id, provider, external_id, direction, phase, outcome, client_phone_typed, recording_url, facts, started_at, first_seen_at, last_seen_at)
            select @P, x.id, (select id from senders where project_id = @P limit 1), (select id from sites where project_id = @P limit 1), 'generic', x.id::text, 'in', 'ended', 'missed', x.t, x.t, jsonb_build_object('clientName', x.t, 'operator', x.t), now(), now(), now()
            from unnest(@Added, @Payloads) x (id, t);
            insert into deals (project_id, id, connection_id, kind, remote_id, name, stage_id, state, amount, currency, contact_ids, client_id, created_at, lost_reason_id)
            select @P, x.id, (select id from connections where project_id = @P order by id limit 1), 'deal', 900000000 + x.n, x.t, '143', 'lost', 1, 'RUB', '{}', @Client, now(), x.t from unnest(@Added, @Payloads) with ordinality x (id, t, n);
            insert into rejects (project_id, id, site_id, route, received_at, reason, errors, content_type, headers, body, body_sha256)
            select @P, x.id, (select id from sites where project_id = @P limit 1), 'leads', now(), 'unreadable_json', jsonb_build_object('body', jsonb_build_array(x.t)), x.t, jsonb_build_object('User-Agent', x.t), convert_to(x.t, 'UTF8'), '\x00'
            from unnest(@Added, @Payloads) x (id, t);
            insert into promotions (project_id, id, name, tag_kind, tag, goal, description, first_day, last_day) select @P, x.id, x.t, 'campaign', 'hostile ' || x.id, 'leads', x.t, current_date, current_date from unnest(@Added, @Payloads) x (id, t)
            """, args);
        try
        {
            await using var person = await fixture.SignInAsync();
            foreach (var (room, shows) in new[] { ($"clients/{client}", true), ("calls?tab=list", false), ("delivery/rejects", true), ($"delivery/rejects/{added[^1]}", true), ("money/promotions", true), ("funnel", false) })
            {
                await person.OpenAsync(room);
                if (shows) await Assertions.Expect(person.Page.GetByText(room.StartsWith("clients", StringComparison.Ordinal) ? Payloads[0] : Payloads[^1]).First).ToBeVisibleAsync();
                await NothingRanAsync(person, room);
                foreach (var link in await person.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[href]')].map(a => a.protocol)"))
                    Assert.Contains(link, new[] { "http:", "https:", "tel:", "mailto:" });
                // Whatever opens beside the page gets no hold of it.
                Assert.Empty(await person.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[target=_blank]')].filter(a => !/noopener/.test(a.rel)).map(a => a.href)"));
            }
        }
        finally
        {
            await fixture.ExecuteAsync("""
                delete from calls where project_id = @P and id = any(@Added); delete from deals where project_id = @P and id = any(@Added); delete from rejects where project_id = @P and id = any(@Added);
                delete from promotions where project_id = @P and id = any(@Added); delete from identities where project_id = @P and client_id = @Client; delete from clients where project_id = @P and id = @Client
                """, args);
        }
    }

    private static async Task NothingRanAsync(Person person, string where)
    {
        Assert.True(await person.Page.EvaluateAsync<JsonElement?>("window.hacked ?? null") is null or { ValueKind: JsonValueKind.Null }, $"A script of a stranger ran on {where}.");
        Assert.Empty(person.Wrongs);
    }
}
