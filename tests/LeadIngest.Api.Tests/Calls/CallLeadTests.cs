using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Calls;

/// <summary>Which calls become leads, and whose.</summary>
public class CallLeadTests(CallsFixture api) : IClassFixture<CallsFixture>
{
    [Fact]
    public async Task A_missed_call_is_a_lead()
    {
        var sender = await api.PbxAsync();
        await api.ConnectionAsync(sender.Project);
        await api.ToldAsync(sender, new { id = "c-1", disposition = "NO ANSWER", direction = "in", src = "79161234567", did = "74951234567", billsec = 0 });
        await api.LeadsAsync(sender.Project, 1);
        var lead = await api.OnlyLeadAsync(sender.Project);
        Assert.Equal(("Пропущенный звонок", "+79161234567", "unknown", "none"), (lead.Text("comment"), lead.Text("phone"), lead.GetProperty("passport").Text("channel"), lead.GetProperty("passport").Text("origin")));
        Assert.Equal(1, lead.GetProperty("deliveries").GetArrayLength());
    }

    [Fact]
    public async Task An_outgoing_call_is_contact_with_a_known_client_and_no_lead()
    {
        var sender = await api.PbxAsync();
        var client = await api.ClientAsync(sender.Project, phone: "+79161234567");
        await api.ToldAsync(sender, new { id = "c-1", direction = "out", phase = "ended", from = "101", to = "79161234567", talkSeconds = 30 });
        await api.ToldAsync(sender, new { id = "c-2", direction = "out", phase = "ended", from = "101", to = "79160000009", talkSeconds = 30 });
        await CallsAsync(sender, 2);
        var calls = (await api.ReadAsync(sender.Project, "/v1/calls?direction=out")).GetProperty("items").EnumerateArray().ToDictionary(c => c.Text("externalId")!);
        Assert.Equal((client, "answered"), (calls["c-1"].GetProperty("clientId").GetGuid(), calls["c-1"].Text("outcome")));
        Assert.Null(calls["c-2"].Text("clientId"));
        Assert.Null(calls["c-1"].Text("leadId"));
        Assert.Equal((0L, 1L), (await api.LeadCountAsync(sender.Project), await api.CountAsync("select count(*) from clients where project_id = @P", new { P = sender.Project.ProjectId })));
    }

    [Fact]
    public async Task An_internal_call_is_kept_and_makes_nothing()
    {
        var sender = await api.PbxAsync();
        await api.ToldAsync(sender, new { id = "c-1", direction = "internal", phase = "ended", from = "101", to = "102", talkSeconds = 30 });
        await api.ToldAsync(sender, new { id = "c-2", phase = "ended", from = "101", to = "102", talkSeconds = 30 });
        await CallsAsync(sender, 2);
        Assert.Equal((0L, 2L), (await api.LeadCountAsync(sender.Project), await api.CountAsync("select count(*) from calls where project_id = @P and direction = 'internal'", new { P = sender.Project.ProjectId })));
    }

    [Theory]
    [InlineData("anonymous", "Скрытый номер")]
    [InlineData("sip:anonymous@pbx.example", "Скрытый номер")]
    public async Task A_hidden_caller_is_a_lead_of_nobody_known_at_once(string from, string name)
    {
        var sender = await api.PbxAsync();
        await api.ConnectionAsync(sender.Project);
        await api.ToldAsync(sender, new { id = "c-1", direction = "in", phase = "ended", from, to = "74951234567", talkSeconds = 0 });
        await api.ToldAsync(sender, new { id = "c-2", direction = "in", phase = "ended", from, to = "74951234567", talkSeconds = 0 });
        await api.LeadsAsync(sender.Project, 2);
        var leads = (await api.AllLeadsAsync(sender.Project)).Values.ToList();
        Assert.All(leads, l => Assert.Equal((name, null, "new", 1), (l.Text("name"), l.Text("phone"), l.Status(), l.GetProperty("deliveries").GetArrayLength())));
        // Two strangers are two people until something says otherwise.
        Assert.Equal(2, leads.Select(l => l.ClientId()).Distinct().Count());
        Assert.Equal(0, await api.CountAsync("select count(*) from identities where project_id = @P", new { P = sender.Project.ProjectId }));
    }

    [Fact]
    public async Task A_known_clients_call_is_a_repeat_of_the_same_client()
    {
        var sender = await api.PbxAsync(window: 0);
        var form = await api.AcceptedAsync(sender.Project, new { phone = "+7 916 123-45-67", name = "Анна" });
        await api.ToldAsync(sender, new { id = "c-1", direction = "in", phase = "ended", from = "89161234567", talkSeconds = 30 });
        await api.LeadsAsync(sender.Project, 2);
        var leads = await api.AllLeadsAsync(sender.Project);
        var call = leads.Values.Single(l => l.Text("kind") == "call");
        Assert.Equal(("repeat", leads[form].ClientId()), (call.Status(), call.ClientId()));
        Assert.Equal(leads[form].ClientId(), (await api.OnlyCallAsync(sender.Project)).GetProperty("clientId").GetGuid());
    }

