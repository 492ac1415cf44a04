using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class AmocrmBatchesTests
{
    private const string Three = """[{"name":"a","request_id":"R-a"},{"name":"poisoned","request_id":"R-p"},{"name":"c","request_id":"R-c"}]""";

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 3)]
    public async Task Batch_that_is_too_big_is_504_with_the_work_done_or_not(bool isDone, int leads)
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", $$"""{"max_batch":2,"max_batch_done":{{(isDone ? "true" : "false")}}}""");
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await emulator.AmoTextAsync("POST", "leads", Three)).Status);
        Assert.Equal(leads, (await emulator.StateAsync("amocrm", "leads")).Count);
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("POST", "leads", """[{},{}]""")).Status);
    }

    [Fact]
    public async Task Poisoned_item_is_named_by_its_request_id_and_keeps_the_others_out()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"poison":"POISON"}""");
        foreach (var path in new[] { "leads", "leads/complex" })
        {
            var (status, body) = await emulator.AmoAsync("POST", path, Three);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Equal("R-p", Assert.Single((JsonArray)body!["validation-errors"]!)!["request_id"]!.GetValue<string>());
        }
        Assert.Empty(await emulator.StateAsync("amocrm", "leads"));
    }

    [Fact]
    public async Task Poison_can_make_the_whole_request_fail_without_saying_why()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"poison":"poison","poison_status":500}""");
        var (status, body) = await emulator.AmoAsync("POST", "leads", Three);
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Null(body!["validation-errors"]);
        Assert.Empty(await emulator.StateAsync("amocrm", "leads"));
    }

    [Fact]
    public async Task Batch_that_is_not_atomic_stores_the_good_ones_and_tells_of_the_bad_one_only()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"poison":"poison","atomic_batches":false}""");
        var (status, body) = await emulator.AmoAsync("POST", "leads", Three);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Single((JsonArray)body!["validation-errors"]!);
        Assert.Equal(["a", "c"], (await emulator.StateAsync("amocrm", "leads")).Select(l => l!["name"]!.GetValue<string>()));
        // The next request is a whole one again.
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("POST", "leads", """[{"name":"d"}]""")).Status);
    }

    [Fact]
    public async Task Complex_may_come_wrapped()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AccountAsync("amocrm", """{"complex_answer":"hal"}""");
        var (_, body) = await emulator.AmoAsync("POST", "leads/complex", """[{"name":"a","request_id":"R"}]""");
        Assert.Equal("R", body!["_embedded"]!["leads"]![0]!["request_id"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Removed_user_refuses_a_patch_that_names_it()
    {
        await using var emulator = await Running.StartAsync();
        var id = await emulator.AmoLeadAsync();
        await emulator.AccountAsync("amocrm", """{"remove_user":33}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await emulator.AmoAsync("PATCH", $"leads/{id}", """{"updated_by":33}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("PATCH", $"leads/{id}", """{"price":3}""")).Status);
    }
}
