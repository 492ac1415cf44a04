using System.Text.Json;
using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Walls;

/// <summary>A manager sees the leads, clients, calls and deals that are his own, on every route that shows or changes one, and everything else as if it were not there.</summary>
public class OwnRowsTests(ManagersFixture api) : IClassFixture<ManagersFixture>
{
    /// <summary>Two managers of one connection, each with his own, and rows that are nobody's.</summary>
    private sealed record Sales(TestProject Project, Guid Connection, Side Anna, Side Boris, Guid Shared, Guid Nobodys, Guid NobodysClient, Guid NobodysCall);

    // Manager: as the caller's CRM users. Lead: became Deal. Noted: a later lead of the same client, in the card of that deal. ByCard: a lead whose deal (CardDeal) does not name it; its delivery
    // does. Client: of the first two. Merged: into the client. ByLead: a client without a deal of its own, of the lead by card.
    private sealed record Side(string Manager, Guid Deal, Guid CardDeal, Guid SharedDeal, Guid Lead, Guid Noted, Guid ByCard, Guid SharedLead, Guid Client, Guid Merged, Guid ByLead, Guid Call, Guid LeadsCall)
    {
        public Guid[] Leads => [Lead, Noted, ByCard, SharedLead];

        public Guid[] Deals => [Deal, CardDeal, SharedDeal];
    }

