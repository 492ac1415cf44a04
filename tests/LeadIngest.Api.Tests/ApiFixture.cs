using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadIngest.Api.Tests;

/// <summary>A project of one test: its ids, an API key that reads it, and a site that leads are posted to.</summary>
public sealed record TestProject(Guid ProjectId, string ApiKey, string SiteKey, Guid SiteId);

/// <summary>
/// The service on a free port of 127.0.0.1 over its own database. One a test class (<c>IClassFixture&lt;ApiFixture&gt;</c>); every test takes its own
/// project, so that tests run side by side. Derive from it to change settings.
/// </summary>
public class ApiFixture : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private NpgsqlDataSource _rows = null!;

    /// <summary>Speaks to the service without a key; see <see cref="ApiCalls.SendAsync"/> for calls in a project's name. Does not follow redirects.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Connection string of the database.</summary>
    public string Db => _database.ConnectionString;

    internal WebApplication App { get; private set; } = null!;

    /// <summary>Settings on top of the defaults, as command-line arguments: <c>"--Crm:AllowedHosts:0=127.0.0.1:8090"</c>.</summary>
    protected virtual string[] Args => [];

    /// <summary>Last word on the builder: a fake clock, a fake CRM.</summary>
    protected virtual void Configure(WebApplicationBuilder builder) { }

    /// <summary>Routes of the tests' own, beside the service's.</summary>
    private protected virtual void Map(WebApplication app) { }

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _rows = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(Db) { MaxPoolSize = 8, ApplicationName = "tests" }.ConnectionString).Build();
        App = LeadIngestApp.Build(["--urls=http://127.0.0.1:0", "--environment=Testing", "--Logging:LogLevel:Default=Warning", "--Reconcile:Enabled=false", "--Retention:Enabled=false", .. Args], Db, Configure);
        Map(App);
        await App.StartAsync();
        var address = App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(address) };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.Services.GetRequiredService<Database>().DisposeAsync();
        await App.DisposeAsync();
        await _rows.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>A project with one API key and one site that any origin may post to.</summary>
    public async Task<TestProject> CreateProjectAsync(string name = "Окна Плюс")
    {
        var project = new TestProject(Guid.CreateVersion7(), "li_" + Guid.CreateVersion7().ToString("N"), "site_" + Guid.CreateVersion7().ToString("N"), Guid.CreateVersion7());
        await ExecuteAsync("""
            insert into projects (project_id, name) values (@ProjectId, @Name);
            insert into api_keys (project_id, id, name, prefix, key_hash) values (@ProjectId, @KeyId, 'tests', @Prefix, @Hash);
            insert into sites (project_id, id, site_key, name) values (@ProjectId, @SiteId, @SiteKey, 'okna-plus.ru');
            """, new { project.ProjectId, Name = name, KeyId = Guid.CreateVersion7(), Prefix = project.ApiKey[..11], Hash = ApiKeyCache.Hash(project.ApiKey), project.SiteId, project.SiteKey });
        return project;
    }

    public async Task<int> ExecuteAsync(string sql, object? args = null)
    {
        await using var connection = await _rows.OpenConnectionAsync();
        return await connection.ExecuteAsync(sql, args);
    }

    public async Task<T?> ScalarAsync<T>(string sql, object? args = null)
    {
        await using var connection = await _rows.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, args);
    }

    /// <summary><c>select count(*) …</c></summary>
    public Task<long> CountAsync(string sql, object? args = null) => ScalarAsync<long>(sql, args);
}

/// <summary>Calls in a project's name.</summary>
public static class ApiCalls
{
    /// <summary>One call. A body becomes JSON unless it is ready <see cref="HttpContent"/>; no project means no key. Of a stream of events only the headers have been read: it may never end.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this ApiFixture api, TestProject? project, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (project is not null) request.Headers.Authorization = new("Bearer", project.ApiKey);
        request.Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body));
        var answer = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsStream()) await answer.Content.LoadIntoBufferAsync();
        return answer;
    }

    public static bool IsStream(this HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType == "text/event-stream";

    public static Task<HttpResponseMessage> GetAsync(this ApiFixture api, TestProject project, string path) => api.SendAsync(project, HttpMethod.Get, path);

    public static Task<HttpResponseMessage> PostAsync(this ApiFixture api, TestProject project, string path, object? body = null) =>
        api.SendAsync(project, HttpMethod.Post, path, body);

    /// <summary>The JSON of a GET that must succeed.</summary>
    public static async Task<JsonElement> ReadAsync(this ApiFixture api, TestProject project, string path) => await JsonAsync(await api.GetAsync(project, path));

    /// <summary>The JSON of an answer that must be a success.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>The problem document of a refusal with this status.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"Expected {status}, got {(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
