using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using LeadIngest.Api.Data;
using LeadIngest.CrmEmulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadIngest.Api.Tests.Connecting;

/// <summary>The service and the emulated vendors, which answer for every host of theirs; the service's clock and log are the test's.</summary>
public class ConnectingFixture : ApiFixture, IDisposable
{
    public const string ClientId = "demo-client-id", ClientSecret = "demo-client-secret", Redirect = "https://leads.example.ru/v1/crm/oauth/amocrm";
    public const string AppId = "demo-b24-client-id", AppSecret = "demo-b24-client-secret";

    private readonly WebApplication _emulator;
    private readonly List<WebApplication> _nodes = [];

    public ConnectingFixture()
    {
        _emulator = Emulator.Build(new EmulatorOptions
        {
            Urls = "http://127.0.0.1:0",
            RateLimits = false,
            Amocrm = { Consent = "allow", RedirectUri = Redirect },
            Bitrix24 = { Consent = "allow", RedirectUri = "https://leads.example.ru/v1/crm/oauth/bitrix24" },
        });
        _emulator.StartAsync().GetAwaiter().GetResult();
        Crm = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri(_emulator.Urls.Single()) };
    }

    /// <summary>The emulator and its doors.</summary>
    public HttpClient Crm { get; }

    /// <summary>Everything that was logged, exceptions included.</summary>
    internal LogKeeper Log { get; } = new();

    /// <summary>How the CRMs reach this service.</summary>
    protected virtual string PublicUrl => "https://leads.example.ru";

    protected override string[] Args =>
    [
        $"--Crm:Emulator={Crm.BaseAddress}", "--Crm:RequestsPerSecond=1000", $"--Http:PublicUrl={PublicUrl}", "--Connecting:LookEvery=00:00:00.200",
        "--Logging:LogLevel:LeadIngest=Trace", "--Crm:AllowedHosts:0=crm.box.example",
    ];

    protected override void Configure(WebApplicationBuilder builder) => builder.Logging.AddProvider(Log);

    /// <summary>One more process over the same database.</summary>
    internal async Task<WebApplication> StartNodeAsync()
    {
        var node = LeadIngestApp.Build(["--urls=http://127.0.0.1:0", "--environment=Testing", "--Logging:LogLevel:Default=Warning", "--Delivery:Enabled=false", .. Args], Db, Configure);
        await node.StartAsync();
        _nodes.Add(node);
        return node;
    }

    internal static HttpClient ClientOf(WebApplication node) => new()
    {
        BaseAddress = new Uri(node.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
    };

    /// <summary>A host that no other test uses.</summary>
    public static string NewHost(string crm) => $"a{Guid.CreateVersion7():N}"[..20] + Random.Shared.Next(1_000_000) + (crm == "amocrm" ? ".amocrm.ru" : ".bitrix24.ru");

    public async Task<JsonElement> BeginAsync(TestProject project, string crm = "amocrm", Guid? connectionId = null, string? host = null) =>
        await (await this.PostAsync(project, "/v1/connections/authorize", new
        {
            crm,
            name = "Отдел продаж",
            connectionId,
            host,
            clientId = crm == "amocrm" ? ClientId : AppId,
            clientSecret = crm == "amocrm" ? ClientSecret : AppSecret,
            redirectUri = $"https://leads.example.ru/v1/crm/oauth/{crm}",
        })).JsonAsync();

    /// <summary>What the CRM's consent page sends the browser back with.</summary>
    public async Task<string> ConsentAsync(string url, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url).PathAndQuery + (url.Contains("amocrm", StringComparison.Ordinal) ? "&account=" + host : ""));
        request.Headers.Host = new Uri(url).Host;
        using var answer = await Crm.SendAsync(request);
        Assert.Equal(302, (int)answer.StatusCode);
        return answer.Headers.Location!.PathAndQuery;
    }

    /// <summary>A connection made by a full consent; its id.</summary>
    public async Task<Guid> ConnectAsync(TestProject project, string host)
    {
        var begun = await BeginAsync(project);
        using var page = await Client.GetAsync(new Uri(await ConsentAsync(begun.GetProperty("url").GetString()!, host), UriKind.Relative));
        Assert.True(page.IsSuccessStatusCode, await page.Content.ReadAsStringAsync());
        return await PeopleReadAsync(project, begun.GetProperty("connectionId").GetGuid());
    }

    /// <summary>Waits for the people of the account: reading them calls the CRM by itself, at a moment of its own.</summary>
    private async Task<Guid> PeopleReadAsync(TestProject project, Guid id)
    {
        await UntilAsync(async () => (await this.ReadAsync(project, $"/v1/connections/{id}/import")).GetProperty("state").GetString() == "done");
        return id;
    }

    /// <summary>A Bitrix24 application installed by code; the connection's id.</summary>
    public async Task<Guid> InstallAsync(TestProject project, string host)
    {
        var begun = await BeginAsync(project, "bitrix24", host: host);
        using var page = await Client.GetAsync(new Uri(await ConsentAsync(begun.GetProperty("url").GetString()!, host), UriKind.Relative));
        Assert.True(page.IsSuccessStatusCode, await page.Content.ReadAsStringAsync());
        return await PeopleReadAsync(project, begun.GetProperty("connectionId").GetGuid());
    }

    internal async Task<Credentials> StoredAsync(TestProject project, Guid id) => Credentials.FromBytes(App.Services.GetRequiredService<CredentialsCipher>()
        .Decrypt(project.ProjectId, id, (await ScalarAsync<byte[]>("select credentials from connections where id = @id", new { id }))!));

    /// <summary>Rewrites what is stored, as if it had been written long ago.</summary>
    internal async Task StoreAsync(TestProject project, Guid id, Credentials credentials) =>
        await ExecuteAsync("update connections set credentials = @sealed_pair where id = @id",
            new { id, sealed_pair = App.Services.GetRequiredService<CredentialsCipher>().Encrypt(project.ProjectId, id, credentials.ToBytes()) });

    /// <summary>The access token's time is over by our clock.</summary>
    public async Task ExpireAsync(TestProject project, Guid id)
    {
        var stored = await StoredAsync(project, id);
        await StoreAsync(project, id, stored with { Login = stored.Login! with { ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(-1), RefreshedAt = stored.Login.RefreshedAt.AddMilliseconds(1) } });
    }

    public async Task ChangeAccountAsync(string crm, object change)
    {
        using var answer = await Crm.PostAsJsonAsync($"/_account/{crm}", change);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonElement[]> StateAsync(string crm, string what, string host) =>
        (await Crm.GetFromJsonAsync<JsonElement[]>($"/_state/{crm}/{what}?account={host}"))!;

    /// <summary>Successful calls of a path at the emulator, for one account where its log tells them apart.</summary>
    public async Task<int> CallsAsync(string crm, string path, string? host = null)
    {
        var log = await Crm.GetFromJsonAsync<JsonElement>($"/_requests/{crm}" + (host is null ? "" : "?account=" + host));
        return log.GetProperty("requests").EnumerateArray().Count(r => r.GetProperty("path").GetString()!.Contains(path, StringComparison.Ordinal) && r.GetProperty("status").GetInt32() == 200);
    }

    public async Task<string> StateOfAsync(TestProject project, Guid id) => (await this.ReadAsync(project, $"/v1/connections/{id}")).GetProperty("state").GetString()!;

    public Task<JsonElement> CheckAsync(TestProject project, Guid id, bool repair = false) => CheckAsync(Client, project, id, repair);

    public static async Task<JsonElement> CheckAsync(HttpClient node, TestProject project, Guid id, bool repair = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/connections/{id}/check") { Content = JsonContent.Create(new { repair }) };
        request.Headers.Authorization = new("Bearer", project.ApiKey);
        using var answer = await node.SendAsync(request);
        return await answer.JsonAsync();
    }

    /// <summary>As a page does: sent again when the service says "not now", which a busy machine makes it say.</summary>
    public async Task<Guid> PostLeadAsync(TestProject project, string phone)
    {
        var formId = Guid.CreateVersion7().ToString("N");
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await this.SendAsync(null, HttpMethod.Post, $"/v1/sites/{project.SiteKey}/leads", new { name = "Иван", phone, formId });
            if (answer.StatusCode != System.Net.HttpStatusCode.ServiceUnavailable || attempt == 5) return (await answer.JsonAsync()).GetProperty("leadId").GetGuid();
            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1));
        }
    }

    public async Task UntilAsync(Func<Task<bool>> condition, Func<Task<string>>? otherwise = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began).TotalSeconds > 60) Assert.Fail(otherwise is null ? "Not met in time." : await otherwise());
            await Task.Delay(30);
        }
    }

    public Task DeliveredAsync(TestProject project, int leads) => UntilAsync(
        async () => await CountAsync("select count(*) from deliveries where project_id = @P and state = 'delivered'", new { P = project.ProjectId }) == leads,
        async () => (await ScalarAsync<string>("select string_agg(d.state || ' ' || coalesce(d.last_error, ''), '; ') from deliveries d where project_id = @P", new { P = project.ProjectId }))!);

    public static string QueryOf(string pathAndQuery, string name) => HttpUtility.ParseQueryString(pathAndQuery[pathAndQuery.IndexOf('?', StringComparison.Ordinal)..])[name]!;

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.StopAsync().GetAwaiter().GetResult();
            node.Services.GetRequiredService<Database>().DisposeAsync().AsTask().GetAwaiter().GetResult();
            node.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        Crm.Dispose();
        _emulator.DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Keeps every line that is logged.</summary>
internal sealed class LogKeeper : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Keeper(this);

    public void Dispose() { }

    private sealed class Keeper(LogKeeper keeper) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            keeper.Lines.Enqueue(formatter(state, exception) + " " + exception);
    }
}
