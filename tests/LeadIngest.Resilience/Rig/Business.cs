using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LeadIngest.Resilience.Rig;

/// <summary>
/// A customer of the service, set up as an integrator does it: a project made on the command line, a site and logins to both CRMs made over HTTP.
/// Whoever asks waits until one of the processes answers.
/// </summary>
internal sealed partial class Business : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(15) };
    private readonly IReadOnlyList<ServiceProcess> _services;
    private readonly EmulatorProcess _emulator;
    private readonly Dictionary<string, Guid> _connections = [];
    private int _turn;

    private Business(IReadOnlyList<ServiceProcess> services, EmulatorProcess emulator, string key)
    {
        (_services, _emulator) = (services, emulator);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>The emulator's own account of each CRM.</summary>
    public static string HostOf(string crm) => crm == "amocrm" ? "emulator.amocrm.ru" : "emulator.bitrix24.ru";

    /// <summary>Connections by CRM.</summary>
    public IReadOnlyDictionary<string, Guid> Connections => _connections;

    /// <param name="services">Running; they post to the new site from here on.</param>
    public static async Task<Business> OpenAsync(RunFolder folder, string connectionString, IReadOnlyList<ServiceProcess> services, EmulatorProcess emulator, CancellationToken ct)
    {
        var business = new Business(services, emulator, await AddProjectAsync(folder, connectionString, ct));
        var projects = await business.AskAsync(HttpMethod.Get, "/v1/projects", null, ct);
        var project = projects.GetProperty("items")[0].GetProperty("id").GetGuid();
        // A run may take longer than the window of ten minutes; which lead is a duplicate must not depend on it.
        await business.AskAsync(HttpMethod.Patch, $"/v1/projects/{project}", new { duplicateWindowSeconds = 86_400 }, ct);
        var site = await business.AskAsync(HttpMethod.Post, "/v1/sites", new { name = "shop.example.ru", ratePerSecond = 10_000, ratePerIpPerMinute = 100_000 }, ct);
        foreach (var service in services) service.SiteKey = site.GetProperty("siteKey").GetString()!;
        foreach (var crm in Checks.CrmContents.Crms) await business.LogInAsync(crm, ct);
        return business;
    }

    /// <summary>An administrator gives his consent; a connection that is there is logged in anew.</summary>
    public async Task LogInAsync(string crm, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        while (!await TryLogInAsync(crm, limit.Token)) await Task.Delay(300, limit.Token);
    }

    /// <summary>Somebody presses "check" on one of the processes, which asks the CRM with the login of the moment. What comes of it is not looked at.</summary>
    public async Task CheckAsync(string crm, CancellationToken ct)
    {
        try
        {
            await TryAskAsync(HttpMethod.Post, $"/v1/connections/{_connections[crm]}/check", new { repair = false }, ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // That process stands still.
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<string> AddProjectAsync(RunFolder folder, string connectionString, CancellationToken ct)
    {
        var log = folder.Log("project");
        using var command = ChildProcess.Start("LeadIngest.Api", ["project", "Soak"],
            new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Soak", ["ConnectionStrings__Postgres"] = connectionString }, folder.Path, log);
        await command.ExitedAsync(ct);
        var key = ApiKey().Match(await File.ReadAllTextAsync(log, ct));
        return key.Success ? key.Groups[1].Value : throw new SoakException($"No project was made, see {log}.");
    }

    /// <returns>False when it broke off somewhere: it has to begin anew, for a state and a code work once.</returns>
    private async Task<bool> TryLogInAsync(string crm, CancellationToken ct)
    {
        try
        {
            var begun = await TryAskAsync(HttpMethod.Post, "/v1/connections/authorize", new
            {
                crm,
                name = crm,
                connectionId = _connections.TryGetValue(crm, out var known) ? known : (Guid?)null,
                host = HostOf(crm),
                clientId = crm == "amocrm" ? "demo-client-id" : "demo-b24-client-id",
                clientSecret = crm == "amocrm" ? "demo-client-secret" : "demo-b24-client-secret",
                redirectUri = EmulatorProcess.RedirectUri(crm),
                settings = new { plan = "enterprise" },
            }, ct);
            if (begun is not { } login) return false;
            var back = await _emulator.ConsentAsync(new Uri(login.GetProperty("url").GetString()!), HostOf(crm), ct);
            using var page = await _http.GetAsync(new Uri(NextAddress(), back), ct);
            if (page.IsSuccessStatusCode) _connections[crm] = login.GetProperty("connectionId").GetGuid();
            return page.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task<JsonElement> AskAsync(HttpMethod method, string path, object? body, CancellationToken ct) =>
        await TryAskAsync(method, path, body, ct) ?? throw new SoakException($"{method} {path} was not answered.");

    /// <returns>Null when the process that was asked is not there; an answer that is no success is a fault of the soak.</returns>
    private async Task<JsonElement?> TryAskAsync(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(NextAddress(), path)) { Content = body is null ? null : JsonContent.Create(body) };
        try
        {
            using var answer = await _http.SendAsync(request, ct);
            var text = await answer.Content.ReadAsStringAsync(ct);
            if ((int)answer.StatusCode is >= 400 and < 500)
                throw new SoakException(string.Create(CultureInfo.InvariantCulture, $"{method} {path} was answered {(int)answer.StatusCode}: {text}"));
            return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private Uri NextAddress() => _services[(int)((uint)Interlocked.Increment(ref _turn) % _services.Count)].Address;

    [GeneratedRegex("API key (li_[A-Za-z0-9_-]+)")]
    private static partial Regex ApiKey();
}
