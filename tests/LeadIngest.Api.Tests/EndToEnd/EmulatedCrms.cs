using System.Text.Json;
using LeadIngest.CrmEmulator;
using Microsoft.AspNetCore.Builder;

namespace LeadIngest.Api.Tests.EndToEnd;

/// <summary>The service with both emulated CRMs beside it, in one process.</summary>
public sealed class EmulatedCrms : ApiFixture, IDisposable
{
    private readonly WebApplication _emulator;
    private readonly HttpClient _crm = new();

    public EmulatedCrms()
    {
        _emulator = Emulator.Build(new EmulatorOptions { Urls = "http://127.0.0.1:0", Bitrix24 = { Plan = "enterprise" } });
        _emulator.StartAsync().GetAwaiter().GetResult();
        _crm.BaseAddress = new Uri(_emulator.Urls.Single());
    }

    /// <summary>Where both emulated CRMs listen.</summary>
    public Uri CrmAddress => _crm.BaseAddress!;

    protected override string[] Args => [$"--Crm:AllowedHosts:0={_crm.BaseAddress!.Authority}"];

    /// <summary>A project with a connection to each emulated CRM, made through the API as an integrator would.</summary>
    public async Task<TestProject> CreateConnectedProjectAsync() => (await ConnectAsync()).Project;

    /// <summary>The same, with the ids of the two connections.</summary>
    public async Task<(TestProject Project, Guid Amocrm, Guid Bitrix24)> ConnectAsync()
    {
        var project = await CreateProjectAsync();
        var address = _crm.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var amocrm = await (await this.PostAsync(project, "/v1/connections", new { crm = "amocrm", name = "amoCRM", baseAddress = address + "/amocrm", token = "demo-amocrm-token" })).JsonAsync();
        var bitrix24 = await (await this.PostAsync(project, "/v1/connections", new
        {
            crm = "bitrix24",
            name = "Битрикс24",
            baseAddress = address + "/bitrix24/rest/1/demo-bitrix-secret/",
            settings = new { plan = "enterprise" },
        })).JsonAsync();
        // Many leads come from this one address.
        await ExecuteAsync("update sites set rate_per_second = 10000, rate_per_ip_per_minute = 100000 where project_id = @ProjectId", new { project.ProjectId });
        return (project, amocrm.GetProperty("id").GetGuid(), bitrix24.GetProperty("id").GetGuid());
    }

    /// <summary>A project with a connection to one of the emulated CRMs.</summary>
    public async Task<(TestProject Project, Guid Connection)> ConnectOneAsync(string crm)
    {
        var project = await CreateProjectAsync();
        return (project, await ConnectAsync(project, crm));
    }

    /// <summary>One more connection of a project.</summary>
    public async Task<Guid> ConnectAsync(TestProject project, string crm)
    {
        var address = _crm.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var made = await (await this.PostAsync(project, "/v1/connections", crm == "amocrm"
            ? new { crm, name = crm, baseAddress = address + "/amocrm", token = (string?)"demo-amocrm-token", settings = (object?)null }
            : new { crm, name = crm, baseAddress = address + "/bitrix24/rest/1/demo-bitrix-secret/", token = (string?)null, settings = new { plan = "enterprise" } })).JsonAsync();
        return made.GetProperty("id").GetGuid();
    }

    /// <summary>A connection to an account of its own, <c>acme.amocrm.ru</c> or <c>acme.bitrix24.ru</c>: whatever the other tests of the class do with theirs does not touch it.</summary>
    public async Task<Guid> ConnectAtAsync(TestProject project, string crm, string host)
    {
        var address = _crm.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var made = await (await this.PostAsync(project, "/v1/connections", crm == "amocrm"
            ? new { crm, name = crm, baseAddress = $"{address}/amocrm@{host}", token = (string?)"demo-amocrm-token", settings = (object?)null }
            : new { crm, name = crm, baseAddress = $"{address}/bitrix24@{host}/rest/1/demo-bitrix-secret/", token = (string?)null, settings = new { plan = "enterprise" } })).JsonAsync();
        return made.GetProperty("id").GetGuid();
    }