    private async Task<Sales> SalesAsync()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var shared = await api.ClientAsync(project, "Общий");
        var anna = await SideAsync(project, connection, "31", 100, shared);
        var boris = await SideAsync(project, connection, "32", 200, shared);
        // Of a user whose id is Anna's, in another CRM; of a deal of hers that was deleted; of nobody.
        var elsewhere = await api.ConnectionAsync(project, "bitrix24", "okna.bitrix24.ru");
        await api.DealAsync(project, elsewhere, 100, await api.ClientAsync(project), await api.LeadAsync(project), responsible: "31");
        await api.DealAsync(project, connection, 900, await api.ClientAsync(project), await api.LeadAsync(project), responsible: "31", deleted: true);
        var nobodysClient = await api.ClientAsync(project, "Ничей");
        var nobodys = await api.LeadAsync(project, nobodysClient);
        await api.DealAsync(project, connection, 901, nobodysClient, nobodys, responsible: null);
        // A number of Bitrix24 that is also one of Anna's there does not make its lead hers.
        await CardAsync(project, await api.LeadAsync(project), elsewhere, "100", "deal", nobodysClient);
        return new(project, connection, anna, boris, shared, nobodys, nobodysClient, await api.CallRowAsync(project, nobodys, nobodysClient));
    }

    private async Task<Side> SideAsync(TestProject project, Guid connection, string user, long number, Guid shared)
    {
        var client = await api.ClientAsync(project, "Клиент " + user, phone: "+7916000" + user + "11");
        var merged = await api.ClientAsync(project, mergedInto: client);
        var byLead = await api.ClientAsync(project, "По лиду " + user);
        var (lead, noted, byCard, sharedLead) = (await api.LeadAsync(project, client), await api.LeadAsync(project, client, "repeat"), await api.LeadAsync(project, byLead), await api.LeadAsync(project, shared));
        var deal = await api.DealAsync(project, connection, number, merged, lead, responsible: user, state: "won", amount: number);
        var cardDeal = await api.DealAsync(project, connection, number + 1, null, null, responsible: user);
        var sharedDeal = await api.DealAsync(project, connection, number + 2, shared, sharedLead, responsible: user, state: "won", amount: number + 2);
        await CardAsync(project, lead, connection, number.ToString(), "deal", client);
        await CardAsync(project, noted, connection, number.ToString(), "note", client);
        await CardAsync(project, byCard, connection, (number + 1).ToString(), "deal", byLead);
        var call = await api.CallRowAsync(project, clientId: merged);
        var leadsCall = await api.CallRowAsync(project, byCard);
        await api.ExecuteAsync("update leads set call_id = @C where project_id = @P and id = @L", new { C = leadsCall, P = project.ProjectId, L = byCard });
        return new($"{connection}/{user}", deal, cardDeal, sharedDeal, lead, noted, byCard, sharedLead, client, merged, byLead, call, leadsCall);
    }

    private async Task CardAsync(TestProject project, Guid lead, Guid connection, string remote, string kind, Guid client)
    {
        var delivery = await api.DeliveryAsync(project, lead, connection, "dead", clientId: client);
        await api.ExecuteAsync("update deliveries set remote_lead_id = @Remote, kind = @Kind where project_id = @P and id = @Id", new { Remote = remote, Kind = kind, P = project.ProjectId, Id = delivery });
    }

    [Fact]
    public async Task Lists_hold_what_is_ones_own_and_no_more()
    {
        var sales = await SalesAsync();
        foreach (var side in new[] { sales.Anna, sales.Boris })
        {
            Assert.Equal(side.Leads.Order(), await IdsAsync(sales, side.Manager, "/v1/leads"));
            Assert.Equal(side.Deals.Order(), await IdsAsync(sales, side.Manager, "/v1/deals"));
            Assert.Equal(new[] { side.Client, side.ByLead, sales.Shared }.Order(), await IdsAsync(sales, side.Manager, "/v1/clients"));
            Assert.Equal(new[] { side.Call, side.LeadsCall }.Order(), await IdsAsync(sales, side.Manager, "/v1/calls"));
        }
        // A manager of both sees both, once; the owner everything; a manager of nobody, or of a user that the CRM does not have, nothing.
        Assert.Equal(sales.Anna.Leads.Concat(sales.Boris.Leads).Order(), await IdsAsync(sales, sales.Anna.Manager + "," + sales.Boris.Manager, "/v1/leads"));
        foreach (var (path, all) in new[] { ("/v1/leads", 12), ("/v1/deals", 8), ("/v1/clients", 8), ("/v1/calls", 5) })
        {
            Assert.Equal(all, (await IdsAsync(sales, null, path)).Length);
            Assert.Empty(await IdsAsync(sales, "", path));
            Assert.Empty(await IdsAsync(sales, $"{sales.Connection}/33", path));
        }
    }

    [Fact]
    public async Task Filters_and_pages_narrow_what_is_own()
    {
        var sales = await SalesAsync();
        Assert.Equal([sales.Anna.Noted], await IdsAsync(sales, sales.Anna.Manager, "/v1/leads?status=repeat"));
        Assert.Equal([sales.Anna.SharedLead], await IdsAsync(sales, sales.Anna.Manager, $"/v1/leads?clientId={sales.Shared}"));
        Assert.Empty(await IdsAsync(sales, sales.Anna.Manager, $"/v1/leads?clientId={sales.Boris.Client}"));
        Assert.Empty(await IdsAsync(sales, sales.Anna.Manager, "/v1/clients?phone=%2B79160003211"));
        Assert.Equal([sales.Anna.Client], await IdsAsync(sales, sales.Anna.Manager, "/v1/clients?phone=%2B79160003111"));
        Assert.Equal(new[] { sales.Anna.Client }, await IdsAsync(sales, sales.Anna.Manager, "/v1/clients?q=" + Uri.EscapeDataString("Клиент")));
        Assert.Equal([sales.Anna.Call], await IdsAsync(sales, sales.Anna.Manager, $"/v1/calls?clientId={sales.Anna.Client}"));
        Assert.Empty(await IdsAsync(sales, sales.Anna.Manager, "/v1/deals?responsible=32"));
        Assert.Empty(await IdsAsync(sales, sales.Anna.Manager, "/v1/deals?deleted=true"));
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await ReadAsync(sales, sales.Anna.Manager, $"/v1/leads?limit=1&cursor={cursor}");
            seen.AddRange(page.Ids());
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        Assert.Equal(sales.Anna.Leads.OrderDescending(), seen);
    }

    [Fact]
    public async Task One_of_somebody_elses_is_not_found_like_one_that_is_not_there()
    {
        var sales = await SalesAsync();
        var suggestion = await SuggestAsync(sales, sales.Anna.Client, sales.Boris.Client);
        var merge = await MergedAsync(sales, sales.Boris);
        var (lead, client, deal, call) = (sales.Boris.Lead, sales.Boris.Client, sales.Boris.Deal, sales.Boris.Call);
        var routes = new (HttpMethod Method, string Path, Guid Foreign, string? Body)[]
        {
            (HttpMethod.Get, "/v1/leads/{0}", lead, null),
            (HttpMethod.Get, "/v1/leads/{0}", sales.Boris.Noted, null),
            (HttpMethod.Get, "/v1/leads/{0}", sales.Boris.ByCard, null),
            (HttpMethod.Get, "/v1/leads/{0}", sales.Nobodys, null),
            (HttpMethod.Post, "/v1/leads/{0}/redeliver", lead, null),
            (HttpMethod.Post, "/v1/leads/{0}/spam", lead, """{"stopList":["phone"]}"""),
            (HttpMethod.Post, "/v1/leads/{0}/not-spam", lead, null),
            (HttpMethod.Get, "/v1/clients/{0}", client, null),
            (HttpMethod.Get, "/v1/clients/{0}", sales.Boris.Merged, null),
            (HttpMethod.Get, "/v1/clients/{0}", sales.NobodysClient, null),
            (HttpMethod.Get, "/v1/clients/{0}/journey", client, null),
            (HttpMethod.Post, "/v1/clients/{0}/merge", client, $$"""{"otherId":"{{sales.Anna.Client}}"}"""),
            (HttpMethod.Post, "/v1/clients/merges/{0}/undo", merge, null),
            (HttpMethod.Post, "/v1/clients/suggestions/{0}/dismiss", suggestion, null),
            (HttpMethod.Get, "/v1/deals/{0}", deal, null),
            (HttpMethod.Get, "/v1/calls/{0}", call, null),
            (HttpMethod.Get, "/v1/calls/{0}", sales.Boris.LeadsCall, null),
            (HttpMethod.Get, "/v1/calls/{0}", sales.NobodysCall, null),
        };
        var before = await SnapshotAsync(sales);
        foreach (var manager in new[] { sales.Anna.Manager, "" })
            foreach (var (method, path, foreign, body) in routes)
            {
                var seen = await AnswerAsync(sales, manager, method, string.Format(null, path, foreign), body);
                var missing = await AnswerAsync(sales, manager, method, string.Format(null, path, Guid.CreateVersion7()), body);
                Assert.True(seen.Status == 404, $"{method} {path}: {seen}");
                Assert.Equal(missing, seen);
            }
        // The own client may not be merged with one that is not: the answer would show it.
        Assert.Equal(404, (await AnswerAsync(sales, sales.Anna.Manager, HttpMethod.Post, $"/v1/clients/{sales.Anna.Client}/merge", $$"""{"otherId":"{{client}}"}""")).Status);
        Assert.Equal(before, await SnapshotAsync(sales));
    }

    [Fact]
    public async Task Ones_own_can_be_seen_and_worked_with_like_the_owner_does()
    {
        var sales = await SalesAsync();
        foreach (var who in new[] { sales.Anna.Manager, null })
        {
            foreach (var lead in sales.Anna.Leads) Assert.Equal(lead, (await ReadAsync(sales, who, $"/v1/leads/{lead}")).GetProperty("id").GetGuid());
            foreach (var deal in sales.Anna.Deals) Assert.Equal(deal, (await ReadAsync(sales, who, $"/v1/deals/{deal}")).GetProperty("deal").GetProperty("id").GetGuid());
            foreach (var client in new[] { sales.Anna.Client, sales.Anna.Merged }) Assert.Equal(sales.Anna.Client, (await ReadAsync(sales, who, $"/v1/clients/{client}")).GetProperty("id").GetGuid());
            foreach (var call in new[] { sales.Anna.Call, sales.Anna.LeadsCall }) Assert.Equal(call, (await ReadAsync(sales, who, $"/v1/calls/{call}")).GetProperty("call").GetProperty("id").GetGuid());
        }
        Assert.Equal(202, (await AnswerAsync(sales, sales.Anna.Manager, HttpMethod.Post, $"/v1/leads/{sales.Anna.Lead}/redeliver")).Status);
        Assert.Equal(200, (await AnswerAsync(sales, sales.Anna.Manager, HttpMethod.Post, $"/v1/leads/{sales.Anna.ByCard}/spam")).Status);
        Assert.Equal(200, (await AnswerAsync(sales, sales.Anna.Manager, HttpMethod.Post, $"/v1/leads/{sales.Anna.ByCard}/not-spam")).Status);
        var merge = await (await api.AsAsync(sales.Project, sales.Anna.Manager, HttpMethod.Post, $"/v1/clients/{sales.Anna.Client}/merge", $$"""{"otherId":"{{sales.Shared}}"}""")).JsonAsync();
        Assert.Equal(200, (await AnswerAsync(sales, sales.Anna.Manager, HttpMethod.Post, $"/v1/clients/merges/{merge.GetProperty("mergeId").GetGuid()}/undo")).Status);
    }

    [Fact]
    public async Task Of_a_client_of_several_managers_each_sees_the_own_leads_and_deals()
    {
        var sales = await SalesAsync();
        var client = await ReadAsync(sales, sales.Anna.Manager, $"/v1/clients/{sales.Shared}");
        Assert.Equal([sales.Anna.SharedLead], client.GetProperty("leads").EnumerateArray().Select(l => l.GetProperty("id").GetGuid()));
        Assert.Equal([sales.Anna.SharedDeal], client.GetProperty("deals").EnumerateArray().Select(l => l.GetProperty("id").GetGuid()));
        Assert.Equal([102m], client.GetProperty("won").EnumerateArray().Select(w => w.GetProperty("amount").GetDecimal()));
        var journey = await ReadAsync(sales, sales.Anna.Manager, $"/v1/clients/{sales.Shared}/journey");
        Assert.Equal(new[] { sales.Anna.SharedLead, sales.Anna.SharedDeal }.Order(), journey.Ids().Order());

        var whole = await ReadAsync(sales, null, $"/v1/clients/{sales.Shared}");
        Assert.Equal((2, 2, 304m), (whole.GetProperty("leads").GetArrayLength(), whole.GetProperty("deals").GetArrayLength(), whole.GetProperty("won")[0].GetProperty("amount").GetDecimal()));
        Assert.Equal(4, (await ReadAsync(sales, null, $"/v1/clients/{sales.Shared}/journey")).Ids().Length);
    }

    [Fact]
    public async Task A_suggested_merge_is_shown_to_whom_both_clients_belong()
    {
        var sales = await SalesAsync();
        var (own, mixed) = (await SuggestAsync(sales, sales.Anna.Client, sales.Anna.ByLead), await SuggestAsync(sales, sales.Anna.Client, sales.Boris.Client));
        Assert.Equal([own], await IdsAsync(sales, sales.Anna.Manager, "/v1/clients/suggestions"));
        Assert.Empty(await IdsAsync(sales, sales.Boris.Manager, "/v1/clients/suggestions"));
        Assert.Equal(new[] { own, mixed }.Order(), await IdsAsync(sales, null, "/v1/clients/suggestions"));
        Assert.Equal(204, (await AnswerAsync(sales, sales.Anna.Manager, HttpMethod.Post, $"/v1/clients/suggestions/{own}/dismiss")).Status);
    }

    [Theory]
    [InlineData("noContact&days=1")]
    [InlineData("openDealNoTask&days=1")]
    [InlineData("stoppedBuying&days=1&minLtv=1")]
    public async Task Forgotten_clients_are_counted_and_listed_among_ones_own_and_managers_get_no_file(string kind)
    {
        var sales = await SalesAsync();
        await api.ExecuteAsync("""
            update deals set created_at = now() - interval '100 days', closed_at = case when state = 'won' then now() - interval '99 days' end where project_id = @P and deleted_at is null;
            update deals set client_id = case responsible_id when '31' then @Anna else @Boris end where project_id = @P and remote_id in (101, 201) and connection_id = @C;
            update stage_changes set at = now() - interval '99 days' where project_id = @P;
            update leads set received_at = now() - interval '100 days' where project_id = @P;
            update clients set last_lead_at = now() - interval '100 days' where project_id = @P;
            update calls set started_at = now() - interval '100 days', first_seen_at = now() - interval '100 days' where project_id = @P
            """, new { P = sales.Project.ProjectId, Anna = sales.Anna.Client, Boris = sales.Boris.Client, C = sales.Connection });
        await api.CatchUpAsync(sales.Project);
        async Task<Guid[]> ForgottenAsync(string? who)
        {
            var report = await ReadAsync(sales, who, "/v1/reports/forgotten?kind=" + kind);
            var items = report.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("clientId").GetGuid()).ToArray();
            Assert.Equal(items.Length, report.GetProperty("clients").GetInt64());
            var answer = await api.AsAsync(sales.Project, who, HttpMethod.Get, $"/v1/reports/forgotten?format=csv&kind={kind}");
            if (who is not null)
            {
                await answer.ProblemAsync(403);
                return items;
            }
            var file = await answer.Content.ReadAsStringAsync();
            foreach (var client in new[] { sales.Anna.Client, sales.Boris.Client, sales.Shared, sales.NobodysClient }) Assert.Equal(items.Contains(client), file.Contains(client.ToString(), StringComparison.Ordinal));
            return items;
        }
        var (all, anna, boris) = (await ForgottenAsync(null), await ForgottenAsync(sales.Anna.Manager), await ForgottenAsync(sales.Boris.Manager));
        Assert.Contains(sales.Anna.Client, anna);
        Assert.Contains(sales.Boris.Client, boris);
        Assert.Equal(all.Where(c => c == sales.Anna.Client || c == sales.Shared).Order(), anna.Order());
        Assert.Equal(all.Where(c => c == sales.Boris.Client || c == sales.Shared).Order(), boris.Order());
        Assert.Empty(await ForgottenAsync(""));
    }

    private async Task<Guid> SuggestAsync(Sales sales, Guid one, Guid other)
    {
        var id = Guid.CreateVersion7();
        await api.ExecuteAsync("insert into merge_suggestions (project_id, id, client_a, client_b, reason) values (@P, @Id, @One, @Other, 'one e-mail')", new { P = sales.Project.ProjectId, Id = id, One = one, Other = other });
        return id;
    }

    private async Task<Guid> MergedAsync(Sales sales, Side side)
    {
        var id = Guid.CreateVersion7();
        await api.ExecuteAsync("insert into client_merges (project_id, id, kept_id, merged_id, reason) values (@P, @Id, @Kept, @Merged, 'manual')", new { P = sales.Project.ProjectId, Id = id, Kept = side.Client, side.Merged });
        return id;
    }

    private async Task<JsonElement> ReadAsync(Sales sales, string? who, string path) => await (await api.AsAsync(sales.Project, who, HttpMethod.Get, path)).JsonAsync();

    private async Task<Guid[]> IdsAsync(Sales sales, string? who, string path) => [.. (await ReadAsync(sales, who, path)).Ids().Order()];

    private async Task<(int Status, string Body)> AnswerAsync(Sales sales, string? who, HttpMethod method, string path, string? body = null)
    {
        var answer = await api.AsAsync(sales.Project, who, method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? "" : string.Join('\n', JsonSerializer.Deserialize<JsonElement>(text).EnumerateObject().Where(p => p.Name != "traceId")));
    }

    private async Task<string> SnapshotAsync(Sales sales)
    {
        var rows = new List<string?>();
        foreach (var table in new[] { "leads", "clients", "client_merges", "merge_suggestions", "deliveries", "stop_list" })
            rows.Add(await api.ScalarAsync<string>($"select string_agg(t::text, '; ' order by t::text) from {table} t where project_id = @P", new { P = sales.Project.ProjectId }));
        return string.Join('\n', rows);
    }
}