    [Fact]
    public async Task A_redial_within_the_window_is_a_duplicate_and_two_calls()
    {
        var sender = await api.PbxAsync(window: 600);
        await api.ConnectionAsync(sender.Project);
        await api.ToldAsync(sender, new { id = "c-1", direction = "in", phase = "ended", from = "79161234567", talkSeconds = 0 });
        await api.LeadsAsync(sender.Project, 1);
        await api.ToldAsync(sender, new { id = "c-2", direction = "in", phase = "ended", from = "79161234567", talkSeconds = 64 });
        await api.LeadsAsync(sender.Project, 2);
        var leads = (await api.AllLeadsAsync(sender.Project)).Values.OrderBy(l => l.GetProperty("id").GetGuid()).ToList();
        Assert.Equal(["new", "duplicate"], leads.Select(l => l.Status()));
        Assert.Equal(leads[0].GetProperty("id").GetGuid(), leads[1].GetProperty("duplicateOf").GetGuid());
        Assert.Equal("deal,note", await api.ScalarAsync<string>("select string_agg(kind, ',' order by id) from deliveries where project_id = @P", new { P = sender.Project.ProjectId }));
        Assert.Equal(2, (await api.ReadAsync(sender.Project, "/v1/calls?phone=8%20916%20123-45-67")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_number_that_comes_late_finds_its_client_all_the_same()
    {
        var sender = await api.PbxAsync();
        var client = await api.ClientAsync(sender.Project, phone: "+79161234567");
        await api.ToldAsync(sender, new { id = "c-1", direction = "in", phase = "ringing", to = "74951234567" });
        await Posts.UntilAsync(async () => await api.CountAsync("select count(*) from calls where project_id = @P and direction = 'in'", new { P = sender.Project.ProjectId }) == 1, "the call is folded");
        Assert.Equal(0, await api.LeadCountAsync(sender.Project));
        await api.ToldAsync(sender, new { id = "c-1", direction = "in", phase = "talking", from = "79161234567" });
        await api.LeadsAsync(sender.Project, 1);
        Assert.Equal(client, (await api.OnlyLeadAsync(sender.Project)).ClientId());
    }

    [Fact]
    public async Task Later_events_bring_the_lead_to_the_present_and_keep_its_id()
    {
        var sender = await api.PbxAsync();
        await api.ToldAsync(sender, new { id = "c-1", direction = "in", phase = "ringing", from = "79161234567", startedAt = "2026-11-22 15:00:00" });
        await api.LeadsAsync(sender.Project, 1);
        var ringing = await api.OnlyLeadAsync(sender.Project);
        Assert.Equal(("Входящий звонок", "unknown"), (ringing.Text("comment"), ringing.GetProperty("passport").Text("channel")));
        await api.ToldAsync(sender, new { id = "c-1", phase = "ended", talkSeconds = 3700, utm_source = "yandex", utm_medium = "cpc", utm_campaign = "Поиск" });
        await Posts.UntilAsync(async () => (await api.OnlyLeadAsync(sender.Project)).Text("comment") == "Звонок, 1:01:40", "the lead shows the end");
        var ended = await api.OnlyLeadAsync(sender.Project);
        Assert.Equal(ringing.GetProperty("id").GetGuid(), ended.GetProperty("id").GetGuid());
        Assert.Equal(("paid_search", "Поиск", new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero)),
            (ended.GetProperty("passport").Text("channel"), ended.GetProperty("passport").Text("campaign"), ended.GetProperty("occurredAt").GetDateTimeOffset()));
        Assert.Contains("generic: utm_source=yandex", ended.GetProperty("passport").GetProperty("evidence").Strings());
    }

    [Fact]
    public async Task A_call_shows_its_events_and_filters_find_it()
    {
        var sender = await api.PbxAsync();
        await api.ToldAsync(sender, new { id = "c-1", direction = "in", phase = "ringing", from = "79161234567", startedAt = "2026-11-22T12:00:00Z", queue = "Продажи" });
        await api.ToldAsync(sender, new { id = "c-1", phase = "ended", direction = "in", talkSeconds = 0, recordingUrl = "https://rec.example/1.mp3" });
        await api.LeadsAsync(sender.Project, 1);
        var id = (await api.OnlyCallAsync(sender.Project)).GetProperty("id").GetGuid();
        var call = await api.ReadAsync(sender.Project, $"/v1/calls/{id}");
        Assert.Equal(["ringing", "ended"], call.GetProperty("events").EnumerateArray().Select(e => e.Text("phase")));
        Assert.Equal(("missed", "https://rec.example/1.mp3", "none"), call.GetProperty("call") is var c ? (c.Text("outcome"), c.Text("recordingUrl"), c.Text("matchedBy")) : default);
        Assert.Equal("queue", call.GetProperty("facts").GetProperty("fields")[0][0].GetString());
        foreach (var (query, found) in new[]
        {
            ("outcome=missed", 1), ("outcome=answered", 0), ("direction=in", 1), ("direction=out", 0), ($"siteId={sender.Project.SiteId}", 1), ($"siteId={Guid.CreateVersion7()}", 0),
            ("from=2026-11-22T12:00:00Z&to=2026-11-22T12:00:01Z", 1), ("to=2026-11-22T12:00:00Z", 0), ("phone=%2B79161234567", 1), ("phone=79160000000", 0),
        })
            Assert.True((await api.ReadAsync(sender.Project, "/v1/calls?" + query)).Ids().Length == found, query);
        await (await api.GetAsync(sender.Project, "/v1/calls?direction=sideways")).ProblemAsync(400);
    }

    private Task CallsAsync(TestSender sender, int calls) => Posts.UntilAsync(async () => await api.CountAsync(
        "select count(*) from calls where project_id = @P and fold_at is null", new { P = sender.Project.ProjectId }) == calls, $"{calls} calls are folded");
}
