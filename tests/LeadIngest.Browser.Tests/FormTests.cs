using System.Text.Json;
using LeadIngest.Api.Tests;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests;

/// <summary>What the tracker does with a site's forms.</summary>
public sealed class FormTests(TrackerFixture fixture) : IClassFixture<TrackerFixture>
{
    private const string Fields = "<input name=phone value='+7 916 123-45-67'><button>Отправить</button>";

    private async Task<Dictionary<string, string>> PostedAsync(Visitor visitor, string form, string submit = "document.querySelector('button').click()")
    {
        fixture.Site.Posted.Clear();
        var page = await visitor.OpenAsync(fixture.Site.Page(form, visitor.Tag()) + "?utm_source=vk", "https://vk.com/");
        await Visitor.SoonAsync(page, submit);
        await Visitor.UntilAsync(() => Task.FromResult(!fixture.Site.Posted.IsEmpty), "the post");
        return fixture.Site.Posted.Single();
    }

    [Theory]
    [InlineData("document.querySelector('button').click()")]
    [InlineData("document.forms[0].submit()")]
    [InlineData("fetch('/handler', { method: 'POST', body: new FormData(document.forms[0]) })")]
    [InlineData("document.body.innerHTML = '<form method=post action=/handler><input name=phone value=5></form>', document.forms[0].requestSubmit()")]
    public async Task A_form_that_posts_anywhere_carries_the_visit(string submit)
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var posted = await PostedAsync(visitor, $"<form method=post action=/handler>{Fields}</form>", submit);
        // A page that is left does not wait for its answer, but the service has heard it.
        var row = await visitor.RowAsync(_ => true);
        Assert.Equal((Visitor.Text(row, "visitor_id"), Visitor.Text(row, "id")), (posted["leadingest_visitor"], posted["leadingest_visit"]));
        Assert.EndsWith("?utm_source=vk", posted["leadingest_landing"]);
        Assert.Equal("https://vk.com/", posted["leadingest_referrer"]);
        Assert.InRange(int.Parse(posted["leadingest_seconds"], System.Globalization.CultureInfo.InvariantCulture), 0, 60);
        Assert.Contains("phone", posted.Keys);
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task The_seconds_count_from_the_moment_the_form_was_there()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        fixture.Site.Posted.Clear();
        var page = await visitor.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync(fixture.Site.Url + fixture.Site.Page("", visitor.Tag()));
        await page.Clock.RunForAsync(60_000);
        await page.EvaluateAsync("document.body.innerHTML = '<form method=post action=/handler><input name=phone value=5></form>'");
        await page.Clock.RunForAsync(20_000);
        await Visitor.SoonAsync(page, "document.forms[0].requestSubmit()");
        await Visitor.UntilAsync(() => Task.FromResult(!fixture.Site.Posted.IsEmpty), "the post");
        Assert.InRange(int.Parse(fixture.Site.Posted.Single()["leadingest_seconds"], System.Globalization.CultureInfo.InvariantCulture), 20, 25);
    }

    [Theory]
    [InlineData("<form method=post action=/handler><input type=password name=p value=x>{0}</form>", false)]
    [InlineData("<div role=search><form method=post action=/handler>{0}</form></div>", false)]
    [InlineData("<form method=post action=/handler data-leadingest=off>{0}</form>", false)]
    [InlineData("<form method=post action=/handler data-leadingest><input type=password name=p value=x>{0}</form>", true)]
    [InlineData("<form method=post action=/handler><input name=method value=1><input name=action><input name=id>{0}</form>", true)]
    public async Task Searches_and_logins_are_left_alone_unless_marked(string form, bool marked)
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var posted = await PostedAsync(visitor, form.Replace("{0}", Fields, StringComparison.Ordinal));
        Assert.Equal(marked, posted.ContainsKey("leadingest_visit"));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task A_form_sent_by_get_keeps_its_address_clean()
    {
        await using var visitor = await fixture.VisitorAsync(await fixture.CreateProjectAsync());
        var page = await visitor.OpenAsync(fixture.Site.Page("<form action=/handler><input name=q value=x><button>Найти</button></form>", visitor.Tag()));
        var next = page.WaitForRequestAsync("**/handler*");
        await page.ClickAsync("button");
        Assert.EndsWith("/handler?q=x", (await next).Url);
    }

    [Fact]
    public async Task A_form_in_the_send_mode_becomes_a_lead_and_the_page_hears_of_it()
    {
        var project = await fixture.CreateProjectAsync();
        await using var visitor = await fixture.VisitorAsync(project);
        var page = await visitor.OpenAsync(fixture.Site.Page("""
            <form id=order name="Заказ окна" action=/nowhere method=post data-leadingest=send data-leadingest-thanks="#thanks">
              <label>Ваше имя <input name=your-name></label>
              <input type=tel name=input_7>
              <input type=email name=input_8>
              <label>Площадь <input id=area></label>
              <label><input type=checkbox name=soglasie> Согласие на обработку персональных данных</label>
              <label><input type=checkbox name=opts value=москитная checked></label><label><input type=checkbox name=opts value=отлив checked></label>
              <input type=password value=secret name=pin><input autocomplete=cc-number name=card value=4111111111111111>
              <textarea name=message>Перезвоните</textarea>
              <button>Отправить</button>
            </form>
            <p id=thanks hidden>Спасибо!</p>
            <script>addEventListener('leadingest:sent', e => window.heard = e.detail)</script>
            """, visitor.Tag()) + "?utm_source=yandex&utm_medium=cpc");
        await page.FillAsync("[name=your-name]", "Анна Петрова");
        await page.FillAsync("[type=tel]", "8 (916) 123-45-67");
        await page.FillAsync("[type=email]", "anna@example.ru");
        await page.FillAsync("#area", "54 м²");
        await page.CheckAsync("[name=soglasie]");
        await page.ClickAsync("button");
        await Assertions.Expect(page.Locator("#thanks")).ToBeVisibleAsync();
        var leadId = Guid.Parse(await page.EvaluateAsync<string>("window.heard.leadId"));
        var lead = await fixture.ReadAsync(project, $"/v1/leads/{leadId}");
        string? Of(string name) => lead.GetProperty(name).GetString();
        Assert.Equal(("Анна Петрова", "+79161234567", "anna@example.ru", "Перезвоните"), (Of("name"), Of("phone"), Of("email"), Of("comment")));
        Assert.Equal("yandex", lead.GetProperty("passport").GetProperty("utm").GetProperty("utm_source").GetString());
        var fields = lead.GetProperty("fields").ToString();
        Assert.Contains("54 м²", fields);
        Assert.Contains("отлив", fields);
        var everything = await fixture.ScalarAsync<string>("select details::text || passport::text from leads where project_id = @ProjectId", new { project.ProjectId });
        Assert.DoesNotContain("secret", everything);
        Assert.DoesNotContain("4111111111111111", everything);
        Assert.Contains("Согласие на обработку персональных данных", everything);
        Assert.Equal("", await page.InputValueAsync("[type=tel]"));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task A_form_that_the_page_stopped_is_not_sent_and_a_double_click_sends_one_lead()
    {
        var project = await fixture.CreateProjectAsync();
        await fixture.SetTrackerAsync(project, forms: "send");
        await using var visitor = await fixture.VisitorAsync(project);
        var page = await visitor.OpenAsync(fixture.Site.Page($"""
            <form method=post action=/handler>{Fields}</form>
            <script>document.forms[0].addEventListener('submit', e => window.bad && e.preventDefault())</script>
            """, visitor.Tag()));
        await page.EvaluateAsync("window.bad = true; document.querySelector('button').click(); window.bad = false");
        await page.EvaluateAsync("document.querySelector('button').click(), document.querySelector('button').click()");
        await visitor.LeadsComeAsync(1);
        await page.EvaluateAsync("leadingest.send({ email: 'last@example.ru' })");
        await visitor.LeadsComeAsync(2);
        Assert.Equal(2, await visitor.LeadsAsync());
    }

    [Fact]
    public async Task A_refusal_is_told_with_its_reasons()
    {
        var project = await fixture.CreateProjectAsync();
        await using var visitor = await fixture.VisitorAsync(project);
        var page = await visitor.OpenAsync(fixture.Site.Page("""
            <form data-leadingest=send><input name=city value=Тверь><button>x</button></form>
            <script>addEventListener('leadingest:failed', e => window.heard = e.detail)</script>
            """, visitor.Tag()));
        await page.ClickAsync("button");
        await page.WaitForFunctionAsync("() => window.heard");
        var heard = await page.EvaluateAsync<JsonElement>("window.heard");
        Assert.Equal((false, 400), (heard.GetProperty("ok").GetBoolean(), heard.GetProperty("status").GetInt32()));
        Assert.True(heard.GetProperty("errors").TryGetProperty("phone", out _));
        Assert.Empty(await page.EvaluateAsync<string[]>("Object.keys(localStorage).filter(k => k.startsWith('leadingest_lead_'))"));
    }
}
