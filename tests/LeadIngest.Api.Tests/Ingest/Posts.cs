using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace LeadIngest.Api.Tests.Ingest;

/// <summary>What a site does: it posts leads. And what a test asks afterwards.</summary>
internal static class Posts
{
    /// <summary>A project whose limits are out of the way unless the test is about them.</summary>
    public static async Task<TestProject> OpenAsync(this ApiFixture api, int window = 600, string repeatPolicy = "deal", string[]? origins = null,
        int perSecond = 100_000, int perMinute = 100_000)
    {
        var project = await api.CreateProjectAsync();
        await api.ExecuteAsync("""
            update projects set duplicate_window_seconds = @window, repeat_policy = @repeatPolicy where project_id = @ProjectId;
            update sites set rate_per_second = @perSecond, rate_per_ip_per_minute = @perMinute, allowed_origins = @origins where project_id = @ProjectId
            """, new { project.ProjectId, window, repeatPolicy, perSecond, perMinute, origins = origins ?? [] });
        return project;
    }

    public static string Leads(this TestProject project) => $"/v1/sites/{project.SiteKey}/leads";

    public static string Forms(this TestProject project) => $"/v1/sites/{project.SiteKey}/forms";

    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) content.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> LeadPostAsync(this ApiFixture api, TestProject project, object lead, params (string Name, string Value)[] headers) =>
        api.Client.SendAsync(project.Leads(), JsonContent.Create(lead), headers);

    /// <summary>A lead that must be taken.</summary>
    public static async Task<Guid> AcceptedAsync(this ApiFixture api, TestProject project, object lead) => await (await api.LeadPostAsync(project, lead)).LeadIdAsync();

    /// <summary>The id in a 202 that says nothing else.</summary>
    public static async Task<Guid> LeadIdAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 202, $"{(int)answer.StatusCode}: {text}");
        var json = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(["leadId"], json.EnumerateObject().Select(p => p.Name));
        return json.GetProperty("leadId").GetGuid();
    }

    public static HttpContent Content(byte[] body, string? type)
    {
        var content = new ByteArrayContent(body);
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    public static HttpContent Content(string body, string? type = "application/json") => Content(Encoding.UTF8.GetBytes(body), type);

    /// <summary>Without a declared length.</summary>
    public static HttpContent Chunked(byte[] body, string type)
    {
        var content = new StreamContent(new Unsized(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    /// <summary>All leads of a project by id.</summary>
    public static async Task<Dictionary<Guid, JsonElement>> AllLeadsAsync(this ApiFixture api, TestProject project)
    {
        var all = new Dictionary<Guid, JsonElement>();
        string? cursor = null;
        do
        {
            var page = await api.ReadAsync(project, $"/v1/leads?limit=500&cursor={cursor}");
            foreach (var lead in page.GetProperty("items").EnumerateArray()) all.Add(lead.GetProperty("id").GetGuid(), lead);
            cursor = page.GetProperty("nextCursor").GetString();
        } while (cursor is not null);
        return all;
    }

    public static string Status(this JsonElement lead) => lead.GetProperty("status").GetString()!;

    public static Guid ClientId(this JsonElement lead) => lead.GetProperty("clientId").GetGuid();

    public static string? Text(this JsonElement json, string property) => json.GetProperty(property).GetString();

    public static Task<long> LeadCountAsync(this ApiFixture api, TestProject project) =>
        api.CountAsync("select count(*) from leads where project_id = @ProjectId", new { project.ProjectId });

    public static Task<long> RejectCountAsync(this ApiFixture api, TestProject project) =>
        api.CountAsync("select count(*) from rejects where project_id = @ProjectId", new { project.ProjectId });

    /// <summary>Waits for a condition; fails after a time that nothing healthy needs.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, int seconds = 60)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(since).TotalSeconds < seconds, $"Not within {seconds} s: {what}");
            await Task.Delay(20);
        }
    }

    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

/// <summary>Deliveries stay where ingest put them: nobody takes them up.</summary>
public class IngestFixture : ApiFixture
{
    protected override string[] Args => ["--Delivery:Enabled=false"];
}

/// <summary>Tests that count what the whole process did, or that measure it: not beside others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
