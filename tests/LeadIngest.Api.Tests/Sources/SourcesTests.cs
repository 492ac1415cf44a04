using System.Text.Json;
using LeadIngest.Api.Data;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Api.Tests.Visits;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Sources;

public class SourcesTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private const string Page = "https://okna-plus.ru/?utm_source=Blogger&utm_medium=obzor";

    [Fact]
    public async Task A_new_line_names_the_next_lead_and_the_next_visit()
    {
        var project = await api.OpenAsync();
        Assert.Equal(("other", "Blogger"), await LeadAsync(project, "+79161000001"));

        await (await api.PostAsync(project, "/v1/sources", new { source = "BLOGGER ", name = "Блогеры", channel = "organic_social" })).JsonAsync();

        Assert.Equal(("organic_social", "Блогеры"), await LeadAsync(project, "+79161000002"));
        var visit = await api.AnsweredAsync(project, new { @event = "start", visitorId = Guid.CreateVersion7(), visitId = Guid.CreateVersion7(), page = Page });
        Assert.Equal("Блогеры", await api.ScalarAsync<string>("select source from visits where project_id = @P and id = @Id", new { P = project.ProjectId, Id = visit.VisitId }));
        // The neighbours have a dictionary of their own.
        Assert.Equal(("other", "Blogger"), await LeadAsync(await api.OpenAsync(), "+79161000003"));
    }

    [Fact]
    public async Task A_changed_and_a_removed_line_count_at_once()
    {
        var project = await api.OpenAsync();
        var id = (await (await api.PostAsync(project, "/v1/sources", new { source = "yandex", medium = "cpc", name = "Директ Москва", channel = "paid_search" })).JsonAsync()).GetProperty("id").GetGuid();
        Assert.Equal(("paid_search", "Директ Москва"), await LeadAsync(project, "+79161000011", Yandex));
        await (await api.SendAsync(project, HttpMethod.Put, $"/v1/sources/{id}", new { source = "yandex", medium = "@paid", name = "Директ", channel = "display" })).JsonAsync();
        Assert.Equal(("display", "Директ"), await LeadAsync(project, "+79161000012", Yandex));
        Assert.Equal(204, (int)(await api.SendAsync(project, HttpMethod.Delete, $"/v1/sources/{id}")).StatusCode);
        Assert.Equal(("paid_search", "Яндекс.Директ"), await LeadAsync(project, "+79161000013", Yandex));
        await (await api.SendAsync(project, HttpMethod.Delete, $"/v1/sources/{id}")).ProblemAsync(404);
    }

    [Fact]
    public async Task Other_nodes_name_by_a_new_line_as_soon_as_they_hear_of_it()
    {
        var project = await api.OpenAsync();
        await using var other = LeadIngestApp.Build(["--urls=http://127.0.0.1:0", "--environment=Testing", "--Logging:LogLevel:Default=Warning", "--Delivery:Enabled=false"], api.Db);
        await other.StartAsync();
        var sites = other.Services.GetRequiredService<SiteDirectory>();
        Assert.False((await sites.FindAsync(project.SiteKey, default))!.Sources.TryFindOwn("blogger", null, out _));

        await (await api.PostAsync(project, "/v1/sources", new { source = "blogger", channel = "referral" })).JsonAsync();

        while (!(await sites.FindAsync(project.SiteKey, default))!.Sources.TryFindOwn("blogger", null, out _)) await Task.Yield();
        await other.StopAsync();
        await other.Services.GetRequiredService<Database>().DisposeAsync();
    }

    [Fact]
    public async Task The_list_shows_shipped_lines_and_which_of_them_an_own_one_stands_before()
    {
        var project = await api.OpenAsync();
        var own = await (await api.PostAsync(project, "/v1/sources", new { source = "yandex", medium = "@PAID", name = "Директ", channel = "paid_search", note = "Свой" })).JsonAsync();

        var lines = (await api.ReadAsync(project, "/v1/sources?q=yandex")).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(("own", "yandex", "@paid", "Директ"), (lines[0].Text("origin"), lines[0].Text("source"), lines[0].Text("medium"), lines[0].Text("name")));
        var outdone = Assert.Single(lines, l => l.Text("origin") == "shipped" && l.Text("source") == "yandex" && l.Text("medium") == "@paid");
        Assert.Equal((false, own.GetProperty("id").GetGuid()), (outdone.GetProperty("wins").GetBoolean(), outdone.GetProperty("outdoneBy").GetGuid()));
        Assert.All(lines.Where(l => l.Text("origin") == "shipped" && l.Text("medium") != "@paid"), l => Assert.True(l.GetProperty("wins").GetBoolean()));
        Assert.Single((await api.ReadAsync(project, "/v1/sources?origin=own")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task The_same_line_again_is_changed_and_two_lines_never_become_one()
    {
        var project = await api.OpenAsync();
        var first = await (await api.PostAsync(project, "/v1/sources", new { source = "https://www.Пример.рф/", name = "А", channel = "referral" })).JsonAsync();
        var again = await (await api.PostAsync(project, "/v1/sources", new { source = "xn--e1afmkfd.xn--p1ai", name = "Б", channel = "referral" })).JsonAsync();
        Assert.Equal((first.GetProperty("id").GetGuid(), "Б", "xn--e1afmkfd.xn--p1ai"), (again.GetProperty("id").GetGuid(), again.Text("name"), again.Text("source")));
        var other = await (await api.PostAsync(project, "/v1/sources", new { source = "b", channel = "referral" })).JsonAsync();
        var problem = await (await api.SendAsync(project, HttpMethod.Put, $"/v1/sources/{other.GetProperty("id").GetGuid()}", new { source = "Пример.рф", channel = "referral" })).ProblemAsync(409);
        Assert.EndsWith("line-exists", problem.Text("type"));
    }

    [Theory]
    [InlineData("""{"source":" ","channel":"referral"}""", "source")]
    [InlineData("""{"source":"a","channel":"unknown"}""", "channel")]
    [InlineData("""{"source":"a","medium":"@best","channel":"referral"}""", "medium")]
    [InlineData("""{"source":"*","channel":"referral"}""", "medium")]
    public async Task A_bad_line_names_its_field(string line, string field)
    {
        var project = await api.OpenAsync();
        var problem = await (await api.PostAsync(project, "/v1/sources", JsonSerializer.Deserialize<JsonElement>(line))).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        Assert.Empty((await api.ReadAsync(project, "/v1/sources?origin=own")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_full_dictionary_takes_no_more_lines_and_still_changes_those_it_has()
    {
        var project = await api.OpenAsync();
        await api.ExecuteAsync("insert into source_entries (project_id, id, source, channel) select @P, gen_random_uuid(), 's' || n, 'other' from generate_series(1, 2000) n", new { P = project.ProjectId });
        Assert.EndsWith("dictionary-full", (await (await api.PostAsync(project, "/v1/sources", new { source = "new", channel = "other" })).ProblemAsync(409)).Text("type"));
        Assert.Equal("Семь", (await (await api.PostAsync(project, "/v1/sources", new { source = "s7", name = "Семь", channel = "other" })).JsonAsync()).Text("name"));
    }

    [Fact]
    public async Task A_pasted_address_shows_its_passport_and_what_a_line_would_change()
    {
        var project = await api.OpenAsync(origins: ["https://okna-plus.ru"]);
        var plain = await (await api.PostAsync(project, "/v1/sources/test", new { page = "https://okna-plus.ru/", referrer = "https://okna-plus.ru/about" })).JsonAsync();
        Assert.Equal("direct", plain.GetProperty("passport").Text("channel"));
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("before").ValueKind);

        var tried = await (await api.PostAsync(project, "/v1/sources/test", new { page = Page, entries = new[] { new { source = "blogger", name = "Блогеры", channel = "organic_social" } } })).JsonAsync();

        Assert.Equal(("Блогеры", "Blogger"), (tried.GetProperty("passport").Text("source"), tried.GetProperty("before").Text("source")));
        Assert.Contains("the project's dictionary: blogger/obzor", tried.GetProperty("passport").GetProperty("evidence").Strings());
        Assert.Equal(["page"], (await (await api.PostAsync(project, "/v1/sources/test", new { page = "" })).ProblemAsync(400)).GetProperty("errors").EnumerateObject().Select(e => e.Name));
        Assert.Empty((await api.ReadAsync(project, "/v1/sources?origin=own")).GetProperty("items").EnumerateArray());
    }

    private const string Yandex = "https://okna-plus.ru/?utm_source=ya&utm_medium=cpc";

    private async Task<(string?, string?)> LeadAsync(TestProject project, string phone, string page = Page)
    {
        var passport = (await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, new { phone, page })}")).GetProperty("passport");
        return (passport.Text("channel"), passport.Text("source"));
    }
}
