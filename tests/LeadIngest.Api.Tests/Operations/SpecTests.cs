using System.Text.Json;
using LeadIngest.Api.Features.Operations;

namespace LeadIngest.Api.Tests.Operations;

public class SpecTests
{
    [Fact]
    public async Task The_description_in_the_repository_is_what_the_code_makes()
    {
        var written = await WrittenAsync();
        var kept = Path.Combine(Root(), "api-spec", "openapi.json");
        Assert.True(File.Exists(kept) && await File.ReadAllTextAsync(kept) == written, "api-spec/openapi.json is not what the code makes: run 'make spec' and commit it.");
    }

    [Fact]
    public async Task Every_operation_has_an_id_a_summary_a_tag_and_says_who_may_call_it()
    {
        var spec = JsonSerializer.Deserialize<JsonElement>(await WrittenAsync());
        foreach (var path in spec.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject().Where(o => o.Name != "parameters"))
            {
                var name = $"{operation.Name} {path.Name}";
                Assert.True(operation.Value.TryGetProperty("operationId", out _), name);
                Assert.True(operation.Value.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 10, name);
                Assert.NotEmpty(operation.Value.GetProperty("tags").Strings());
                Assert.True(operation.Value.TryGetProperty("security", out var security), name);
                string[] doors = ["/v1/setup", "/v1/password/forgot", "/v1/password/reset", "/v1/invitations/show", "/v1/invitations/accept"];
                var open = doors.Contains(path.Name) || (path.Name == "/v1/session" && operation.Name != "delete") || path.Name.StartsWith("/health", StringComparison.Ordinal) || path.Name == "/metrics" || path.Name.StartsWith("/v1/crm/", StringComparison.Ordinal) || path.Name.Contains("{siteKey}", StringComparison.Ordinal) || path.Name.Contains("{token}", StringComparison.Ordinal);
                Assert.Equal(open ? 0 : 1, security.GetArrayLength());
                if (operation.Value.TryGetProperty("requestBody", out var body) && !open)
                    Assert.True(body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _), name);
            }
    }

    private static async Task<string> WrittenAsync()
    {
        var file = Path.GetTempFileName();
        try
        {
            await using var app = LeadIngestApp.Build([], "Host=localhost");
            await SpecCommand.WriteAsync(app, file);
            return await File.ReadAllTextAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LeadIngest.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("Not inside the repository.");
        return folder.FullName;
    }
}
