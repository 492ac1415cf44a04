using LeadIngest.Api.Ingest;
using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Core.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Junk;

/// <summary>What is spam or a trial is kept with its reasons, makes no client and goes to no CRM; strangers hear nothing of it.</summary>
public class JunkTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private const string Crawler = "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)";

    public static TheoryData<string, string, string, string> Junk => new()
    {
        { "phone", "+7 903 111-22-33", "spam", "stop_list_phone" }, { "phone", "8 903 111 22 33", "test", "stop_list_phone" },
        { "email", "Olga@Example.RU", "spam", "stop_list_email" }, { "domain", "example.ru", "spam", "stop_list_domain" },
        { "ip", "127.0.0.0/8", "spam", "stop_list_ip" }, { "word", "казино онлайн", "spam", "stop_list_word" }, { "visitor", "visitor-1", "test", "stop_list_visitor" },
    };

    [Theory]
    [MemberData(nameof(Junk))]
    public async Task The_stop_list_judges_what_it_names_from_the_next_lead_on_until_it_is_removed(string kind, string value, string verdict, string reason)
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var lead = new { name = "Ольга", phone = "+79031112233", email = "olga@example.ru", comment = "Лучшее Казино-Онлайн!", visitorId = "visitor-1" };
        var before = await api.AcceptedAsync(project, lead);
        var added = await (await api.PostAsync(project, "/v1/stop-list", new { entries = new[] { new { kind, value, verdict } } })).JsonAsync();
        var listed = await api.AcceptedAsync(project, lead);
        var entry = added.GetProperty("items")[0].GetProperty("id").GetGuid();
        Assert.Equal(204, (int)(await api.SendAsync(project, HttpMethod.Delete, $"/v1/stop-list/{entry}")).StatusCode);
        var after = await api.AcceptedAsync(project, lead);

        await JudgedAsync(project, listed, verdict, reason);
        Assert.Equal("new", (await api.ReadAsync(project, $"/v1/leads/{before}")).Status());
        Assert.Equal("duplicate", (await api.ReadAsync(project, $"/v1/leads/{after}")).Status());
        Assert.Equal([listed], (await api.ReadAsync(project, $"/v1/leads?status={verdict}")).Ids());
    }

    [Fact]
    public async Task The_form_itself_and_its_sender_may_give_a_post_away()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var trap = await (await api.Client.SendAsync(project.Forms(), new FormUrlEncodedContent([new("name", "Bot"), new("phone", "+7 903 111-22-33"), new("_gotcha", "x")]))).LeadIdAsync();
        var crawler = await (await api.LeadPostAsync(project, new { phone = "+7 903 111-22-34" }, ("User-Agent", Crawler))).LeadIdAsync();
        var disposable = await api.AcceptedAsync(project, new { name = "Bot", email = "bot@x.0-mail.com" });
        await JudgedAsync(project, trap, "spam", "honeypot");
        await JudgedAsync(project, crawler, "spam", "bot_agent");
        await JudgedAsync(project, disposable, "spam", "disposable_contact");
        Assert.Equal(0, await api.CountAsync("select count(*) from clients where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task A_throw_away_address_beside_a_phone_is_a_client()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var lead = await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, new { phone = "+7 903 111-22-33", email = "a@0-mail.com" })}");
        Assert.Equal("new", lead.Status());
        Assert.Equal(["disposable_email"], lead.GetProperty("reasons").Strings());
        Assert.Equal(1, lead.GetProperty("deliveries").GetArrayLength());
    }

    [Fact]
    public async Task One_text_with_a_link_from_five_contacts_becomes_spam_with_the_fifth()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var leads = new List<Guid>();
        for (var i = 0; i < 6; i++)
            leads.Add(await api.AcceptedAsync(project, new { phone = $"+7903111223{i}", comment = $"Продвижение сайтов недорого{new string('!', i)} https://seo.example" }));
        for (var i = 0; i < 4; i++) Assert.Equal("new", (await api.ReadAsync(project, $"/v1/leads/{leads[i]}")).Status());
        await JudgedAsync(project, leads[4], "spam", "link_in_comment", "repeated_text");
        await JudgedAsync(project, leads[5], "spam", "link_in_comment", "repeated_text");
    }

    [Fact]
    public async Task One_person_who_repeats_a_text_is_no_spammer()
    {
        var project = await api.OpenAsync();
        for (var i = 0; i < 8; i++)
            Assert.NotEqual("spam", (await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, new { phone = "+79031112230", comment = "Хочу такой шкаф как здесь https://shkaf.example" })}")).Status());
    }

    [Fact]
    public async Task Builders_trials_and_fast_hands_reach_the_rules()
    {
        var project = await api.OpenAsync();
        var site = (await api.App.Services.GetRequiredService<SiteDirectory>().FindAsync(project.SiteKey, default))!;
        var (judge, now) = (api.App.Services.GetRequiredService<JunkJudge>(), TimeProvider.System.GetUtcNow());
        var post = new PostedLead { Phone = "+79031112233" };
        Assert.Equal(LeadStatus.Test, judge.Judge(post with { IsTest = true }, site, default, now).Status);
        Assert.Equal(["filled_fast"], judge.Judge(post with { FilledInSeconds = 0.5 }, site, default, now).Reasons);
    }

    [Fact]
    public async Task A_call_is_judged_by_the_callers_phone_alone()
    {
        var project = await api.OpenAsync();
        await AddAsync(project, ("phone", "+79031112233", "spam"), ("ip", "203.0.113.0/24", "spam"), ("word", "казино", "spam"));
        var site = (await api.App.Services.GetRequiredService<SiteDirectory>().FindAsync(project.SiteKey, default))!;
        var (judge, now) = (api.App.Services.GetRequiredService<JunkJudge>(), TimeProvider.System.GetUtcNow());
        var pbx = new PostOrigin(System.Net.IPAddress.Parse("203.0.113.5"), Crawler);
        Assert.Null(judge.Judge(new() { Kind = "call", Phone = "+79031112234", Comment = "казино", LooksLikeSpam = true }, site, pbx, now).Status);
        Assert.Equal(["stop_list_phone"], judge.Judge(new() { Kind = "call", Phone = "89031112233" }, site, pbx, now).Reasons);
    }

    [Fact]
    public async Task Another_projects_list_says_nothing_here()
    {
        var (own, other) = (await api.OpenAsync(), await api.OpenAsync());
        await AddAsync(other, ("phone", "+79031112233", "spam"));
        Assert.Equal("new", (await api.ReadAsync(own, $"/v1/leads/{await api.AcceptedAsync(own, new { phone = "+79031112233" })}")).Status());
    }

    [Fact]
    public async Task Verdicts_are_counted_by_reason()
    {
        var project = await api.OpenAsync();
        await api.LeadPostAsync(project, new { phone = "+7 903 111-22-34" }, ("User-Agent", Crawler));
        Assert.Matches("leadingest_junk_total\\{[^}]*reason=\"bot_agent\"[^}]*\\} [1-9]", await api.Client.GetStringAsync("/metrics"));
    }

    [Fact]
    public void The_same_contacts_of_a_flood_of_texts_do_not_fill_the_memory()
    {
        var texts = new RepeatedTexts();
        var (site, now) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        for (var i = 0; i < 100_000; i++) Assert.False(texts.Repeats(site, null, $"some text that is long enough to be compared {i}", "+79031112233", now));
        for (var i = 0; i < 4; i++) Assert.False(texts.Repeats(site, null, "one and the same text of many", $"contact {i}", now));
        Assert.True(texts.Repeats(site, null, "ONE and the same text, of many!", "contact 4", now));
        Assert.False(texts.Repeats(Guid.CreateVersion7(), null, "one and the same text of many", "contact 5", now));
        Assert.False(texts.Repeats(site, null, "one and the same text of many", "contact 6", now.AddHours(1.01)));
    }

    private async Task JudgedAsync(TestProject project, Guid id, string status, params string[] reasons)
    {
        var lead = await api.ReadAsync(project, $"/v1/leads/{id}");
        Assert.Equal((status, string.Join(',', reasons)), (lead.Status(), string.Join(',', lead.GetProperty("reasons").Strings())));
        Assert.Null(lead.Text("clientId"));
        Assert.Equal(0, lead.GetProperty("deliveries").GetArrayLength());
    }

    private async Task AddAsync(TestProject project, params (string Kind, string Value, string Verdict)[] entries) =>
        await (await api.PostAsync(project, "/v1/stop-list", new { entries = entries.Select(e => new { kind = e.Kind, value = e.Value, verdict = e.Verdict }) })).JsonAsync();
}
