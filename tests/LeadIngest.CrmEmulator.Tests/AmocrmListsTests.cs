using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class AmocrmListsTests
{
    [Fact]
    public async Task Nothing_is_204_without_a_body()
    {
        await using var emulator = await Running.StartAsync();
        foreach (var path in new[] { "leads", "leads/1", "contacts?query=x", "events", "leads/notes" })
        {
            var (status, text, _) = await emulator.AmoTextAsync("GET", path);
            Assert.Equal((HttpStatusCode.NoContent, ""), (status, text));
        }
    }

    [Fact]
    public async Task Next_is_linked_until_the_last_page()
    {
        await using var emulator = await Running.StartAsync();
        for (var i = 0; i < 5; i++)
            await emulator.AmoLeadAsync($"Lead {i}");
        var seen = 0;
        var path = "leads?limit=2";
        for (var page = 1; page <= 3; page++)
        {
            var (_, body) = await emulator.AmoAsync("GET", path);
            seen += ((JsonArray)body!["_embedded"]!["leads"]!).Count;
            var next = body["_links"]!["next"]?["href"]!.GetValue<string>();
            Assert.Equal(page < 3, next is not null);
            path = next?[(next.IndexOf("/v4/", StringComparison.Ordinal) + 4)..] ?? path;
        }
        Assert.Equal(5, seen);
        Assert.Equal(HttpStatusCode.NoContent, (await emulator.AmoAsync("GET", "leads?limit=2&page=4")).Status);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public async Task Filter_is_ignored_where_the_account_did_not_buy_it(bool isEnabled, int expected)
    {
        await using var emulator = await Running.StartAsync(o => o.Amocrm.ApiFilterEnabled = isEnabled);
        var id = await emulator.AmoLeadAsync("A");
        await emulator.AmoLeadAsync("B");
        var (_, body) = await emulator.AmoAsync("GET", $"leads?filter[id][]={id}");
        Assert.Equal(expected, ((JsonArray)body!["_embedded"]!["leads"]!).Count);
    }

    [Fact]
    public async Task Order_by_update_time_shows_the_latest_first()
    {
        var clock = new StoppedClock();
        await using var emulator = await Running.StartAsync(o => o.Clock = clock);
        var first = await emulator.AmoLeadAsync("A");
        await emulator.AmoLeadAsync("B");
        clock.Move(TimeSpan.FromSeconds(5));
        await emulator.AmoAsync("PATCH", $"leads/{first}", """{"price":1}""");
        var (_, body) = await emulator.AmoAsync("GET", "leads?order[updated_at]=desc&limit=1");
        Assert.Equal(first, body!["_embedded"]!["leads"]![0]!["id"]!.GetValue<long>());
    }
}
