using System.Net;

namespace LeadIngest.CrmEmulator.Tests;

/// <summary>An account that people have worked in before anybody looked.</summary>
public sealed class AmocrmPastTests
{
    private const string Past = """
        {"users":[{"id":41,"name":"Отдел Продаж"}],"loss_reasons":[{"id":71,"name":"Не устроили сроки"}],"fields":[{"code":"OUR_ID","name":"Our ID"}],
         "products":[{"id":8001,"name":"Визитки","price":1500}],
         "contacts":[{"id":200001,"name":"Клиент 1","created_at":1700000000,"phone":"+79000000001","email":"k1@client.example"}],
         "deals":[
            {"id":300002,"name":"Вторая","created_at":1700500000,"responsible_user_id":41,"pipeline_id":9100,"status_id":9102,"price":500,"contact_ids":[200001],
             "moves":[{"at":1700600000,"status_id":143,"by":41}],"loss_reason_id":71},
            {"id":300001,"name":"Первая","created_at":1700000100,"responsible_user_id":41,"pipeline_id":9100,"status_id":9102,"contact_ids":[200001],"products":[{"id":8001,"quantity":2}],
             "fields":{"OUR_ID":"0190d3e0-0000-7000-8000-00000000000a"},"prices":[{"at":1700003000,"price":3000,"by":41}],
             "moves":[{"at":1700010000,"status_id":9103,"by":41},{"at":1700020000,"status_id":142,"by":41}],
             "touches":[{"at":1700000900,"kind":"call_out","by":41,"seconds":60},{"at":1700001000,"kind":"chat_in","by":0}]}],
         "tasks":[{"id":90001,"deal_id":300002,"text":"Позвонить","created_at":1700500100,"complete_till":1700586400,"responsible_user_id":41}]}
        """;

    [Fact]
    public async Task A_past_is_told_with_its_own_dates_and_in_the_order_of_time()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AmoLeadAsync("Сегодняшняя", "c1");

        await emulator.JsonAsync("POST", "_seed/amocrm", $$"""{"past":{{Past}} }""");

        var won = (await emulator.AmoAsync("GET", "leads/300001?with=contacts,catalog_elements")).Body!;
        Assert.Equal((1700000100, 1700020000, 142, 3000), (won["created_at"]!.GetValue<long>(), won["closed_at"]!.GetValue<long>(), won["status_id"]!.GetValue<long>(), won["price"]!.GetValue<int>()));
        Assert.Equal("0190d3e0-0000-7000-8000-00000000000a", won["custom_fields_values"]![0]!["values"]![0]!["value"]!.GetValue<string>());
        Assert.Equal(200001, won["_embedded"]!["contacts"]![0]!["id"]!.GetValue<long>());
        var lost = (await emulator.AmoAsync("GET", "leads/300002")).Body!;
        Assert.Equal(71, lost["loss_reason_id"]!.GetValue<long>());
        var events = (await emulator.AmoAsync("GET", "events?limit=100")).Body!["_embedded"]!["events"]!.AsArray();
        var moments = events.Select(e => e!["created_at"]!.GetValue<long>()).ToArray();
        Assert.Equal(moments.OrderDescending(), moments);
        Assert.Equal(["lead_added", "outgoing_call", "incoming_chat_message", "sale_field_changed", "lead_status_changed", "lead_status_changed"],
            events.Where(e => e!["entity_id"]!.GetValue<long>() == 300001 && e["entity_type"]!.GetValue<string>() == "lead").Select(e => e!["type"]!.GetValue<string>()).Reverse());
        Assert.Equal(200001, Assert.Single((await emulator.AmoAsync("GET", "contacts?query=79000000001")).Body!["_embedded"]!["contacts"]!.AsArray())!["id"]!.GetValue<long>());
        Assert.False(Assert.Single((await emulator.AmoAsync("GET", "tasks")).Body!["_embedded"]!["tasks"]!.AsArray())!["is_completed"]!.GetValue<bool>());
    }

    [Fact]
    public async Task What_is_new_afterwards_gets_an_id_beyond_the_past()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.JsonAsync("POST", "_seed/amocrm", $$"""{"past":{{Past}} }""");
        Assert.True(await emulator.AmoLeadAsync("Новая", "c2") > 300002);
    }

    [Theory]
    [InlineData("""{"deals":[{"id":1,"name":"А","created_at":1,"responsible_user_id":31,"pipeline_id":9100,"status_id":1}]}""")]
    [InlineData("""{"deals":[{"id":1,"name":"А","created_at":1,"responsible_user_id":31,"pipeline_id":9100,"status_id":9102,"contact_ids":[5]}]}""")]
    [InlineData("""{"people":[]}""")]
    [InlineData("""{"contacts":[{"id":1,"name":"А","created_at":1},{"id":1,"name":"Б","created_at":1}]}""")]
    public async Task A_past_that_does_not_hold_together_is_refused_whole(string past)
    {
        await using var emulator = await Running.StartAsync();
        using var answer = await emulator.Http.PostAsync(new Uri("_seed/amocrm", UriKind.Relative), new StringContent($$"""{"past":{{past}} }"""));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await emulator.StateAsync("amocrm", "deals"));
        Assert.Empty(await emulator.StateAsync("amocrm", "contacts"));
    }

    [Fact]
    public async Task A_file_is_remembered_from_the_start_and_a_missing_one_is_nothing()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $$"""{"past":{{Past}} }""");
            await using (var emulator = await Running.StartAsync(o => o.Amocrm.Past = file)) Assert.Equal(2, (await emulator.StateAsync("amocrm", "deals")).Count);
        }
        finally
        {
            File.Delete(file);
        }
        await using var empty = await Running.StartAsync(o => o.Amocrm.Past = file);
        Assert.Empty(await empty.StateAsync("amocrm", "deals"));
    }
}
