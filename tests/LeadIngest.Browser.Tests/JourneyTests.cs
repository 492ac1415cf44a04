using System.Text.Json;
using LeadIngest.Api;
using LeadIngest.Api.Data;
using LeadIngest.Api.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests;

/// <summary>From the advertisement to the cards in both CRMs, with nothing in between that is not real but the CRMs and the PBX themselves.</summary>
public sealed class JourneyTests(BusinessFixture fixture) : IClassFixture<BusinessFixture>
{
    private const string Direct = "?utm_source=yandex&utm_medium=cpc&utm_campaign=%D0%9E%D0%BA%D0%BD%D0%B0_%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0&utm_term=%D0%BE%D0%BA%D0%BD%D0%B0%20%D1%86%D0%B5%D0%BD%D0%B0";
    private const string Numbers = "<a href='tel:84951234567'>8 (495) 123-45-67</a><p>+7 495 123 45 67</p><p>84951234567</p><p><b>(495)</b> 123-45-67</p>";
    private const string Swapped = "<a href=\"tel:+74950000002\">8 (495) 000-00-02</a><p>+7 495 000 00 02</p><p>84950000002</p><p><b>(495)</b> 000-00-02</p>";

    [Fact]
    public async Task A_form_on_the_second_page_brings_the_passport_of_the_first_and_the_way_there_to_both_crms()
    {
        var (project, _) = await fixture.CreateBusinessAsync();
        await fixture.LendAsync(project, ("+74951234567", "+74950000002"));
        await using var visitor = await fixture.VisitorAsync(project);
        var second = fixture.Site.Page($"<main>{Numbers}</main><form data-leadingest=send><input name=name value=Анна><input type=tel name=phone value='8 (916) 111-11-01'><button>Отправить</button></form>", visitor.Tag());
        var first = fixture.Site.Page($"<a id=next href='{second}'>Цены</a>", visitor.Tag());
        var page = await visitor.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync(fixture.Site.Url + first + Direct, new() { Referer = "https://ya.ru/" });
        await Visitor.HeardAsync(page);
        // The visitor reads.
        await page.Clock.RunForAsync(70_000);
        await visitor.ToldAsync("beat");
        await page.ClickAsync("#next");
        await Visitor.UntilAsync(async () => await page.EvaluateAsync<string>("(document.querySelector('main') || {}).innerHTML") == Swapped, "the swap");
        await visitor.ToldAsync("page");
        await page.ClickAsync("button");

        var lead = Assert.Single(await fixture.DeliveredAsync(project, 1));
        var passport = lead.GetProperty("passport");
        Assert.Equal(("Яндекс.Директ", "Окна_Москва", "окна цена", "yandex"),
            (Visitor.Text(passport, "source"), Visitor.Text(passport, "campaign"), Visitor.Text(passport, "keyword"), Visitor.Text(passport.GetProperty("utm"), "utm_source")));
        Assert.Contains(first, Visitor.Text(passport, "landingPage"), StringComparison.Ordinal);
        Assert.EndsWith(second, Visitor.Text(lead, "page"));
        var (amocrm, bitrix24) = await fixture.DealsAsync(lead);
        Assert.Equal(("Яндекс.Директ", "Окна_Москва", "окна цена"), (Field(amocrm, "UTM_SOURCE"), Field(amocrm, "UTM_CAMPAIGN"), Field(amocrm, "UTM_TERM")));
        Assert.Equal(("Яндекс.Директ", "Окна_Москва", "окна цена"), (Visitor.Text(bitrix24, "UTM_SOURCE"), Visitor.Text(bitrix24, "UTM_CAMPAIGN"), Visitor.Text(bitrix24, "UTM_TERM")));
        foreach (var card in (string[])[Readable(amocrm), Readable(bitrix24)])
        {
            Assert.Matches("Просмотрено страниц: 2", card);
            Assert.Matches("Время на сайте: 1:[0-9]{2}|Время на сайте: 1 мин", card);
            Assert.Contains($"{first} → {second}", card, StringComparison.Ordinal);
        }
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task A_call_to_the_number_shown_five_minutes_ago_is_one_call_and_one_lead_with_the_visits_passport()
    {
        var (project, webhook) = await fixture.CreateBusinessAsync();
        await fixture.LendAsync(project, ("+74951234567", "+74950000002"));
        await using var visitor = await fixture.VisitorAsync(project);
        var page = await visitor.OpenAsync(fixture.Site.Page(Numbers, visitor.Tag()) + Direct, "https://ya.ru/");
        await Assertions.Expect(page.Locator("a")).ToHaveTextAsync("8 (495) 000-00-02");
        var visit = await Visitor.VisitAsync(page);
        await page.GotoAsync("about:blank");
        await FiveMinutesPassAsync(project);

        await fixture.CallAsync(webhook, "+74950000002", "+79161111102");

        var lead = Assert.Single(await fixture.DeliveredAsync(project, 1));
        var call = Assert.Single((await fixture.ReadAsync(project, "/v1/calls")).GetProperty("items").EnumerateArray());
        Assert.Equal((Visitor.Text(call, "id"), "call", "+79161111102"), (Visitor.Text(lead, "callId"), Visitor.Text(lead, "kind"), Visitor.Text(lead, "phone")));
        Assert.Equal(Visitor.Text(visit, "visitId"), await fixture.ScalarAsync<string>("select visit_id::text from calls where project_id = @ProjectId", new { project.ProjectId }));
        var passport = lead.GetProperty("passport");
        Assert.Equal(("Яндекс.Директ", "Окна_Москва", "окна цена"), (Visitor.Text(passport, "source"), Visitor.Text(passport, "campaign"), Visitor.Text(passport, "keyword")));
        var (amocrm, bitrix24) = await fixture.DealsAsync(lead);
        Assert.Equal(("Яндекс.Директ", "Яндекс.Директ"), (Field(amocrm, "UTM_SOURCE"), Visitor.Text(bitrix24, "UTM_SOURCE")));
        Assert.Single(await fixture.StateAsync("amocrm/notes"), n => Visitor.Text(n, "entity_id") == Visitor.Text(amocrm, "id") && Visitor.Text(n, "note_type") == "call_in");
        Assert.Single(await fixture.StateAsync("bitrix24/activities"), a => Visitor.Text(a, "OWNER_ID") == Visitor.Text(bitrix24, "ID") && Visitor.Text(a, "OWNER_TYPE_ID") == "2");
    }

    [Fact]
    public async Task A_lead_sent_while_the_server_was_down_is_in_the_crm_once_after_it_returned_and_a_reload()
    {
        var (project, _) = await fixture.CreateBusinessAsync();
        await using var visitor = await fixture.VisitorAsync(project);
        var (server, address) = await ServeAsync("http://127.0.0.1:0");
        var path = fixture.Site.Page("<form data-leadingest=send><input type=tel name=phone value='8 (916) 111-11-03'><button>Отправить</button></form>", visitor.Tag(service: address));
        var page = await visitor.OpenAsync(path + Direct);
        await Visitor.HeardAsync(page);

        await StopAsync(server);
        await page.ClickAsync("button");
        await Visitor.UntilAsync(async () => await page.EvaluateAsync<bool>("Object.keys(localStorage).some(k => k.startsWith('leadingest_lead_'))"), "the lead in the queue");
        await page.ReloadAsync();
        Assert.Equal(0, await visitor.LeadsAsync());

        (server, _) = await ServeAsync(address);
        await page.ReloadAsync();
        var lead = Assert.Single(await fixture.DeliveredAsync(project, 1));
        await Visitor.UntilAsync(async () => !await page.EvaluateAsync<bool>("Object.keys(localStorage).some(k => k.startsWith('leadingest_lead_'))"), "the empty queue");
        await page.ReloadAsync();
        await Visitor.HeardAsync(page);
        Assert.Equal(1, await visitor.LeadsAsync());
        Assert.Equal("Яндекс.Директ", Visitor.Text(lead.GetProperty("passport"), "source"));
        foreach (var crm in (string[])["amocrm", "bitrix24"])
            Assert.Single(await fixture.StateAsync(crm + "/contacts"), c => c.GetRawText().Contains("79161111103", StringComparison.Ordinal));
        await fixture.DealsAsync(lead);
        await StopAsync(server);
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task A_native_post_from_the_second_page_has_the_passport_of_the_first()
    {
        var (project, _) = await fixture.CreateBusinessAsync();
        await using var visitor = await fixture.VisitorAsync(project);
        var second = fixture.Site.Page($"<form method=post action='{fixture.Service}/v1/sites/{project.SiteKey}/forms'><input name='Ваше имя' value=Ольга><input name=tel value='8 (916) 111-11-04'><button>Жду звонка</button></form>", visitor.Tag());
        var first = fixture.Site.Page($"<a href='{second}'>Контакты</a>", visitor.Tag());
        var page = await visitor.OpenAsync(first + Direct, "https://ya.ru/");
        await Visitor.HeardAsync(page);
        var visit = await Visitor.VisitAsync(page);
        await page.ClickAsync("a");
        await page.ClickAsync("button");

        var lead = Assert.Single(await fixture.DeliveredAsync(project, 1));
        var passport = lead.GetProperty("passport");
        Assert.Equal(("Ольга", "Яндекс.Директ", "Окна_Москва"), (Visitor.Text(lead, "name"), Visitor.Text(passport, "source"), Visitor.Text(passport, "campaign")));
        Assert.Contains(first, Visitor.Text(passport, "landingPage"), StringComparison.Ordinal);
        // Nothing tells on which page a form without a script stood: another origin hears of the site alone.
        Assert.Equal(JsonValueKind.Null, lead.GetProperty("page").ValueKind);
        Assert.Equal(Visitor.Text(visit, "visitId"), await fixture.ScalarAsync<string>("select visit_id from leads where project_id = @ProjectId", new { project.ProjectId }));
        var (amocrm, bitrix24) = await fixture.DealsAsync(lead);
        Assert.Equal(("Яндекс.Директ", "Яндекс.Директ"), (Field(amocrm, "UTM_SOURCE"), Visitor.Text(bitrix24, "UTM_SOURCE")));
    }

    /// <summary>All that the project's visits and numbers remember moves five minutes into the past.</summary>
    private Task<int> FiveMinutesPassAsync(TestProject project) => fixture.ExecuteAsync("""
        update visits set started_at = started_at - interval '5 minutes', last_seen_at = last_seen_at - interval '5 minutes' where project_id = @ProjectId;
        update number_holds set from_at = from_at - interval '5 minutes', until_at = until_at - interval '5 minutes' where project_id = @ProjectId;
        update tracking_numbers set held_until = held_until - interval '5 minutes', free_at = free_at - interval '5 minutes' where project_id = @ProjectId;
        """, new { project.ProjectId });

    /// <summary>A node of the service that a test may stop: over the fixture's database.</summary>
    private async Task<(WebApplication Server, string Address)> ServeAsync(string url)
    {
        var server = LeadIngestApp.Build([$"--urls={url}", "--environment=Testing", "--Logging:LogLevel:Default=Warning", .. fixture.CrmArgs], fixture.Db);
        await server.StartAsync();
        return (server, server.Urls.Single());
    }

    private static async Task StopAsync(WebApplication server)
    {
        await server.StopAsync();
        await server.Services.GetRequiredService<Database>().DisposeAsync();
        await server.DisposeAsync();
    }

    private static string? Field(JsonElement card, string code) => card.GetProperty("custom_fields_values").EnumerateArray()
        .FirstOrDefault(f => f.GetProperty("field_code").GetString() == code) is { ValueKind: JsonValueKind.Object } field ? field.GetProperty("values")[0].GetProperty("value").GetString() : null;

    /// <summary>All texts of an object.</summary>
    private static string Readable(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => string.Join('\n', json.EnumerateObject().Select(p => Readable(p.Value))),
        JsonValueKind.Array => string.Join('\n', json.EnumerateArray().Select(Readable)),
        _ => json.ToString(),
    };
}