    /// <summary>The calls that a CRM has seen, all accounts or one: method and path with query, in order.</summary>
    public async Task<string[]> RequestsAsync(string crm, string? host = null) =>
        [.. JsonSerializer.Deserialize<JsonElement>(await _crm.GetStringAsync($"/_requests/{crm}{(host is null ? "" : "?account=" + host)}")).GetProperty("requests").EnumerateArray()
            .Select(r => $"{r.GetProperty("method").GetString()} {r.GetProperty("path").GetString()}{r.GetProperty("query").GetString()}")];

    /// <summary>One of the emulator's doors, or a CRM's own API as another program would call it.</summary>
    public async Task<JsonElement> CrmAsync(string path, object body)
    {
        // The emulated CRMs keep their limits against everybody: who enters by hand tries again.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            // Names as they are written here: Bitrix24's are in capitals.
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = System.Net.Http.Json.JsonContent.Create(body, options: JsonSerializerOptions.Default) };
            if (path.StartsWith("/amocrm", StringComparison.Ordinal)) request.Headers.Authorization = new("Bearer", "demo-amocrm-token");
            using var answer = await _crm.SendAsync(request, limit.Token);
            if ((int)answer.StatusCode is not 429 and not 503) return await answer.JsonAsync();
            await Task.Delay(100, limit.Token);
        }
    }

    /// <summary>Somebody enters a person into both CRMs by hand.</summary>
    /// <returns>The contact's id in amoCRM and in Bitrix24.</returns>
    public async Task<(string Amocrm, string Bitrix24)> EnterContactAsync(string name, string phone)
    {
        var amocrm = await CrmAsync("/amocrm/api/v4/contacts",
            new[] { new { name, custom_fields_values = new[] { new { field_code = "PHONE", values = new[] { new { value = phone, enum_code = "MOB" } } } } } });
        var bitrix24 = await CrmAsync("/bitrix24/rest/1/demo-bitrix-secret/crm.contact.add",
            new { fields = new { NAME = name, PHONE = new[] { new { VALUE = phone, VALUE_TYPE = "WORK" } } } });
        return (amocrm.GetProperty("_embedded").GetProperty("contacts")[0].GetProperty("id").ToString(), bitrix24.GetProperty("result").ToString());
    }

    public Task HealAsync() => _crm.DeleteAsync("/_faults");

    /// <summary>Waits until the answer of a GET is as it should be.</summary>
    public async Task<JsonElement> UntilAsync(TestProject project, string path, Func<JsonElement, bool> isRight)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        while (true)
        {
            var answer = await this.ReadAsync(project, path);
            if (isRight(answer)) return answer;
            if (limit.IsCancellationRequested) Assert.Fail($"{path} stayed {answer}");
            await Task.Delay(50);
        }
    }

    /// <summary>Everything that an emulated CRM holds of a kind: <c>amocrm/leads</c>, <c>bitrix24/deals</c>.</summary>
    public async Task<JsonElement[]> StateAsync(string what) => JsonSerializer.Deserialize<JsonElement[]>(await _crm.GetStringAsync("/_state/" + what))!;

    /// <summary>Posts a lead as a form does and returns its id.</summary>
    public async Task<Guid> PostLeadAsync(TestProject project, object lead) =>
        (await (await this.SendAsync(null, HttpMethod.Post, $"/v1/sites/{project.SiteKey}/leads", lead)).JsonAsync()).GetProperty("leadId").GetGuid();

    /// <summary>The lead once every delivery of it has arrived.</summary>
    public async Task<JsonElement> DeliveredAsync(TestProject project, Guid leadId, int connections = 2)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        while (true)
        {
            var lead = await this.ReadAsync(project, $"/v1/leads/{leadId}");
            var states = lead.GetProperty("deliveries").EnumerateArray().Select(d => d.GetProperty("state").GetString()).ToList();
            Assert.DoesNotContain("dead", states);
            if (states.Count == connections && states.All(s => s == "delivered")) return lead;
            await Task.Delay(50, limit.Token);
        }
    }

    public void Dispose()
    {
        _crm.Dispose();
        _emulator.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
