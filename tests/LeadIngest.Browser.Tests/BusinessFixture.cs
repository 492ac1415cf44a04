using System.Net.Http.Json;
using System.Text.Json;
using LeadIngest.Api.Demo;
using LeadIngest.Api.Tests;
using LeadIngest.CrmEmulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Browser.Tests;

/// <summary>All that a business has: the service with its demo project, both emulated CRMs and a PBX that calls, a website, visitors at a browser.</summary>
public class BusinessFixture : TrackerFixture, IDisposable
{
    private const string DemoToken = "demo-call-token-of-the-tests-0000000000";
    private readonly EmulatorOptions _options = new() { Urls = "http://127.0.0.1:0", Bitrix24 = { Plan = "enterprise" } };
    private readonly WebApplication _emulator;
    private readonly HttpClient _doors = new(new SocketsHttpHandler { UseProxy = false });

    public BusinessFixture()
    {
        _emulator = Emulator.Build(_options);
        _emulator.StartAsync().GetAwaiter().GetResult();
        _doors.BaseAddress = new Uri(_emulator.Urls.Single());
    }

    internal string EmulatorUrl => _doors.BaseAddress!.GetLeftPart(UriPartial.Authority);

    /// <summary>Lets the service speak to the emulated CRMs; for another node over the same database too.</summary>
    internal string[] CrmArgs => [$"--Crm:AllowedHosts:0={_doors.BaseAddress!.Authority}"];

    protected override string[] Args => [.. CrmArgs, "--Demo:Enabled=true", $"--Demo:EmulatorUrl={EmulatorUrl}", $"--Demo:CallToken={DemoToken}"];

    protected override async Task StartedAsync()
    {
        _options.Pbx.Webhook = $"{Service}/v1/calls/generic/{DemoToken}";
        await App.Services.GetRequiredService<DemoProject>().EnsureAsync(CancellationToken.None);
    }

    /// <summary>A project with a connection to each emulated CRM and a PBX, made through the API as an integrator would.</summary>
    /// <returns>The project, and the address that its PBX posts to.</returns>
    internal async Task<(TestProject Project, string Webhook)> CreateBusinessAsync()
    {
        var project = await CreateProjectAsync();
        await (await this.PostAsync(project, "/v1/connections", new { crm = "amocrm", name = "amoCRM", baseAddress = EmulatorUrl + "/amocrm", token = "demo-amocrm-token" })).JsonAsync();
        await (await this.PostAsync(project, "/v1/connections", new
        {
            crm = "bitrix24",
            name = "Битрикс24",
            baseAddress = EmulatorUrl + "/bitrix24/rest/1/demo-bitrix-secret/",
            settings = new { plan = "enterprise" },
        })).JsonAsync();
        var pbx = await (await this.PostAsync(project, "/v1/senders", new { kind = "call", provider = "generic", name = "АТС", siteId = project.SiteId })).JsonAsync();
        return (project, pbx.GetProperty("address").GetString()!);
    }

    /// <summary>Everything that the emulator holds of a kind: <c>amocrm/leads</c>, <c>bitrix24/deals</c>.</summary>
    internal async Task<JsonElement[]> StateAsync(string what) => JsonSerializer.Deserialize<JsonElement[]>(await _doors.GetStringAsync("/_state/" + what))!;

    /// <summary>Somebody calls, and the PBX tells the webhook all about it.</summary>
    internal async Task CallAsync(string webhook, string to, string from)
    {
        var call = await (await _doors.PostAsJsonAsync("/_act/pbx", new { to, from, outcome = "answered", talkSeconds = 64, recording = true, webhook })).JsonAsync();
        Assert.All(call.GetProperty("events").EnumerateArray(), told => Assert.Equal(200, told.GetProperty("status").GetInt32()));
    }

    /// <summary>The project's leads, newest first, as soon as there are so many and both CRMs have all of them.</summary>
    internal async Task<JsonElement[]> DeliveredAsync(TestProject project, int leads)
    {
        JsonElement[] found = [];
        await Visitor.UntilAsync(async () =>
        {
            var page = (await this.ReadAsync(project, "/v1/leads")).GetProperty("items").EnumerateArray().Select(l => l.GetProperty("id").GetGuid()).ToArray();
            found = await Task.WhenAll(page.Select(id => this.ReadAsync(project, $"/v1/leads/{id}")));
            return found.Length >= leads && found.All(l => l.GetProperty("deliveries").EnumerateArray().Count(d => Visitor.Text(d, "state") == "delivered") >= 2);
        }, $"{leads} leads in both CRMs");
        Assert.Equal(leads, found.Length);
        return found;
    }

    /// <summary>The lead's deals: amoCRM's, then Bitrix24's.</summary>
    internal async Task<(JsonElement Amocrm, JsonElement Bitrix24)> DealsAsync(JsonElement lead)
    {
        var (amocrm, bitrix24) = (Remote(lead, "amocrm"), Remote(lead, "bitrix24"));
        return (Assert.Single(await StateAsync("amocrm/leads"), d => Visitor.Text(d, "id") == amocrm), Assert.Single(await StateAsync("bitrix24/deals"), d => Visitor.Text(d, "ID") == bitrix24));
    }

    internal static string? Remote(JsonElement lead, string crm) =>
        lead.GetProperty("deliveries").EnumerateArray().First(d => Visitor.Text(d, "crm") == crm).GetProperty("remoteLeadId").GetString();

    public void Dispose()
    {
        _doors.Dispose();
        _emulator.DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }
}
