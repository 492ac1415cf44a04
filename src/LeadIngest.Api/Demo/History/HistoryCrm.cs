using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadIngest.Api.Demo.History;

/// <summary>The emulated amoCRM, by the doors that stand beside its API.</summary>
internal sealed class HistoryCrm(Uri emulator) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = emulator, Timeout = TimeSpan.FromSeconds(60) };

    /// <returns>Null, or why no history can be put there.</returns>
    public async Task<string?> WhyNotAsync(CancellationToken ct)
    {
        try
        {
            var deals = await _http.GetFromJsonAsync<JsonElement[]>("/_state/amocrm/deals", ct) ?? [];
            return deals.Any(d => d.GetProperty("id").GetInt64() >= 300_000) ? "The emulated amoCRM holds a history already: start the emulator anew." : null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return $"The emulated CRM does not answer at {emulator}: `make run` starts it (or see src/LeadIngest.CrmEmulator). Its address is Demo__EmulatorUrl.";
        }
    }

    public Task RememberAsync(JsonObject past, CancellationToken ct) => PostAsync("/_seed/amocrm", past, ct);

    public Task ActAsync(JsonObject act, CancellationToken ct) => PostAsync("/_act/amocrm", act, ct);

    private async Task PostAsync(string door, JsonObject body, CancellationToken ct)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(door, content, ct);
        if (!answer.IsSuccessStatusCode) throw new HistoryFailure($"The emulated CRM refused {door}: {await answer.Content.ReadAsStringAsync(ct)}");
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>A history that could not be written to its end; the message says why.</summary>
internal sealed class HistoryFailure(string message) : Exception(message);
