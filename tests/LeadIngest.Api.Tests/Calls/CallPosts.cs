using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Data;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Tests.Ingest;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Calls;

/// <summary>A project's call sender: its id and where its provider posts to.</summary>
internal sealed record TestSender(TestProject Project, Guid Id, string Token, string Provider)
{
    public string Path => $"/v1/calls/{Provider}/{Token}";
}

/// <summary>What a PBX does, and what a test asks afterwards.</summary>
internal static class CallPosts
{
    public static async Task<TestSender> SenderAsync(this ApiFixture api, TestProject project, string provider = "generic", string settings = "{}", string? secret = null, string? key = null)
    {
        var sender = new TestSender(project, Guid.CreateVersion7(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)), provider);
        var credentials = api.App.Services.GetRequiredService<CredentialsCipher>()
            .Encrypt(project.ProjectId, sender.Id, new SenderSecrets { Token = sender.Token, Secret = secret, Key = key }.ToBytes());
        await api.ExecuteAsync("""
            insert into senders (project_id, id, site_id, kind, provider, name, token_hash, credentials, settings)
            values (@P, @Id, @SiteId, 'call', @Provider, 'АТС', @Hash, @Credentials, @Settings::jsonb)
            """, new { P = project.ProjectId, sender.Id, project.SiteId, Provider = provider, Hash = SenderDirectory.Hash(sender.Token), Credentials = credentials, Settings = settings });
        return sender;
    }

    /// <summary>A sender of a new project.</summary>
    public static async Task<TestSender> PbxAsync(this ApiFixture api, string settings = "{}", int window = 600) => await api.SenderAsync(await api.OpenAsync(window), settings: settings);

    public static Task<HttpResponseMessage> CallAsync(this ApiFixture api, TestSender sender, object message) =>
        api.Client.SendAsync(sender.Path, Posts.Content(message as string ?? JsonSerializer.Serialize(message)));

    /// <summary>A message that must be taken.</summary>
    public static async Task ToldAsync(this ApiFixture api, TestSender sender, object message)
    {
        var answer = await api.CallAsync(sender, message);
        Assert.True((int)answer.StatusCode == 200, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Waits until every event of the project's calls is folded and nothing more is planned.</summary>
    public static Task FoldedAsync(this ApiFixture api, TestProject project) => Posts.UntilAsync(async () =>
        await api.CountAsync("select count(*) from calls where project_id = @P and fold_at is not null", new { P = project.ProjectId }) == 0, "all calls are folded");

    /// <summary>Waits until the project has so many leads and calls at rest.</summary>
    public static async Task LeadsAsync(this ApiFixture api, TestProject project, int leads)
    {
        await Posts.UntilAsync(async () => await api.LeadCountAsync(project) >= leads, $"{leads} leads");
        await api.FoldedAsync(project);
        Assert.Equal(leads, await api.LeadCountAsync(project));
    }

    public static async Task<JsonElement> OnlyCallAsync(this ApiFixture api, TestProject project)
    {
        var items = (await api.ReadAsync(project, "/v1/calls")).GetProperty("items");
        Assert.Equal(1, items.GetArrayLength());
        return items[0];
    }

    public static async Task<JsonElement> OnlyLeadAsync(this ApiFixture api, TestProject project) => Assert.Single(await api.AllLeadsAsync(project)).Value;

    /// <summary>Everything the project holds of calls, leads, clients and deliveries that does not name an id or the moment of arrival.</summary>
    public static async Task<string> PictureAsync(this ApiFixture api, TestProject project)
    {
        var text = new StringBuilder();
        foreach (var sql in Picture) text.AppendLine(await api.ScalarAsync<string>(sql, new { P = project.ProjectId }));
        return text.ToString();
    }

    private static readonly string[] Picture =
    [
        """
        select string_agg(to_jsonb(c)::text, ';' order by external_id) from (
            select external_id, direction, phase, outcome, client_phone, client_phone_typed, line_phone, employee, started_at, answered_at, ended_at, wait_seconds, talk_seconds,
                recording_url, recording_id, matched_by, facts, client_id is not null as has_client, lead_id is not null as has_lead from calls where project_id = @P) c
        """,
        """
        select string_agg(to_jsonb(l)::text, ';' order by phone) from (
            select kind, status, occurred_at, name, phone, comment, form_id, form_name, visitor_id, visit_id, channel, source, medium, campaign, content, keyword, passport, details,
                client_id is not null as has_client, duplicate_of is not null as is_duplicate from leads where project_id = @P) l
        """,
        "select string_agg(kind || value, ';' order by kind, value) from identities where project_id = @P",
        "select string_agg(coalesce(name, '-') || lead_count, ';' order by name) from clients where project_id = @P",
        "select string_agg(kind || state, ';' order by kind) from deliveries where project_id = @P",
        "select count(*)::text from merge_suggestions where project_id = @P",
    ];
}

/// <summary>Deliveries stay where ingest put them, so that their times can be looked at.</summary>
public class CallsFixture : IngestFixture
{
    protected override string[] Args => [.. base.Args, "--Calls:PollEvery=00:00:00.500", "--Calls:UnknownTokensPerMinute=10000"];
}
