using System.Net;
using LeadIngest.Api.Data;
using LeadIngest.Api.Tests.Ingest;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Junk;

/// <summary>A verdict can be taken back in both directions, once, whoever asks and how often.</summary>
public class ReversalTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private const string Why = "Marked as spam before it was sent.";

    [Fact]
    public async Task Fifty_who_release_one_lead_make_one_client_and_one_set_of_deliveries()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        await api.ConnectionAsync(project, "bitrix24", "okna.bitrix24.ru");
        var id = await SpamAsync(project, "+79031112233");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => api.PostAsync(project, $"/v1/leads/{id}/not-spam")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        var lead = await answers[0].JsonAsync();
        Assert.Equal(("new", id), (lead.Status(), lead.GetProperty("id").GetGuid()));
        Assert.Equal(["honeypot", "released_by_hand"], lead.GetProperty("reasons").Strings());
        Assert.Equal(["pending", "pending"], lead.GetProperty("deliveries").EnumerateArray().Select(d => d.Text("state")));
        Assert.Equal((1, 1, 2), await CountsAsync(project));
        Assert.Equal(1, await api.ScalarAsync<int>("select lead_count from clients where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task Two_nodes_release_and_mark_as_one_and_hear_of_each_others_stop_list()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var second = LeadIngestApp.Build(["--urls=http://127.0.0.1:0", "--environment=Testing", "--Logging:LogLevel:Default=Warning", "--Delivery:Enabled=false"], api.Db);
        await second.StartAsync();
        try
        {
            using var other = new HttpClient { BaseAddress = new Uri(second.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
            other.DefaultRequestHeaders.Authorization = new("Bearer", project.ApiKey);
            for (var round = 0; round < 5; round++)
            {
                var id = await SpamAsync(project, "+79031112233", $"form {round}");
                var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => i % 2 == 0
                    ? api.PostAsync(project, $"/v1/leads/{id}/not-spam") : other.PostAsync($"/v1/leads/{id}/not-spam", null)));
                Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
                Assert.Equal(1, await api.CountAsync("select count(*) from deliveries where project_id = @P and lead_id = @id and state = 'pending'", new { P = project.ProjectId, id }));
            }
            Assert.Equal((5, 1, 5), await CountsAsync(project));
            var first = (await api.ReadAsync(project, "/v1/leads")).Ids()[^1];
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 40).Select(i => i % 2 == 0
                ? api.PostAsync(project, $"/v1/leads/{first}/spam") : other.PostAsync($"/v1/leads/{first}/spam", null))), a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
            Assert.Equal(4, await api.ScalarAsync<int>("select lead_count from clients where project_id = @ProjectId", new { project.ProjectId }));

            await (await api.PostAsync(project, "/v1/stop-list", new { entries = new[] { new { kind = "phone", value = "+79031112233" } } })).JsonAsync();
            await Posts.UntilAsync(async () =>
            {
                var id = await (await other.SendAsync(project.Leads(), Posts.Content("""{"phone":"+79031112233"}"""))).LeadIdAsync();
                return (await api.ReadAsync(project, $"/v1/leads/{id}")).Status() == "spam";
            }, "the other node knows the list");
        }
        finally
        {
            await second.StopAsync();
            await second.Services.GetRequiredService<Database>().DisposeAsync();
            await second.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_released_lead_joins_the_client_that_has_come_since()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var spam = await SpamAsync(project, "+79031112233", "other form");
        var known = await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, new { phone = "+79031112233" })}");
        var released = await (await api.PostAsync(project, $"/v1/leads/{spam}/not-spam")).JsonAsync();
        Assert.Equal(("new", "repeat"), (known.Status(), released.Status()));
        Assert.Equal(known.ClientId(), released.ClientId());
        // The next lead of the same client sees both, though the release was of an older lead.
        Assert.Equal("duplicate", (await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, new { phone = "+79031112233" })}")).Status());
        Assert.Equal(3, await api.ScalarAsync<int>("select lead_count from clients where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task Releases_among_new_leads_of_the_same_people_leave_one_client_each()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var spam = new List<Guid>();
        for (var i = 0; i < 20; i++) spam.Add(await SpamAsync(project, $"+790311122{i:00}"));
        var releases = spam.SelectMany(id => Enumerable.Range(0, 3).Select(_ => api.PostAsync(project, $"/v1/leads/{id}/not-spam")));
        var posts = Enumerable.Range(0, 20).Select(i => api.LeadPostAsync(project, new { phone = $"+790311122{i:00}" }));
        foreach (var answer in await Task.WhenAll(releases.Concat(posts))) Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal((40, 20, 40), await CountsAsync(project));
        Assert.Equal(0, await api.CountAsync("select count(*) from clients where project_id = @ProjectId and lead_count <> 2", new { project.ProjectId }));
    }

    [Fact]
    public async Task A_lead_without_a_readable_contact_is_released_too()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var id = await (await api.Client.SendAsync(project.Forms(), new FormUrlEncodedContent([new("name", "Анна"), new("_gotcha", "x")]))).LeadIdAsync();
        Assert.Equal("new", (await (await api.PostAsync(project, $"/v1/leads/{id}/not-spam")).JsonAsync()).Status());
        Assert.Equal((1, 1, 1), await CountsAsync(project));
    }

    [Fact]
    public async Task Marking_calls_off_what_was_not_sent_and_leaves_what_was()
    {
        var project = await api.OpenAsync();
        var (sent, waiting) = (await api.ConnectionAsync(project), await api.ConnectionAsync(project, "bitrix24", "okna.bitrix24.ru"));
        var id = await api.AcceptedAsync(project, new { phone = "+79031112233" });
        await api.ExecuteAsync("update deliveries set state = 'delivered', sent_at = clock_timestamp(), delivered_at = clock_timestamp(), remote_lead_id = '7' where project_id = @P and connection_id = @sent",
            new { P = project.ProjectId, sent });
        var lead = await MarkAsync(project, id);
        Assert.Equal("spam", lead.Status());
        Assert.Null(lead.Text("clientId"));
        Assert.Equal(["marked_by_hand"], lead.GetProperty("reasons").Strings());
        Assert.Equal(["sent_before_spam"], lead.GetProperty("warnings").Strings());
        Assert.Equal([("delivered", null), ("dead", Why)], lead.GetProperty("deliveries").EnumerateArray().OrderBy(d => d.GetProperty("connectionId").GetGuid() == waiting).Select(d => (d.Text("state")!, d.Text("lastError"))));
        Assert.Equal(0, await api.ScalarAsync<int>("select lead_count from clients where project_id = @ProjectId", new { project.ProjectId }));
        // Nothing brings it back but its release.
        await (await api.PostAsync(project, $"/v1/leads/{id}/redeliver")).ProblemAsync(409);

        var again = await MarkAsync(project, id);
        Assert.Equal(lead.ToString(), again.ToString());
        var released = await (await api.PostAsync(project, $"/v1/leads/{id}/not-spam")).JsonAsync();
        Assert.Equal("new", released.Status());
        Assert.Equal(["delivered", "pending"], released.GetProperty("deliveries").EnumerateArray().Select(d => d.Text("state")!).Order());
        Assert.Equal((1, 1, 2), await CountsAsync(project));
    }

    [Fact]
    public async Task A_client_known_by_a_spam_lead_alone_is_gone_and_comes_back_with_it()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var id = await api.AcceptedAsync(project, new { phone = "+79031112233" });
        await MarkAsync(project, id);
        Assert.Equal((1, 0, 1), await CountsAsync(project));
        Assert.Equal(0, await api.CountAsync("select count(*) from identities where project_id = @ProjectId", new { project.ProjectId }));
        Assert.Equal("new", (await (await api.PostAsync(project, $"/v1/leads/{id}/not-spam")).JsonAsync()).Status());
        Assert.Equal((1, 1, 1), await CountsAsync(project));
    }

    [Fact]
    public async Task The_first_duplicate_takes_the_place_of_a_lead_marked_as_spam()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var leads = new List<Guid>();
        for (var i = 0; i < 3; i++) leads.Add(await api.AcceptedAsync(project, new { phone = "+79031112233" }));
        // As the queue leaves them: notes wait for the deal.
        await api.ExecuteAsync("""
            update deliveries set waits_for = (select id from deliveries where project_id = @P and lead_id = @Lead), next_attempt_at = clock_timestamp() + interval '1 hour'
            where project_id = @P and lead_id <> @Lead
            """, new { P = project.ProjectId, Lead = leads[0] });
        await MarkAsync(project, leads[0]);
        var (heir, other) = (await api.ReadAsync(project, $"/v1/leads/{leads[1]}"), await api.ReadAsync(project, $"/v1/leads/{leads[2]}"));
        Assert.Equal(("new", null), (heir.Status(), heir.Text("duplicateOf")));
        Assert.Equal(("duplicate", leads[1].ToString()), (other.Status(), other.Text("duplicateOf")));
        Assert.Equal("deal", await api.ScalarAsync<string>("select kind from deliveries where project_id = @P and lead_id = @Lead", new { P = project.ProjectId, Lead = leads[1] }));
        Assert.Equal(2, await api.CountAsync("select count(*) from deliveries where project_id = @ProjectId and state = 'pending' and waits_for is null and next_attempt_at <= clock_timestamp()", new { project.ProjectId }));
        Assert.Equal(2, await api.ScalarAsync<int>("select lead_count from clients where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task Callers_who_mark_and_release_at_once_leave_one_true_state()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var id = await api.AcceptedAsync(project, new { phone = "+79031112233" });
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => api.PostAsync(project, $"/v1/leads/{id}/{(i % 2 == 0 ? "spam" : "not-spam")}")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        var lead = await (await api.PostAsync(project, $"/v1/leads/{id}/not-spam")).JsonAsync();
        Assert.Equal("new", lead.Status());
        Assert.Equal((1, 1, 1), await CountsAsync(project));
        Assert.Equal(("pending", 1), (lead.GetProperty("deliveries")[0].Text("state"), await api.ScalarAsync<int>("select lead_count from clients where project_id = @ProjectId", new { project.ProjectId })));
    }

    [Fact]
    public async Task What_is_marked_can_go_onto_the_stop_list_in_the_same_call()
    {
        var project = await api.OpenAsync();
        var id = await api.AcceptedAsync(project, new { phone = "+79031112233" });
        var problem = await (await api.PostAsync(project, $"/v1/leads/{id}/spam", new { stopList = new[] { "phone", "email" } })).ProblemAsync(400);
        Assert.Equal("stopList[1]", problem.GetProperty("errors").EnumerateObject().Single().Name);
        await (await api.PostAsync(project, $"/v1/leads/{id}/spam", new { stopList = new[] { "domain" } })).ProblemAsync(400);
        Assert.Equal("new", (await api.ReadAsync(project, $"/v1/leads/{id}")).Status());

        await (await api.PostAsync(project, $"/v1/leads/{id}/spam", new { stopList = new[] { "phone", "ip" } })).JsonAsync();
        Assert.Equal(["127.0.0.1", "+79031112233"], (await api.ReadAsync(project, "/v1/stop-list")).GetProperty("items").EnumerateArray().Select(e => e.Text("value")).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal("spam", (await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, new { phone = "+79031112233" })}")).Status());
    }

    [Fact]
    public async Task A_trial_is_released_like_spam()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var id = await api.LeadAsync(project, status: "test");
        Assert.Equal("new", (await (await api.PostAsync(project, $"/v1/leads/{id}/not-spam")).JsonAsync()).Status());
        Assert.Equal((1, 1, 1), await CountsAsync(project));
    }

    private async Task<Guid> SpamAsync(TestProject project, string phone, string? form = null) =>
        await (await api.Client.SendAsync(project.Forms(), new FormUrlEncodedContent([new("name", "Анна"), new("phone", phone), new("_gotcha", "x"), new("form_id", form ?? "")]))).LeadIdAsync();

    private async Task<System.Text.Json.JsonElement> MarkAsync(TestProject project, Guid id) => await (await api.PostAsync(project, $"/v1/leads/{id}/spam")).JsonAsync();

    private async Task<(long Leads, long Clients, long Deliveries)> CountsAsync(TestProject project)
    {
        var project_id = new { P = project.ProjectId };
        return (await api.LeadCountAsync(project), await api.CountAsync("select count(*) from clients where project_id = @P", project_id),
            await api.CountAsync("select count(*) from deliveries where project_id = @P", project_id));
    }
}
