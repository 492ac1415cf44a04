using System.Text;
using System.Text.Json;
using LeadIngest.Api.Tests.Ingest;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Senders;

/// <summary>Deliveries stay where ingest put them. The clock starts with a ten-minute window, so that no test meets the end of one.</summary>
public class BuilderFixture : IngestFixture
{
    protected override void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton<TimeProvider>(new FromWindowStart());

    private sealed class FromWindowStart : TimeProvider
    {
        private readonly TimeSpan _back = new(System.GetUtcNow().Ticks % TimeSpan.FromMinutes(10).Ticks);

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - _back;
    }
}

/// <summary>What a builder does: it posts to its address.</summary>
internal static class BuilderPosts
{
    public const string Form = "application/x-www-form-urlencoded";

    public static string Builder(this TestProject project, string builder, string query = "") => $"/v1/sites/{project.SiteKey}/forms/{builder}{query}";

    public static Task<HttpResponseMessage> BuilderPostAsync(this ApiFixture api, TestProject project, string builder, string body, string? type = "application/json",
        string query = "", params (string Name, string Value)[] headers) =>
        api.Client.SendAsync(project.Builder(builder, query), Posts.Content(body, type), headers);

    public static Task<HttpResponseMessage> BuilderPostAsync(this ApiFixture api, TestProject project, string builder, byte[] body, string? type) =>
        api.Client.SendAsync(project.Builder(builder), Posts.Content(body, type));

    /// <summary>Posts what must become the project's only lead, and reads it.</summary>
    public static async Task<JsonElement> LeadOfAsync(this ApiFixture api, TestProject project, string builder, string body, string? type = "application/json", string query = "")
    {
        var answer = await api.BuilderPostAsync(project, builder, body, type, query);
        Assert.True((int)answer.StatusCode == 200, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return await api.OnlyLeadAsync(project);
    }

    public static async Task<JsonElement> OnlyLeadAsync(this ApiFixture api, TestProject project)
    {
        var rejects = await api.ScalarAsync<string>("select string_agg(reason || errors::text, ' ') from rejects where project_id = @ProjectId", new { project.ProjectId });
        var leads = await api.AllLeadsAsync(project);
        Assert.True(leads.Count == 1, $"{leads.Count} leads; rejects: {rejects}");
        return await api.ReadAsync(project, $"/v1/leads/{leads.Keys.Single()}");
    }

    public static async Task<JsonElement> SenderAsync(this ApiFixture api, TestProject project, string provider, object? settings = null, object? secrets = null) =>
        await (await api.PostAsync(project, "/v1/senders", new { kind = "form", provider, name = provider, settings, secrets })).JsonAsync();

    public static Task<string?> RejectReasonAsync(this ApiFixture api, TestProject project) =>
        api.ScalarAsync<string>("select string_agg(reason, ',') from rejects where project_id = @ProjectId", new { project.ProjectId });

    public static string Encoded(params (string Name, string Value)[] fields) =>
        string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Name)}={Uri.EscapeDataString(f.Value)}"));

    public static byte[] Cyrillic(string text) => CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetBytes(text);
}
