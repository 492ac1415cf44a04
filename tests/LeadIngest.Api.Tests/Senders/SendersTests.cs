using System.Text.Json;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Tests.Ingest;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Senders;

public class SendersTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    [Fact]
    public async Task A_call_sender_comes_with_a_secret_address_and_shows_no_secret()
    {
        var project = await api.OpenAsync();
        var answer = await api.PostAsync(project, "/v1/senders", new { kind = "call", provider = "mango", name = " АТС ", secrets = new { key = "demoapikey01", secret = "demosalt31337" } });
        Assert.Equal(201, (int)answer.StatusCode);
        var sender = await answer.JsonAsync();
        Assert.Matches($"^{api.Client.BaseAddress}v1/calls/mango/[a-z2-7]{{32}}$", sender.Text("address"));
        Assert.Equal(("АТС", "api-spec/senders/mango.md", project.SiteId), (sender.Text("name"), sender.Text("instructions"), sender.GetProperty("siteId").GetGuid()));
        Assert.Equal(["secret", "key"], sender.GetProperty("secretsSet").Strings());
        Assert.DoesNotContain("31337", sender.GetRawText());
        Assert.Equal(sender.GetRawText(), (await api.ReadAsync(project, $"/v1/senders/{sender.Text("id")}")).GetRawText());

        var found = await api.App.Services.GetRequiredService<SenderDirectory>().FindByTokenAsync(TokenOf(sender), default);
        Assert.Equal((sender.GetProperty("id").GetGuid(), "demosalt31337", "demoapikey01"), (found!.Id, found.Secrets.Secret, found.Secrets.Key));
        Assert.Equal(0, await api.CountAsync("select count(*) from senders where project_id = @ProjectId and (encode(credentials, 'escape') like '%31337%' or senders::text like @Token)",
            new { project.ProjectId, Token = $"%{TokenOf(sender)}%" }));
    }

    [Fact]
    public async Task A_new_token_makes_a_new_address_and_ends_the_old_one_at_once()
    {
        var project = await api.OpenAsync();
        var sender = await CreateAsync(project, new { kind = "call", provider = "uis", name = "UIS", secrets = new { secret = "s" } });
        var directory = api.App.Services.GetRequiredService<SenderDirectory>();
        Assert.NotNull(await directory.FindByTokenAsync(TokenOf(sender), default));
        var rotated = await (await api.PostAsync(project, $"/v1/senders/{sender.Text("id")}/token")).JsonAsync();
        Assert.NotEqual(sender.Text("address"), rotated.Text("address"));
        Assert.Null(await directory.FindByTokenAsync(TokenOf(sender), default));
        Assert.Equal("s", (await directory.FindByTokenAsync(TokenOf(rotated), default))!.Secrets.Secret);
        var form = await CreateAsync(project, new { kind = "form", provider = "tilda", name = "Тильда" });
        await (await api.PostAsync(project, $"/v1/senders/{form.Text("id")}/token")).ProblemAsync(409);
    }

    [Fact]
    public async Task A_form_sender_has_the_address_of_its_site_and_is_there_once()
    {
        var project = await api.OpenAsync();
        var sender = await CreateAsync(project, new { kind = "form", provider = "tilda", name = "Тильда", siteId = project.SiteId });
        Assert.Equal(new Uri(api.Client.BaseAddress!, $"/v1/sites/{project.SiteKey}/forms/tilda").AbsoluteUri, sender.Text("address"));
        Assert.Equal((JsonValueKind.Null, "Europe/Moscow", "end"), (sender.GetProperty("lastSeenAt").ValueKind, sender.GetProperty("settings").Text("timeZone"), sender.GetProperty("settings").Text("deliverAt")));
        await (await api.PostAsync(project, "/v1/senders", new { kind = "form", provider = "tilda", name = "Вторая" })).ProblemAsync(409);
        await CreateAsync(project, new { kind = "call", provider = "mango", name = "1" });
        await CreateAsync(project, new { kind = "call", provider = "mango", name = "2" });
        var forms = await api.ReadAsync(project, $"/v1/senders?kind=form&siteId={project.SiteId}");
        Assert.Equal([sender.GetProperty("id").GetGuid()], forms.Ids());
        var page = await api.ReadAsync(project, "/v1/senders?kind=call&limit=1");
        Assert.Single((await api.ReadAsync(project, $"/v1/senders?kind=call&limit=1&cursor={page.Text("nextCursor")}")).Ids());
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_an_empty_secret_removes_one()
    {
        var project = await api.OpenAsync();
        var sender = await CreateAsync(project, new { kind = "call", provider = "mango", name = "АТС", secrets = new { key = "k", secret = "s" }, settings = new { timeZone = "Asia/Omsk" } });
        var path = $"/v1/senders/{sender.Text("id")}";
        var changed = await (await api.SendAsync(project, HttpMethod.Patch, path, new { secrets = new { key = "", confirmation = "c" } })).JsonAsync();
        Assert.Equal(["secret", "confirmation"], changed.GetProperty("secretsSet").Strings());
        Assert.Equal((sender.Text("address"), "Asia/Omsk", true), (changed.Text("address"), changed.GetProperty("settings").Text("timeZone"), changed.GetProperty("isActive").GetBoolean()));
        var off = await (await api.SendAsync(project, HttpMethod.Patch, path, new { isActive = false, name = "Старая", settings = new { words = new { нет = "missed" } } })).JsonAsync();
        Assert.Equal(("Старая", "Europe/Moscow", "missed"), (off.Text("name"), off.GetProperty("settings").Text("timeZone"), off.GetProperty("settings").GetProperty("words").Text("нет")));
        Assert.Null(await api.App.Services.GetRequiredService<SenderDirectory>().FindByTokenAsync(TokenOf(sender), default));
    }

    [Fact]
    public async Task A_sender_is_removed_unless_calls_came_through_it()
    {
        var project = await api.OpenAsync();
        var (used, unused) = (await CreateAsync(project, new { kind = "call", provider = "uis", name = "1" }), await CreateAsync(project, new { kind = "call", provider = "uis", name = "2" }));
        await api.ExecuteAsync("""
            insert into calls (project_id, id, sender_id, site_id, provider, external_id, first_seen_at, last_seen_at)
            values (@ProjectId, @CallId, @SenderId, @SiteId, 'uis', '1', clock_timestamp(), clock_timestamp())
            """, new { project.ProjectId, project.SiteId, CallId = Guid.CreateVersion7(), SenderId = used.GetProperty("id").GetGuid() });
        Assert.Equal("sender-has-calls", (await (await api.SendAsync(project, HttpMethod.Delete, $"/v1/senders/{used.Text("id")}")).ProblemAsync(409)).Text("type")!.Split('/')[^1]);
        Assert.Equal(204, (int)(await api.SendAsync(project, HttpMethod.Delete, $"/v1/senders/{unused.Text("id")}")).StatusCode);
        await (await api.SendAsync(project, HttpMethod.Delete, $"/v1/senders/{unused.Text("id")}")).ProblemAsync(404);
        Assert.Equal([used.GetProperty("id").GetGuid()], (await api.ReadAsync(project, "/v1/senders")).Ids());
    }

    [Theory]
    [InlineData("""{"kind":"fax","provider":"tilda","name":"x"}""", "kind")]
    [InlineData("""{"kind":"form","provider":"mango","name":"x"}""", "provider")]
    [InlineData("""{"kind":"call","provider":"tilda","name":"x"}""", "provider")]
    [InlineData("""{"kind":"form","provider":"tildo","name":"x"}""", "provider")]
    [InlineData("""{"kind":"form","provider":"tilda","name":""}""", "name")]
    [InlineData("""{"kind":"form","provider":"tilda","name":"x","siteId":"0190a1b2-0000-7000-8000-000000000000"}""", "siteId")]
    [InlineData("""{"kind":"call","provider":"uis","name":"x","settings":{"timeZone":"Moscow time"}}""", "settings.timeZone")]
    [InlineData("""{"kind":"call","provider":"uis","name":"x","settings":{"deliverAt":"never"}}""", "settings.deliverAt")]
    [InlineData("""{"kind":"call","provider":"uis","name":"x","settings":{"fieldMap":{"":"phone"}}}""", "settings.fieldMap")]
    public async Task A_wrong_sender_is_refused_by_field(string json, string field)
    {
        var project = await api.OpenAsync();
        var problem = await (await api.PostAsync(project, "/v1/senders", new StringContent(json, null, "application/json"))).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Theory]
    [InlineData("form", "Tilda", "tilda")]
    [InlineData("call", "MANGO", "mango")]
    public async Task The_providers_word_is_taken_in_any_case_and_kept_as_the_address_spells_it(string kind, string written, string kept)
    {
        var project = await api.OpenAsync();
        var sender = await CreateAsync(project, new { kind, provider = written, name = "x" });
        Assert.Equal(kept, sender.Text("provider"));
        Assert.Contains($"/{kept}", sender.Text("address"), StringComparison.Ordinal);
        if (kind == "form") await (await api.PostAsync(project, "/v1/senders", new { kind, provider = kept, name = "y" })).ProblemAsync(409);
    }

    [Fact]
    public async Task Without_a_site_it_belongs_to_the_first()
    {
        var project = await api.OpenAsync();
        var second = await (await api.PostAsync(project, "/v1/sites", new { name = "second.ru" })).JsonAsync();
        Assert.Equal(project.SiteId, (await CreateAsync(project, new { kind = "form", provider = "tilda", name = "x" })).GetProperty("siteId").GetGuid());
        var other = await CreateAsync(project, new { kind = "form", provider = "tilda", name = "x", siteId = second.GetProperty("id").GetGuid() });
        Assert.Contains(second.Text("siteKey")!, other.Text("address"));
    }

    [Fact]
    public async Task The_list_of_providers_tells_what_each_calls_its_secrets()
    {
        var items = (await api.ReadAsync(await api.OpenAsync(), "/v1/senders/providers")).GetProperty("items").EnumerateArray().ToList();
        var names = items.Select(i => $"{i.Text("kind")} {i.Text("provider")}").ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        foreach (var name in new[] { "form tilda", "form generic", "call mango", "call generic", "call twilio" }) Assert.Contains(name, names);
        Assert.NotNull(items.Single(i => i.Text("provider") == "vk-lead-form").Text("confirmation"));
    }

    [Fact]
    public async Task When_it_was_heard_of_is_shown()
    {
        var project = await api.OpenAsync();
        var sender = await CreateAsync(project, new { kind = "form", provider = "generic", name = "x" });
        Assert.Equal(200, (int)(await api.BuilderPostAsync(project, "generic", """{"phone":"+79161234567"}""")).StatusCode);
        await Posts.UntilAsync(async () => (await api.ReadAsync(project, $"/v1/senders/{sender.Text("id")}")).Text("lastSeenAt") is not null, "seen");
        Assert.Null((await api.ReadAsync(project, $"/v1/senders/{sender.Text("id")}")).Text("lastTestAt"));
    }

    private async Task<JsonElement> CreateAsync(TestProject project, object sender) => await (await api.PostAsync(project, "/v1/senders", sender)).JsonAsync();

    private static string TokenOf(JsonElement sender) => sender.Text("address")!.Split('/')[^1];
}
