using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator;
using Microsoft.AspNetCore.Builder;

namespace LeadIngest.Crm.Tests;

/// <summary>The emulator in this process, on a port of its own, and what a test asks of it beside the CRM's own calls.</summary>
internal sealed class EmulatedCrm : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _doors;
    private readonly string _crm;

    private EmulatedCrm(WebApplication app, string crm)
    {
        (_app, _crm) = (app, crm);
        Address = new Uri(app.Urls.First() + "/");
        _doors = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public static async Task<EmulatedCrm> StartAsync(string crm, Action<EmulatorOptions>? change = null)
    {
        var options = new EmulatorOptions { Urls = "http://127.0.0.1:0", Seed = 7, RateLimits = false };
        change?.Invoke(options);
        var app = Emulator.Build(options);
        await app.StartAsync();
        return new EmulatedCrm(app, crm);
    }

    /// <summary>What it holds: <c>deals</c>, <c>leads</c>, <c>contacts</c>, <c>notes</c>.</summary>
    public async Task<IReadOnlyList<JsonNode>> HoldsAsync(string noun) =>
        [.. (await _doors.GetFromJsonAsync<JsonArray>($"_state/{_crm}/{noun}"))!.Select(n => n!)];

    public async Task<int> CountAsync(string noun) => (await HoldsAsync(noun)).Count;

    public async Task<JsonNode> RequestsAsync() => (await _doors.GetFromJsonAsync<JsonNode>($"_requests/{_crm}"))!;

    public async Task<int> CallsAsync() => (int)(await RequestsAsync())["total"]!;

    public async Task FailAsync(string kind, int? status = null, double? seconds = null, int? ms = null)
    {
        using var answer = await _doors.PostAsJsonAsync("_faults", new { crm = _crm, kind, probability = 1, status, seconds, ms });
        answer.EnsureSuccessStatusCode();
    }

    public async Task HealAsync()
    {
        using var answer = await _doors.DeleteAsync(new Uri("_faults", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A person works in the CRM.</summary>
    public Task<JsonNode> ActAsync(object act) => PostAsync($"_act/{_crm}", act);

    /// <summary>Straight to the CRM, as another program would.</summary>
    public async Task<JsonNode> PostAsync(string path, object body)
    {
        using var answer = await _doors.PostAsJsonAsync(path, body, System.Text.Json.JsonSerializerOptions.Default);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>A person removes an object in the CRM.</summary>
    public async Task RemoveAsync(string entity, string id)
    {
        using var answer = await _doors.PostAsJsonAsync($"_act/{_crm}", new { entity, delete = long.Parse(id, System.Globalization.CultureInfo.InvariantCulture) });
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _doors.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
