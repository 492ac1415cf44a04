using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using LeadIngest.CrmEmulator;
using Microsoft.AspNetCore.Builder;

namespace LeadIngest.Api.Tests.Imports;

/// <summary>An API node that never speaks to a CRM: that is done by a process of its own, which a test may kill.</summary>
public sealed class ApiBesideWorker : ApiFixture, IDisposable
{
    private readonly WebApplication _emulator;

    public ApiBesideWorker()
    {
        _emulator = Emulator.Build(new EmulatorOptions { Urls = "http://127.0.0.1:0", RateLimits = false });
        _emulator.StartAsync().GetAwaiter().GetResult();
        Crm = new HttpClient { BaseAddress = new Uri(_emulator.Urls.Single()) };
    }

    public HttpClient Crm { get; }

    protected override string[] Args => ["--Delivery:Enabled=false", $"--Crm:AllowedHosts:0={Crm.BaseAddress!.Authority}"];

    /// <summary>The service as it is deployed, over the same database, with leases that a killed holder does not keep for a minute.</summary>
    /// <param name="readsDeals">Whether it reads the deals too, behind the people.</param>
    public Process StartWorker(bool readsDeals = false)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "LeadIngest.Api"), ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"])
        {
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Testing",
            ["ConnectionStrings__Postgres"] = Db,
            ["Crm__AllowedHosts__0"] = Crm.BaseAddress!.Authority,
            // Fast enough for a test, slow enough to be caught in the middle.
            ["Crm__RequestsPerSecond"] = "20",
            ["Crm__AttemptTimeout"] = "00:00:01.5",
            ["Crm__TotalTimeout"] = "00:00:03",
            ["Delivery__Lease"] = "00:00:03",
            ["Delivery__RenewEvery"] = "00:00:00.5",
            ["Delivery__CallMargin"] = "00:00:00.2",
            ["Delivery__PollEvery"] = "00:00:00.5",
            ["Import__Deals"] = readsDeals ? "true" : "false",
        }) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public void Dispose()
    {
        Crm.Dispose();
        _emulator.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}

/// <summary>A reading outlives the process that reads.</summary>
public sealed class KilledImportTests(ApiBesideWorker api) : IClassFixture<ApiBesideWorker>
{
    private const int Cards = 22_000;

    [Theory]
    [InlineData("amocrm", 250, 5_000, 12_000)]
    [InlineData("bitrix24", 1_000, 4_000, 11_000)]
    public async Task A_process_killed_in_the_middle_is_gone_on_for_from_its_last_page(string crm, int cardsAPage, int firstKillAt, int secondKillAt)
    {
        var host = $"killed.{(crm == "amocrm" ? "amocrm" : "bitrix24")}.ru";
        using (var seeded = await api.Crm.PostAsJsonAsync($"/_seed/{crm}", new { account = host, contacts = Cards, first_phone = 79400000000 })) seeded.EnsureSuccessStatusCode();
        var project = await api.CreateProjectAsync();
        var authority = api.Crm.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var id = (await (await api.PostAsync(project, "/v1/connections", crm == "amocrm"
            ? new { crm, name = crm, baseAddress = $"{authority}/amocrm@{host}", token = (string?)"demo-amocrm-token" }
            : new { crm, name = crm, baseAddress = $"{authority}/bitrix24@{host}/rest/1/demo-bitrix-secret/", token = (string?)null })).JsonAsync()).GetProperty("id").GetGuid();

        foreach (var mark in (int[])[firstKillAt, secondKillAt])
        {
            using var worker = api.StartWorker();
            try
            {
                var read = await UntilAsync(project, id, worker, p => p.GetProperty("contacts").GetInt32() >= mark);
                Assert.InRange(read.GetProperty("contacts").GetInt32(), mark, Cards - 1);
            }
            finally
            {
                worker.Kill();
                await worker.WaitForExitAsync();
            }
            var left = await api.ReadAsync(project, $"/v1/connections/{id}/import");
            Assert.Equal("running", left.GetProperty("state").GetString());
            Assert.StartsWith("contacts:", left.GetProperty("cursor").GetString(), StringComparison.Ordinal);
            Assert.Equal(left.GetProperty("contacts").GetInt32(), await KnownAsync(project, id));
        }
        using var last = api.StartWorker();
        try
        {
            var done = await UntilAsync(project, id, last, p => p.GetProperty("state").GetString() == "done");
            Assert.Equal((Cards, 0), (done.GetProperty("contacts").GetInt32(), done.GetProperty("skipped").GetInt32()));
        }
        finally
        {
            last.Kill();
            await last.WaitForExitAsync();
        }

        Assert.Equal(Cards, await KnownAsync(project, id));
        Assert.Equal(Cards, await api.CountAsync("select count(*) from clients where project_id = @ProjectId", new { project.ProjectId }));
        Assert.Equal(Cards, await api.CountAsync("select count(*) from identities where project_id = @ProjectId and kind = 'phone'", new { project.ProjectId }));
        Assert.Equal(0, await api.CountAsync("select count(*) from merge_suggestions where project_id = @ProjectId", new { project.ProjectId }));
        // Firms are one page more. A page whose answer was on its way when the process was killed is asked for once more, and no other.
        var pages = (Cards / cardsAPage) + 1;
        var log = await api.Crm.GetFromJsonAsync<JsonElement>($"/_requests/{crm}?account={host}");
        var asked = log.GetProperty("requests").EnumerateArray().Select(r => r.GetProperty("path").GetString() + r.GetProperty("query").GetString()).ToList();
        Assert.InRange(asked.Count, pages, pages + 2 + (crm == "bitrix24" ? 1 : 0));
        if (crm == "amocrm") Assert.Equal(pages, asked.Distinct().Count());
    }

    private Task<long> KnownAsync(TestProject project, Guid id) => api.CountAsync(
        "select count(*) from identities where project_id = @ProjectId and kind = 'crm_contact' and starts_with(value, @Prefix)", new { project.ProjectId, Prefix = $"{id}/" });

    private async Task<JsonElement> UntilAsync(TestProject project, Guid id, Process worker, Func<JsonElement, bool> isRight)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        while (true)
        {
            Assert.False(worker.HasExited, "The service ended by itself.");
            var progress = await api.ReadAsync(project, $"/v1/connections/{id}/import");
            if (isRight(progress)) return progress;
            Assert.False(limit.IsCancellationRequested, $"The reading stayed at {progress}.");
            await Task.Delay(20);
        }
    }
}
