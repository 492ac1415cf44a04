using System.Text.Json;
using LeadIngest.Api.Tests.Figures;
using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Clients;

public class JourneyTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddDays(-60);

    [Fact]
    public async Task The_whole_way_of_a_merged_family_is_in_order_of_time_page_by_page()
    {
        var way = await WayAsync();

        var whole = await api.ReadAsync(way.Project, $"/v1/clients/{way.Client}/journey");
        var seen = Kinds(whole);
        var paged = new List<string>();
        string? cursor = null;
        do
        {
            var page = await api.ReadAsync(way.Project, $"/v1/clients/{way.Merged}/journey?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            Assert.Equal(way.Client, page.GetProperty("clientId").GetGuid());
            paged.AddRange(Kinds(page));
            cursor = page.Text("nextCursor");
        }
        while (cursor is not null);

        Assert.Equal(["visit", "deal", "lead", "call", "contact", "lead", "visit", "deal", "lead"], seen);
        Assert.Equal(seen, paged);
        var items = whole.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal("Яндекс.Директ", items[0].GetProperty("passport").Text("source"));
        Assert.Equal(("out", "call"), (items[4].Text("direction"), items[4].Text("contact")));
        Assert.Equal("spam", items[^1].Text("status"));
        await (await api.GetAsync(way.Project, $"/v1/clients/{Guid.CreateVersion7()}/journey")).ProblemAsync(404);
        await (await api.GetAsync(way.Project, $"/v1/clients/{way.Client}/journey?cursor=!")).ProblemAsync(400);
    }

    [Fact]
    public async Task Every_model_shares_a_deal_to_the_kopeck_and_a_lead_stands_for_its_visit()
    {
        var way = await WayAsync();
        var deals = (await api.ReadAsync(way.Project, $"/v1/clients/{way.Client}/journey")).GetProperty("items").EnumerateArray().Where(i => i.Text("kind") == "deal").Select(d => d.GetProperty("credit")).ToList();

        // The first deal: the visit and its lead are one touch, and the deal's own lead counts though the CRM's clock is three seconds slow.
        var path = deals[0].GetProperty("path").EnumerateArray().ToList();
        Assert.Equal([("lead", way.First)], path.Select(s => (s.Text("kind")!, s.GetProperty("id").GetGuid())));
        Assert.False(deals[0].GetProperty("isRepeat").GetBoolean());

        // The second: lead, call, lead, visit.
        path = [.. deals[1].GetProperty("path").EnumerateArray()];
        Assert.Equal(["lead", "call", "lead", "visit"], path.Select(s => s.Text("kind")));
        Assert.True(deals[1].GetProperty("isRepeat").GetBoolean());
        Assert.Equal((90, 7), (deals[1].GetProperty("windowDays").GetDouble(), deals[1].GetProperty("halfLifeDays").GetDouble()));
        Assert.Equal((way.First, 100000.01m), (deals[1].GetProperty("clientFirst").GetProperty("touch").GetProperty("id").GetGuid(), deals[1].GetProperty("clientFirst").GetProperty("amount").GetDecimal()));
        var models = deals[1].GetProperty("models").EnumerateArray().ToDictionary(m => m.Text("model")!, m => m.GetProperty("credits").EnumerateArray().Select(c => c.GetProperty("amount").GetDecimal()).ToArray());
        Assert.Equal(["first", "last", "lastNonDirect", "lastPaid", "linear", "positionBased", "timeDecay", "markov", "shapley"], models.Keys);
        Assert.All(models.Values, m => Assert.Equal(100000.01m, m.Sum()));
        Assert.Equal([100000.01m, 0, 0, 0], models["first"]);
        Assert.Equal([0, 0, 0, 100000.01m], models["last"]);
        Assert.Equal([0, 0, 100000.01m, 0], models["lastNonDirect"]);
        Assert.Equal([25000.01m, 25000m, 25000m, 25000m], models["linear"]);
        Assert.Equal([40000.01m, 10000m, 10000m, 40000m], models["positionBased"]);
        Assert.True(models["timeDecay"][3] > models["timeDecay"][0]);

        // What explains a figure is what the figure is made of.
        await api.CatchUpAsync(way.Project);
        var kept = await api.ScalarAsync<string>("""
            select jsonb_agg(to_jsonb(c.amounts) order by c.n)::text from deal_credits c join deal_facts f on f.project_id = c.project_id and f.deal_id = c.deal_id
            where c.project_id = @P and c.n >= 0 and f.amount = 10000001
            """, new { P = way.Project.ProjectId });
        using var rows = JsonDocument.Parse(kept!);
        var byTouch = rows.RootElement.EnumerateArray().Select(t => t.EnumerateArray().Select(a => a.GetInt64() / 100m).ToArray()).ToArray();
        Assert.Equal(4, byTouch.Length);
        foreach (var (m, model) in models.Values.Index()) Assert.Equal(model, byTouch.Select(t => t[m]));
    }

    [Fact]
    public async Task A_known_client_that_comes_back_by_itself_is_a_repeat_and_keeps_its_first_source()
    {
        var project = await api.CreateProjectAsync();
        var (client, connection) = (await api.ClientAsync(project), await api.ConnectionAsync(project));
        var lead = await api.LeadAsync(project, client, receivedAt: Start.AddDays(-300));
        await api.DealAsync(project, connection, 1, client, lead, state: "won", amount: 10, createdAt: Start.AddDays(-300));
        await api.DealAsync(project, connection, 2, client, state: "won", amount: 20.5m, createdAt: Start);
        await api.DealAsync(project, connection, 3, client, kind: "lead", amount: 7, createdAt: Start.AddDays(1));
        await api.DealAsync(project, connection, 4, client, amount: 7, createdAt: Start.AddDays(2), deleted: true);

        var deals = (await api.ReadAsync(project, $"/v1/clients/{client}/journey")).GetProperty("items").EnumerateArray().Where(i => i.Text("kind") == "deal").ToList();

        var repeat = deals[1].GetProperty("credit");
        Assert.Empty(repeat.GetProperty("path").EnumerateArray());
        Assert.All(repeat.GetProperty("models").EnumerateArray(), m => Assert.Equal((20.5m, 0m), (m.GetProperty("repeat").GetDecimal(), m.GetProperty("withoutTouches").GetDecimal())));
        Assert.Equal(("Яндекс.Директ", 20.5m), (repeat.GetProperty("clientFirst").GetProperty("touch").Text("source"), repeat.GetProperty("clientFirst").GetProperty("amount").GetDecimal()));
        Assert.All(deals[2..], d => Assert.Equal(JsonValueKind.Null, d.GetProperty("credit").ValueKind));
        Assert.Equal(JsonValueKind.String, deals[3].GetProperty("deal").GetProperty("deletedAt").ValueKind);
    }

    [Fact]
    public async Task A_deal_of_a_client_nobody_heard_of_has_no_source_and_none_is_made_up()
    {
        var project = await api.CreateProjectAsync();
        var client = await api.ClientAsync(project);
        await api.DealAsync(project, await api.ConnectionAsync(project), 1, client, amount: 300, createdAt: Start);
        // Came long after: it has not brought the deal.
        await api.LeadAsync(project, client, receivedAt: Start.AddDays(30));
        var credit = Assert.Single((await api.ReadAsync(project, $"/v1/clients/{client}/journey")).GetProperty("items").EnumerateArray(), i => i.Text("kind") == "deal").GetProperty("credit");
        Assert.Equal(JsonValueKind.Null, credit.GetProperty("clientFirst").ValueKind);
        Assert.All(credit.GetProperty("models").EnumerateArray(), m => Assert.Equal(300m, m.GetProperty("withoutTouches").GetDecimal()));
    }

    [Fact]
    public async Task A_projects_own_window_cuts_the_path_and_is_named()
    {
        var way = await WayAsync();
        await api.ExecuteAsync("""update projects set attribution = '{"dealWindowDays":15,"leaveOutDirect":true}' where project_id = @P""", new { P = way.Project.ProjectId });

        var deal = (await api.ReadAsync(way.Project, $"/v1/clients/{way.Client}/journey")).GetProperty("items").EnumerateArray().Last(i => i.Text("kind") == "deal").GetProperty("credit");

        Assert.Equal((15d, true), (deal.GetProperty("windowDays").GetDouble(), deal.GetProperty("leavesOutDirect").GetBoolean()));
        Assert.Equal(["lead", "visit"], deal.GetProperty("path").EnumerateArray().Select(s => s.Text("kind")));
        Assert.Equal(way.First, deal.GetProperty("clientFirst").GetProperty("touch").GetProperty("id").GetGuid());
        Assert.All(deal.GetProperty("models").EnumerateArray(), m => Assert.Equal([100000.01m, 0m], m.GetProperty("credits").EnumerateArray().Select(c => c.GetProperty("amount").GetDecimal())));
    }

    private sealed record Way(TestProject Project, Guid Client, Guid Merged, Guid First);

    private async Task<Way> WayAsync()
    {
        var project = await api.CreateProjectAsync();
        var client = await api.ClientAsync(project);
        var merged = await api.ClientAsync(project, mergedInto: client);
        var connection = await api.ConnectionAsync(project);
        var visitor = Guid.CreateVersion7();
        await api.IdentityAsync(project, merged, "visitor", visitor.ToString());
        await api.IdentityAsync(project, client, "crm_contact", $"{connection}/77");
        var visit = await VisitAsync(project, visitor, Start, "paid_search", "Яндекс.Директ");
        var first = await api.LeadAsync(project, merged, receivedAt: Start.AddSeconds(60));
        await api.ExecuteAsync("update leads set visit_id = @Visit::text where id = @First", new { Visit = visit, First = first });
        // By the CRM's clock three seconds before its own lead.
        await api.DealAsync(project, connection, 1, client, first, state: "won", amount: 500, createdAt: Start.AddSeconds(57));
        var call = await api.CallRowAsync(project, clientId: client);
        await api.ExecuteAsync("update calls set started_at = @At where id = @Call", new { At = Start.AddDays(10), Call = call });
        await api.ExecuteAsync("insert into crm_touches (project_id, connection_id, id, owner_kind, owner_id, at, kind, direction) values (@P, @Connection, 'n1', 'contact', 77, @At, 'call', 'out')",
            new { P = project.ProjectId, Connection = connection, At = Start.AddDays(11) });
        await api.LeadAsync(project, client, receivedAt: Start.AddDays(20), channel: "paid_social", source: "VK Реклама");
        await VisitAsync(project, visitor, Start.AddDays(29), "direct", "Прямой заход");
        await VisitAsync(project, visitor, Start.AddDays(29), "direct", "Робот", isBot: true);
        await api.DealAsync(project, connection, 2, merged, state: "won", amount: 100000.01m, createdAt: Start.AddDays(30));
        await api.LeadAsync(project, client, receivedAt: Start.AddDays(31), status: "spam");
        return new(project, client, merged, first);
    }

    private async Task<Guid> VisitAsync(TestProject project, Guid visitor, DateTimeOffset at, string channel, string source, bool isBot = false)
    {
        var id = Guid.CreateVersion7();
        await api.ExecuteAsync("""
            insert into visits (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, source, passport, is_bot) values (@P, @Id, @Site, @Visitor, @At, @At, @Channel, @Source, @Passport::jsonb, @IsBot)
            """, new { P = project.ProjectId, Id = id, Site = project.SiteId, Visitor = visitor, At = at, Channel = channel, Source = source, Rows.Passport, IsBot = isBot });
        return id;
    }

    private static List<string> Kinds(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(i => i.Text("kind")!)];
}
