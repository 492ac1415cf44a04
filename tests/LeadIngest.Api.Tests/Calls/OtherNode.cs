using LeadIngest.Api.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Calls;

/// <summary>One more process over a fixture's database.</summary>
internal sealed class OtherNode(ApiFixture first) : IAsyncDisposable
{
    private WebApplication? _app;

    public async Task StartAsync(params string[] args)
    {
        _app = LeadIngestApp.Build(["--urls=http://127.0.0.1:0", "--environment=Testing", "--Logging:LogLevel:Default=Warning", "--Delivery:Enabled=false", "--Calls:PollEvery=00:00:00.200", .. args], first.Db);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null) return;
        await _app.StopAsync();
        await _app.Services.GetRequiredService<Database>().DisposeAsync();
        await _app.DisposeAsync();
    }
}
