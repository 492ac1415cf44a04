using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class Bitrix24BatchTests
{
    [Fact]
    public async Task Later_commands_use_earlier_results()
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.BitrixAsync("batch", """
            {"halt":0,"cmd":{"c":"crm.item.add?entityTypeId=3&fields[name]=Olga%20%26%20Co&fields[fm][0][typeId]=PHONE&fields[fm][0][value]=%2B79161112233",
              "d":"crm.deal.add?fields[TITLE]=D&fields[CONTACT_ID]=$result[c][item][id]"}}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty((JsonArray)body["result"]!["result_error"]!);
        Assert.NotNull(body["result"]!["result_time"]!["d"]);
        Assert.Equal("1", (await emulator.StateAsync("bitrix24", "deals"))[0]!["CONTACT_ID"]!.GetValue<string>());
        Assert.Equal("Olga & Co", (await emulator.StateAsync("bitrix24", "contacts"))[0]!["NAME"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    public async Task Halt_decides_whether_the_rest_runs_and_nothing_is_undone(int halt, int expected)
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.BitrixAsync("batch", $$$"""
            {"halt":{{{halt}}},"cmd":{"a":"crm.deal.add?fields[TITLE]=A","bad":"crm.deal.get?id=99","b":"crm.deal.add?fields[TITLE]=B"}}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("", body["result"]!["result_error"]!["bad"]!["error"]!.GetValue<string>());
        Assert.Equal(expected, (await emulator.StateAsync("bitrix24", "deals")).Count);
    }

    [Fact]
    public async Task Command_51_is_refused_alone()
    {
        await using var emulator = await Running.StartAsync();
        var commands = string.Join(',', Enumerable.Range(0, 51).Select(i => $"\"k{i}\":\"crm.deal.add?fields[TITLE]=A\""));
        var (_, body) = await emulator.BitrixAsync("batch", $$"""{"cmd":{{{commands}}} }""");
        Assert.Equal("ERROR_BATCH_LENGTH_EXCEEDED", body["result"]!["result_error"]!["k50"]!["error"]!.GetValue<string>());
        Assert.Equal(50, (await emulator.StateAsync("bitrix24", "deals")).Count);
    }

    [Fact]
    public async Task Batch_in_a_batch_is_refused()
    {
        await using var emulator = await Running.StartAsync();
        var (_, body) = await emulator.BitrixAsync("batch", """{"cmd":{"a":"batch?cmd[x]=profile"}}""");
        Assert.Equal("ERROR_BATCH_METHOD_NOT_ALLOWED", body["result"]!["result_error"]!["a"]!["error"]!.GetValue<string>());
        Assert.Empty((JsonArray)body["result"]!["result"]!);
    }

    [Fact]
    public async Task Totals_of_lists_stand_beside_the_results()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.BitrixAsync("crm.deal.add", """{"fields":{"TITLE":"A"}}""");
        var (_, body) = await emulator.BitrixAsync("batch", """{"cmd":["crm.deal.list"]}""");
        Assert.Equal("A", body["result"]!["result"]![0]![0]!["TITLE"]!.GetValue<string>());
        Assert.Equal(1, body["result"]!["result_total"]![0]!.GetValue<int>());
    }
}
