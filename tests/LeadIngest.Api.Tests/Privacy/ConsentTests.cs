using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace LeadIngest.Api.Tests.Privacy;

public sealed class ConsentTests(PrivacyFixture api) : IClassFixture<PrivacyFixture>
{
    [Fact]
    public async Task A_text_that_is_changed_later_leaves_the_old_leads_with_theirs()
    {
        var project = await api.CreateProjectAsync();
        var (first, second) = (await PostAsync("Согласен на обработку"), await PostAsync("Согласен на обработку и рассылку"));

        var (old, now) = (await ConsentAsync(first), await ConsentAsync(second));

        Assert.Equal(("Согласен на обработку", Version("Согласен на обработку")), (old.GetProperty("text").GetString(), old.GetProperty("version").GetString()));
        Assert.Equal(Version("Согласен на обработку и рассылку"), now.GetProperty("version").GetString());
        Assert.Equal(("https://okna-plus.ru/zakaz", "zakaz", true), (old.GetProperty("page").GetString(), old.GetProperty("form").GetString(), old.GetProperty("given").GetBoolean()));
        Assert.InRange(TimeProvider.System.GetUtcNow() - old.GetProperty("at").GetDateTimeOffset(), TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(5));
        // The sender's address is proof as well, and for the export alone.
        Assert.Equal("127.0.0.1", await api.ScalarAsync<string>("select details -> 'consent' ->> 'ip' from leads where project_id = @P and id = @Id", new { P = project.ProjectId, Id = first }));

        async Task<Guid> PostAsync(string text) => (await (await api.SendAsync(null, HttpMethod.Post, $"/v1/sites/{project.SiteKey}/leads",
            new { phone = "+79161234567", page = "https://okna-plus.ru/zakaz", formId = "zakaz", consent = new { text, given = true } })).JsonAsync()).GetProperty("leadId").GetGuid();

        async Task<System.Text.Json.JsonElement> ConsentAsync(Guid lead) => (await api.ReadAsync(project, $"/v1/leads/{lead}")).GetProperty("consent");

        static string Version(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("details = jsonb_set(details, '{consent,given}', 'true')")]
    [InlineData("details = details - 'consent'")]
    [InlineData("details = '{}'")]
    public async Task Nobody_changes_a_consent_that_was_given_or_refused(string change)
    {
        var project = await api.CreateProjectAsync();
        var lead = await api.LeadAsync(project, details: """{"consent":{"text":"Согласен","given":false}}""");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => api.ExecuteAsync($"update leads set {change} where project_id = @P and id = @Id", new { P = project.ProjectId, Id = lead }));

        Assert.Equal("leads_consent_kept", refused.ConstraintName);
        // What stands beside it may change.
        await api.ExecuteAsync("update leads set details = jsonb_set(details, '{warnings}', '[]'), status = 'spam' where project_id = @P and id = @Id", new { P = project.ProjectId, Id = lead });
    }
}
