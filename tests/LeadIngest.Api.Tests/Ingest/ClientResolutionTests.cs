using System.Text.Json;
using LeadIngest.Api.Data;
using LeadIngest.Api.Ingest;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Ingest;

public class ClientResolutionTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private static readonly string[] Spellings =
    [
        "+7 916 123-45-67", "8 (916) 123-45-67", "79161234567", "9161234567", "+7(916)1234567", "8-916-123-45-67", "8916 123 4567", "8.916.123.45.67",
        "+7 (916) 123 45 67 доб. 12", "тел. 8 916 1234567",
    ];

    [Fact]
    public async Task Two_hundred_leads_at_once_with_one_phone_in_ten_spellings_are_one_client()
    {
        var project = await api.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => api.AcceptedAsync(project, new { phone = Spellings[i % 10], formId = $"form {i % 4}" })));
        await OneClientAsync(project, answers, 4);
    }

    [Fact]
    public async Task Two_nodes_that_meet_one_phone_at_once_still_make_one_client_and_one_new_lead()
    {
        var project = await api.OpenAsync();
        var second = LeadIngestApp.Build(["--urls=http://127.0.0.1:0", "--environment=Testing", "--Logging:LogLevel:Default=Warning", "--Delivery:Enabled=false"], api.Db);
        await second.StartAsync();
        try
        {
            using var other = new HttpClient { BaseAddress = new Uri(second.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
            var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => SentAsync(i % 2 == 0 ? api.Client : other, project,
                $$"""{"phone":"{{Spellings[i % 10]}}","formId":"form {{i % 4}}"}""")));
            await OneClientAsync(project, answers, 4);
        }
        finally
        {
            await second.StopAsync();
            await second.Services.GetRequiredService<Database>().DisposeAsync();
            await second.DisposeAsync();
        }
    }

    /// <summary>As a careful sender: come again when told to, with the same key.</summary>
    private static async Task<Guid> SentAsync(HttpClient client, TestProject project, string body)
    {
        var key = Guid.CreateVersion7().ToString();
        while (true)
        {
            var answer = await client.SendAsync(project.Leads(), Posts.Content(body), ("Idempotency-Key", key));
            if ((int)answer.StatusCode != 503) return await answer.LeadIdAsync();
            await Task.Delay(50);
        }
    }

    private async Task OneClientAsync(TestProject project, Guid[] answers, int forms)
    {
        var leads = await api.AllLeadsAsync(project);
        Assert.Equal(answers.Order(), leads.Keys.Order());
        var client = Assert.Single(leads.Values.Select(l => l.ClientId()).Distinct());
        Assert.Equal(1, leads.Values.Count(l => l.Status() == "new"));
        Assert.Equal(forms - 1, leads.Values.Count(l => l.Status() == "repeat"));
        foreach (var lead in leads.Values.Where(l => l.Status() == "duplicate"))
        {
            var original = leads[lead.GetProperty("duplicateOf").GetGuid()];
            Assert.Equal(lead.Text("formId"), original.Text("formId"));
            Assert.NotEqual("duplicate", original.Status());
        }
        Assert.Equal(1, await api.CountAsync("select count(*) from clients where project_id = @ProjectId and id = @client and lead_count = @leads",
            new { project.ProjectId, client, leads = leads.Count }));
        Assert.Equal(1, await api.CountAsync("select count(*) from clients where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task The_second_third_and_tenth_lead_of_a_client_are_stored()
    {
        // Every lead of a known client failed: the check of its version compared with PL/pgSQL's own "found".
        var project = await api.OpenAsync();
        for (var i = 0; i < 10; i++) await api.AcceptedAsync(project, new { phone = "+79161234567", formId = $"form {i}" });
        Assert.Equal(1, await api.CountAsync("select count(*) from clients where project_id = @ProjectId and lead_count = 10 and version = 9", new { project.ProjectId }));
    }

    [Fact]
    public async Task An_e_mail_a_messenger_and_a_browser_each_link_a_lead_to_its_client()
    {
        var project = await api.OpenAsync();
        var ids = new List<Guid>
        {
            await api.AcceptedAsync(project, new { phone = "+79161234567", email = "olga@mail.ru", formId = "1" }),
            await api.AcceptedAsync(project, new { email = "OLGA@mail.ru", contact = "@olga_k", formId = "2" }),
            await api.AcceptedAsync(project, new { contact = "https://t.me/Olga_K", visitorId = "v-17", formId = "3" }),
            await api.AcceptedAsync(project, new { phone = "после шести", visitorId = "v-17", formId = "4" }),
            await api.AcceptedAsync(project, new { email = "8 (916) 123-45-67", formId = "5" }), // in the wrong field
        };
        var leads = await api.AllLeadsAsync(project);
        Assert.Single(leads.Values.Select(l => l.ClientId()).Distinct());
        Assert.Equal(["new", "repeat", "repeat", "repeat", "repeat"], ids.Select(id => leads[id].Status()));
    }

    [Fact]
    public async Task Clients_that_one_lead_shows_to_be_one_are_merged_and_keep_their_leads()
    {
        var project = await api.OpenAsync();
        var a = await api.AcceptedAsync(project, new { phone = "+79161234567", formId = "1" });
        var b = await api.AcceptedAsync(project, new { email = "olga@mail.ru", formId = "2" });
        var both = await api.AcceptedAsync(project, new { phone = "+79161234567", email = "olga@mail.ru", formId = "3" });
        var leads = await api.AllLeadsAsync(project);
        Assert.Equal(["new", "new", "repeat"], new[] { a, b, both }.Select(id => leads[id].Status()));
        var kept = Assert.Single(leads.Values.Select(l => l.ClientId()).Distinct());
        // The phone is the stronger: its client stays.
        Assert.Equal(1, await api.CountAsync("""
            select count(*) from client_merges m join clients k on k.project_id = m.project_id and k.id = m.kept_id and k.merged_into is null
                join clients g on g.project_id = m.project_id and g.id = m.merged_id and g.merged_into = m.kept_id
            where m.project_id = @ProjectId and m.kept_id = @kept and m.lead_id = @both
                and k.id = (select client_id from identities where project_id = m.project_id and kind = 'phone')
            """, new { project.ProjectId, kept, both }));
        // Each of the three once: the merged client's own is not counted with both.
        Assert.Equal(3, (await api.ReadAsync(project, $"/v1/clients/{kept}")).GetProperty("leadCount").GetInt32());
        // The e-mail alone leads to the client that was kept.
        var later = await api.AcceptedAsync(project, new { email = "olga@mail.ru", formId = "4" });
        Assert.Equal(kept, (await api.ReadAsync(project, $"/v1/leads/{later}")).ClientId());
    }

    [Fact]
    public async Task A_client_whose_only_leads_are_those_of_a_merged_one_is_known()
    {
        var project = await api.OpenAsync();
        await api.AcceptedAsync(project, new { phone = "+79161234567", formId = "1" });
        var kept = await api.ClientAsync(project, email: "olga@mail.ru");
        var merged = await api.ScalarAsync<Guid>("select client_id from identities where project_id = @ProjectId and kind = 'phone'", new { project.ProjectId });
        await (await api.PostAsync(project, $"/v1/clients/{kept}/merge", new { otherId = merged })).JsonAsync();
        var lead = await api.AcceptedAsync(project, new { email = "olga@mail.ru", formId = "2" });
        Assert.Equal("repeat", (await api.ReadAsync(project, $"/v1/leads/{lead}")).Status());
        Assert.Equal(2, (await api.ReadAsync(project, $"/v1/clients/{kept}")).GetProperty("leadCount").GetInt32());
    }

    [Fact]
    public async Task One_lead_may_join_four_clients_at_once()
    {
        // The second merge of a lead broke the key of the first, and the lead was refused for ever.
        var project = await api.OpenAsync();
        await api.AcceptedAsync(project, new { phone = "+79161234567" });
        await api.AcceptedAsync(project, new { email = "olga@mail.ru" });
        await api.AcceptedAsync(project, new { contact = "@olga_k" });
        await api.AcceptedAsync(project, new { phone = "?", visitorId = "v-17" });
        await api.AcceptedAsync(project, new { phone = "+79161234567", email = "olga@mail.ru", contact = "@olga_k", visitorId = "v-17" });
        Assert.Single((await api.AllLeadsAsync(project)).Values.Select(l => l.ClientId()).Distinct());
        Assert.Equal(3, await api.CountAsync("select count(*) from client_merges where project_id = @ProjectId", new { project.ProjectId }));
        var client = Assert.Single((await api.ReadAsync(project, "/v1/clients")).GetProperty("items").EnumerateArray());
        Assert.Equal(5, client.GetProperty("leadCount").GetInt32());
    }

    [Fact]
    public async Task Clients_with_different_contacts_in_one_CRM_account_are_listed_for_a_person()
    {
        var project = await api.OpenAsync();
        var connection = await api.ConnectionAsync(project);
        var (a, b, c) = (await api.ClientAsync(project, phone: "+79161234567"), await api.ClientAsync(project, email: "olga@mail.ru"), await api.ClientAsync(project));
        await api.IdentityAsync(project, c, "messenger", "telegram:olga_k");
        foreach (var (client, remote) in new[] { (a, "1"), (b, "2"), (c, "3") }) await api.IdentityAsync(project, client, "crm_contact", $"{connection}/{remote}");
        for (var i = 0; i < 2; i++)
        {
            var id = await api.AcceptedAsync(project, new { phone = "+79161234567", email = "olga@mail.ru", contact = "@olga_k", formId = $"{i}" });
            Assert.Equal(a, (await api.ReadAsync(project, $"/v1/leads/{id}")).ClientId());
        }
        Assert.Equal(2, await api.CountAsync("select count(*) from merge_suggestions where project_id = @ProjectId and reason = 'different contacts in one CRM account'", new { project.ProjectId }));
        Assert.Equal(0, await api.CountAsync("select count(*) from clients where project_id = @ProjectId and merged_into is not null", new { project.ProjectId }));
        // Each still answers to its own.
        var own = await api.AcceptedAsync(project, new { email = "olga@mail.ru" });
        Assert.Equal(b, (await api.ReadAsync(project, $"/v1/leads/{own}")).ClientId());
    }

    [Fact]
    public async Task Contacts_of_different_connections_and_the_same_contact_do_not_keep_clients_apart()
    {
        var project = await api.OpenAsync();
        var (amo, bitrix) = (await api.ConnectionAsync(project), await api.ConnectionAsync(project, "bitrix24", "okna.bitrix24.ru"));
        var (a, b) = (await api.ClientAsync(project, phone: "+79161234567"), await api.ClientAsync(project, email: "olga@mail.ru"));
        await api.IdentityAsync(project, a, "crm_contact", $"{amo}/1");
        await api.IdentityAsync(project, b, "crm_contact", $"{bitrix}/2");
        await api.AcceptedAsync(project, new { phone = "+79161234567", email = "olga@mail.ru" });
        Assert.Equal(1, await api.CountAsync("select count(*) from clients where id = @b and merged_into = @a", new { a, b }));
    }

    [Fact]
    public async Task Different_phones_behind_deals_keep_clients_apart()
    {
        var project = await api.OpenAsync();
        var connection = await api.ConnectionAsync(project);
        var (a, b) = (await api.ClientAsync(project, phone: "+79161234567"), await api.ClientAsync(project, phone: "+79167654321", email: "olga@mail.ru"));
        await api.DeliveryAsync(project, await api.LeadAsync(project, a), connection, "delivered");
        await api.DeliveryAsync(project, await api.LeadAsync(project, b, phone: "+79167654321"), connection, "delivered");
        await api.AcceptedAsync(project, new { phone = "+79161234567", email = "olga@mail.ru" });
        Assert.Equal(1, await api.CountAsync("select count(*) from merge_suggestions where project_id = @ProjectId and reason like 'different phones%'", new { project.ProjectId }));
    }

    [Fact]
    public async Task A_shared_contact_joins_nobody()
    {
        var project = await api.OpenAsync();
        await api.ExecuteAsync("insert into shared_contacts (project_id, kind, value) values (@ProjectId, 'email', 'info@okna.ru'), (@ProjectId, 'phone', '+74951234567')", new { project.ProjectId });
        foreach (var phone in new[] { "+79161234567", "+79167654321" })
            await api.AcceptedAsync(project, new { phone, email = "info@okna.ru" });
        await api.AcceptedAsync(project, new { phone = "8 495 123-45-67", email = "info@okna.ru" });
        await api.AcceptedAsync(project, new { phone = "8 495 123-45-67" });
        var leads = await api.AllLeadsAsync(project);
        Assert.Equal(4, leads.Values.Select(l => l.ClientId()).Distinct().Count());
        Assert.All(leads.Values, l => Assert.Equal("new", l.Status()));
    }

    [Fact]
    public async Task What_people_type_to_get_past_a_field_joins_nobody()
    {
        var project = await api.OpenAsync();
        await api.AcceptedAsync(project, new { phone = "+79161234567", email = "test@test.ru" });
        var other = await api.AcceptedAsync(project, new { phone = "+79167654321", email = "test@test.ru" });
        var leads = await api.AllLeadsAsync(project);
        Assert.Equal(2, leads.Values.Select(l => l.ClientId()).Distinct().Count());
        Assert.Equal(("test@test.ru", "email_placeholder"), (leads[other].Text("email"), leads[other].GetProperty("warnings").Strings().Single()));
    }

    [Theory]
    [InlineData("a", 0, "duplicate")]
    [InlineData("b", 0, "repeat")]
    [InlineData("a", 599, "duplicate")]
    [InlineData("a", 601, "repeat")]
    public async Task The_same_form_within_the_window_is_a_duplicate_and_anything_else_of_the_client_a_repeat(string form, int seconds, string status)
    {
        var clock = TimeProvider.System.GetUtcNow();
        var project = await api.OpenAsync();
        var client = await api.ClientAsync(project, phone: "+79161234567");
        // A minute to spare on the near side: the test may be slow, the lead only older.
        var first = await api.LeadAsync(project, client, receivedAt: clock.AddSeconds(-seconds + (seconds is 599 ? 60 : 0)));
        await api.ExecuteAsync("update leads set form_id = 'a' where id = @first", new { first });
        var lead = await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, new { phone = "+79161234567", formId = form })}");
        Assert.Equal((status, client), (lead.Status(), lead.ClientId()));
        Assert.Equal(status == "duplicate" ? first : null, lead.GetProperty("duplicateOf").ValueKind == JsonValueKind.Null ? (Guid?)null : lead.GetProperty("duplicateOf").GetGuid());
    }

    [Theory]
    [InlineData("deal", "deal,deal,note")]
    [InlineData("note", "deal,note,note")]
    public async Task A_repeat_becomes_what_the_project_wants_and_a_duplicate_always_a_note(string policy, string kinds)
    {
        var project = await api.OpenAsync(repeatPolicy: policy);
        await api.ConnectionAsync(project);
        foreach (var form in new[] { "a", "b", "b" }) await api.AcceptedAsync(project, new { phone = "+79161234567", formId = form });
        Assert.Equal(kinds, await api.ScalarAsync<string>("select string_agg(kind, ',' order by lead_id) from deliveries where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task Every_connection_of_the_project_gets_a_delivery()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        await api.ConnectionAsync(project, "bitrix24", "okna.bitrix24.ru");
        var lead = await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, new { phone = "+79161234567" })}");
        Assert.Equal(["amocrm", "bitrix24"], lead.GetProperty("deliveries").EnumerateArray().Select(d => d.Text("crm")).Order());
        Assert.All(lead.GetProperty("deliveries").EnumerateArray(), d => Assert.Equal("pending", d.Text("state")));
    }

    [Fact]
    public async Task A_setting_changed_elsewhere_holds_once_the_site_is_forgotten()
    {
        var project = await api.OpenAsync(window: 0);
        for (var i = 0; i < 2; i++) await api.AcceptedAsync(project, new { phone = "+79161234567" });
        await api.ExecuteAsync("update projects set duplicate_window_seconds = 600 where project_id = @ProjectId", new { project.ProjectId });
        api.App.Services.GetRequiredService<SiteDirectory>().Clear();
        await api.AcceptedAsync(project, new { phone = "+79161234567" });
        Assert.Equal(["new", "repeat", "duplicate"], (await api.AllLeadsAsync(project)).OrderBy(l => l.Key).Select(l => l.Value.Status()));
    }

    [Fact]
    public async Task Projects_do_not_know_each_others_clients()
    {
        var (one, two) = (await api.OpenAsync(), await api.OpenAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => api.AcceptedAsync(i % 2 == 0 ? one : two, new { phone = "+79161234567", formId = $"{i}" })));
        Assert.Equal(40, answers.Distinct().Count());
        foreach (var project in new[] { one, two })
            Assert.Equal(1, (await api.AllLeadsAsync(project)).Values.Count(l => l.Status() == "new"));
    }
}
