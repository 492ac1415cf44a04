using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using LeadIngest.Api.Data;
using LeadIngest.CrmEmulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Cabinets;

/// <summary>The service beside emulated cabinets. Every test has a cabinet of its own: Direct tells them apart by <c>Client-Login</c>, VK by the client's id.</summary>
public class CabinetsFixture : ApiFixture, IDisposable
{
    private readonly WebApplication _emulator;
    private readonly List<WebApplication> _nodes = [];

    public CabinetsFixture()
    {
        _emulator = Emulator.Build(new EmulatorOptions { Urls = "http://127.0.0.1:0" });
        _emulator.StartAsync().GetAwaiter().GetResult();
        Vendor = new HttpClient { BaseAddress = new Uri(_emulator.Urls.Single()) };
    }

    public HttpClient Vendor { get; }

    /// <summary>Today by the vendors' clock, which is the cabinets' too.</summary>
    public static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(3)).DateTime);

    protected virtual bool Works => true;

    protected override string[] Args =>
    [
        $"--Crm:AllowedHosts:0={Vendor.BaseAddress!.Authority}", $"--Cabinets:Enabled={Works}", "--Cabinets:LookEvery=00:00:00.200", "--Cabinets:FirstPause=00:00:00.200", "--Cabinets:LongestPause=00:00:02",
        "--Delivery:Enabled=false",
    ];

    /// <summary>One more process over the same database.</summary>
    internal async Task StartNodeAsync()
    {
        var node = LeadIngestApp.Build(["--urls=http://127.0.0.1:0", "--environment=Testing", "--Logging:LogLevel:Default=Warning", .. Args, "--Cabinets:Enabled=true"], Db, Configure);
        _nodes.Add(node);
        await node.StartAsync();
    }

    /// <summary>The service as it is deployed, in a process that a test may kill.</summary>
    public Process StartWorker()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "LeadIngest.Api"), ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"]) { WorkingDirectory = AppContext.BaseDirectory };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Testing",
            ["ConnectionStrings__Postgres"] = Db,
            ["Crm__AllowedHosts__0"] = Vendor.BaseAddress!.Authority,
            ["Delivery__Enabled"] = "false",
            ["Cabinets__Lease"] = "00:00:02",
            ["Cabinets__LookEvery"] = "00:00:00.200",
        }) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>A cabinet's name at the vendor that no other test has.</summary>
    public static string NewLogin() => "c" + Guid.CreateVersion7().ToString("N");

    /// <summary>An account that is asked for its spend from the day on.</summary>
    public async Task<Guid> ConnectAsync(TestProject project, string kind, string login, DateOnly from, string? level = null, bool? vatIncluded = null, string token = "demo-direct-token", string name = "Кабинет") =>
        (await (await this.PostAsync(project, "/v1/spend/accounts", Body(kind, login, from, level, vatIncluded, token, name))).JsonAsync()).GetProperty("id").GetGuid();

    public object Body(string kind, string login, DateOnly from, string? level = null, bool? vatIncluded = null, string token = "demo-direct-token", string name = "Кабинет") => kind == "yandex_direct"
        ? new { name, kind, vatIncluded, cabinet = new { token, clientLogin = login, baseAddress = Vendor.BaseAddress + "yandex-direct", loadFrom = Day(from), timeZone = "Europe/Moscow", level } }
        : new { name, kind, vatIncluded, cabinet = new { clientId = login, clientSecret = "demo-vk-secret", baseAddress = Vendor.BaseAddress + "vk-ads", loadFrom = Day(from), timeZone = "Europe/Moscow", level } };

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd");

    public Task<JsonElement> AccountAsync(TestProject project, Guid id) => this.ReadAsync(project, $"/v1/spend/accounts/{id}");

    /// <summary>Waits until nothing of the account is left to load.</summary>
    public Task<JsonElement> LoadedAsync(TestProject project, Guid id) =>
        UntilAsync(project, id, a => a.GetProperty("cabinet").GetProperty("loads") is { } loads && loads.GetArrayLength() > 0 && loads.EnumerateArray().All(l => l.GetProperty("state").GetString() != "waiting"));

    public async Task<JsonElement> UntilAsync(TestProject project, Guid id, Func<JsonElement, bool> isRight)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var account = await AccountAsync(project, id);
            if (isRight(account)) return account;
            if (limit.IsCancellationRequested) Assert.Fail($"It stayed {account}");
            await Task.Delay(40);
        }
    }

    /// <summary>Loads the days now, and waits for it.</summary>
    public async Task<JsonElement> LoadAsync(TestProject project, Guid id, DateOnly from, DateOnly to)
    {
        var asked = await this.PostAsync(project, $"/v1/spend/accounts/{id}/load", new { from = Day(from), to = Day(to) });
        Assert.Equal(202, (int)asked.StatusCode);
        return await LoadedAsync(project, id);
    }

    /// <summary>What the cabinet has spent, by the vendor's books.</summary>
    public async Task SpendAsync(string kind, string account, string mode, params object[] rows)
    {
        using var answer = await Vendor.PostAsJsonAsync($"/_seed/{kind}", new { account, mode, rows });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static object Row(DateOnly day, long campaign, decimal cost, long clicks = 10, long? group = null, long? ad = null, string? keyword = null, string? name = null) => new
    {
        day = Day(day),
        campaignId = campaign,
        campaign = name ?? $"Кампания {campaign}",
        groupId = group,
        group = group is null ? null : $"Группа {group}",
        adId = ad,
        ad = ad is null ? null : $"Объявление {ad}",
        keyword,
        impressions = clicks * 20,
        clicks,
        cost,
    };

    public async Task FaultAsync(string kind, object fault)
    {
        using var answer = await Vendor.PostAsJsonAsync($"/_faults/{kind}", fault);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Calls that the vendor has seen for the cabinet: status, path and query, in order.</summary>
    public async Task<string[]> AskedAsync(string kind, string account) =>
        [.. (await Vendor.GetFromJsonAsync<JsonElement>($"/_requests/{kind}?account={account}")).GetProperty("requests").EnumerateArray()
            .Select(r => $"{r.GetProperty("status").GetInt32()} {r.GetProperty("path").GetString()}{r.GetProperty("query").GetString()}")];

    /// <summary>What counts, as "day key amount".</summary>
    public async Task<string[]> CountingAsync(TestProject project) => (await ScalarAsync<string[]>("""
        select coalesce(array_agg(day || ' ' || coalesce(campaign_id, '-') || coalesce('/' || group_id, '') || coalesce('/' || ad_id, '') || coalesce(' ' || keyword, '') || ' ' || trim_scale(amount)
            order by day, campaign_id, group_id, keyword), '{}')
        from spend where project_id = @P and current
        """, new { P = project.ProjectId }))!;

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.StopAsync().GetAwaiter().GetResult();
            node.Services.GetRequiredService<Database>().DisposeAsync().AsTask().GetAwaiter().GetResult();
            node.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        Vendor.Dispose();
        _emulator.DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The node that a test speaks to asks no cabinets: others do.</summary>
public sealed class CabinetsBesideWorkers : CabinetsFixture
{
    protected override bool Works => false;
}

internal static class MetricReading
{
    /// <summary>The value of a series once it is there.</summary>
    public static async Task<double> UntilMetricAsync(this CabinetsFixture api, string series)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var line = (await api.Client.GetStringAsync("/metrics", limit.Token)).Split('\n').FirstOrDefault(l => l.StartsWith(series, StringComparison.Ordinal));
            if (line is not null) return double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            await Task.Delay(50, limit.Token);
        }
    }
}
