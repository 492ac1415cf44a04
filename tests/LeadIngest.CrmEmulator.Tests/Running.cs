using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace LeadIngest.CrmEmulator.Tests;

/// <summary>A clock that stands still until moved.</summary>
internal sealed class StoppedClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 9, 21, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Move(TimeSpan by) => _now += by;
}

/// <summary>An emulator in this process, on a free port.</summary>
internal sealed class Running : IAsyncDisposable
{
    public const string Token = "demo-amocrm-token";

    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private Running(WebApplication app)
    {
        _app = app;
        Address = app.Urls.First();
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Address + "/") };
    }

    public string Address { get; }

    public HttpClient Http => _http;

    public static async Task<Running> StartAsync(Action<EmulatorOptions>? set = null)
    {
        var options = new EmulatorOptions { Urls = "http://127.0.0.1:0", RateLimits = false, Seed = 1 };
        set?.Invoke(options);
        var app = Emulator.Build(options);
        await app.StartAsync();
        return new Running(app);
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> AmoAsync(string method, string path, string? json = null, string? token = Token)
    {
        var (status, text, _) = await AmoTextAsync(method, path, json, token);
        return (status, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task<(HttpStatusCode Status, string Text, string? Type)> AmoTextAsync(string method, string path, string? json = null, string? token = Token)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "amocrm/api/v4/" + path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Any request below the address: the status, the body and where it redirects to.</summary>
    public async Task<(HttpStatusCode Status, string Text, string? Location)> SendAsync(string method, string path, string? body = null, string? token = null,
        string? host = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Host = host;
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, type);
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location?.OriginalString);
    }

    public async Task<JsonNode> JsonAsync(string method, string path, string? body = null, string? token = null, string? host = null) =>
        JsonNode.Parse((await SendAsync(method, path, body, token, host)).Text)!;

    /// <summary>Changes the state of an account.</summary>
    public async Task AccountAsync(string crm, string json, string? account = null)
    {
        var (status, text, _) = await SendAsync("POST", $"_account/{crm}?account={account}", json);
        Assert.True(status == HttpStatusCode.OK, text);
    }

    public async Task<long> AmoLeadAsync(string name = "Lead", string? externalId = null)
    {
        var fields = externalId is null ? "" : $$""","custom_fields_values":[{"field_code":"UTM_CONTENT","values":[{"value":"{{externalId}}"}]}]""";
        var (_, body) = await AmoAsync("POST", "leads", $$"""[{"name":"{{name}}"{{fields}}}]""");
        return body!["_embedded"]!["leads"]![0]!["id"]!.GetValue<long>();
    }

    public async Task<(HttpStatusCode Status, JsonNode Body)> BitrixAsync(string method, string json = "{}", string secret = "demo-bitrix-secret")
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri($"bitrix24/rest/1/{secret}/{method}", UriKind.Relative), content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public async Task<JsonArray> StateAsync(string crm, string noun) =>
        (JsonArray)JsonNode.Parse(await _http.GetStringAsync(new Uri($"_state/{crm}/{noun}", UriKind.Relative)))!;

    public async Task<HttpStatusCode> FaultAsync(string json)
    {
        using var content = new StringContent(json);
        using var response = await _http.PostAsync(new Uri("_faults", UriKind.Relative), content);
        return response.StatusCode;
    }

    public async Task<(HttpStatusCode Status, JsonNode Body)> ActAsync(string crm, string json)
    {
        using var content = new StringContent(json);
        using var response = await _http.PostAsync(new Uri("_act/" + crm, UriKind.Relative), content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
