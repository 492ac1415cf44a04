using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class AmocrmCardsTests
{
    private static async Task<long> ContactAsync(Running emulator, string name, string phone)
    {
        var (_, body) = await emulator.AmoAsync("POST", "contacts", $$"""[{"name":"{{name}}","custom_fields_values":[{"field_code":"PHONE","values":[{"value":"{{phone}}"}]}]}]""");
        return body!["_embedded"]!["contacts"]![0]!["id"]!.GetValue<long>();
    }

    [Theory]
    [InlineData("keep", true, false)]
    [InlineData("gone", false, true)]
    [InlineData("both", true, true)]
    public async Task Merged_lead_is_gone_and_an_event_says_so(string named, bool keepIsNamed, bool goneIsNamed)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var emulator = await Running.StartAsync();
        var (keep, gone) = (await emulator.AmoLeadAsync("A"), await emulator.AmoLeadAsync("B", "c1"));
        await emulator.AmoAsync("POST", "leads/notes", $$"""[{"entity_id":{{gone}},"note_type":"common","params":{"text":"moves"} } ]""");
        await emulator.AmoAsync("POST", "webhooks", $$"""{"destination":"{{receiver.Url}}","settings":["delete_lead"]}""");
        await emulator.AccountAsync("amocrm", $$"""{"merge_event":"{{named}}"}""");
        var (acted, _) = await emulator.ActAsync("amocrm", $$"""{"entity":"deal","merge":[{{keep}},{{gone}}]}""");
        Assert.Equal(HttpStatusCode.OK, acted);
        Assert.Equal(HttpStatusCode.NoContent, (await emulator.AmoAsync("GET", $"leads/{gone}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await emulator.AmoAsync("GET", "leads?with=only_deleted")).Status);
        var (_, events) = await emulator.AmoAsync("GET", "events?filter[type]=entity_merged");
        var ids = ((JsonArray)events!["_embedded"]!["events"]!).Select(e => e!["entity_id"]!.GetValue<long>()).ToList();
        Assert.Equal((keepIsNamed, goneIsNamed), (ids.Contains(keep), ids.Contains(gone)));
        var (_, notes) = await emulator.AmoAsync("GET", $"leads/{keep}/notes");
        Assert.Equal("moves", notes!["_embedded"]!["notes"]![0]!["params"]!["text"]!.GetValue<string>());
        Assert.Contains($"leads[delete][0][id]={gone}", await receiver.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merged_contact_leaves_its_phones_and_leads_to_the_other()
    {
        await using var emulator = await Running.StartAsync();
        var (keep, gone) = (await ContactAsync(emulator, "A", "+79161112233"), await ContactAsync(emulator, "B", "+79164445566"));
        await emulator.AmoAsync("POST", "leads", $$"""[{"_embedded":{"contacts":[{"id":{{gone}}} ] } } ]""");
        await emulator.ActAsync("amocrm", $$"""{"entity":"contact","merge":[{{keep}},{{gone}}]}""");
        var (_, found) = await emulator.AmoAsync("GET", "contacts?with=leads&query=9164445566");
        var contact = Assert.Single((JsonArray)found!["_embedded"]!["contacts"]!)!;
        Assert.Equal(keep, contact["id"]!.GetValue<long>());
        Assert.Equal(2, ((JsonArray)contact["custom_fields_values"]![0]!["values"]!).Count);
        Assert.Single((JsonArray)contact["_embedded"]!["leads"]!);
        Assert.Equal(HttpStatusCode.NoContent, (await emulator.AmoAsync("GET", $"contacts/{gone}")).Status);
    }

    [Fact]
    public async Task Deleted_lead_is_in_the_trash_with_next_to_nothing_and_can_be_restored()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var emulator = await Running.StartAsync();
        var (first, last) = (await emulator.AmoLeadAsync("A", "c1"), await emulator.AmoLeadAsync("B"));
        await emulator.AmoAsync("POST", "webhooks", $$"""{"destination":"{{receiver.Url}}","settings":["restore_lead"]}""");
        await emulator.ActAsync("amocrm", $$"""{"entity":"deal","delete":{{first}}}""");
        var (_, trash) = await emulator.AmoAsync("GET", "leads?with=only_deleted");
        var row = Assert.Single((JsonArray)trash!["_embedded"]!["leads"]!)!;
        Assert.Equal((first, true, null), (row["id"]!.GetValue<long>(), row["is_deleted"]!.GetValue<bool>(), row["name"]));
        await emulator.ActAsync("amocrm", $$"""{"entity":"deal","restore":{{first}}}""");
        var (_, leads) = await emulator.AmoAsync("GET", "leads");
        Assert.Equal([first, last], ((JsonArray)leads!["_embedded"]!["leads"]!).Select(l => l!["id"]!.GetValue<long>()));
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "leads?query=c1")).Status);
        Assert.Contains($"leads[restore][0][id]={first}", await receiver.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhooks_say_whether_they_were_switched_off()
    {
        await using var emulator = await Running.StartAsync();
        await emulator.AmoAsync("POST", "webhooks", """{"destination":"https://example.org/hook","settings":["add_lead"]}""");
        await emulator.AccountAsync("amocrm", """{"webhooks":false}""");
        var (_, body) = await emulator.AmoAsync("GET", "webhooks");
        Assert.True(body!["_embedded"]!["webhooks"]![0]!["disabled"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("contacts?limit=250&order[id]=asc")]
    [InlineData("contacts?limit=250&order[updated_at]=asc")]
    [InlineData("contacts?limit=250&order[updated_at]=desc")]
    public async Task Many_contacts_are_paged_through_fast_and_without_a_gap(string path)
    {
        const int Count = 20_000;
        await using var emulator = await Running.StartAsync();
        await emulator.JsonAsync("POST", "_seed/amocrm", $$"""{"contacts":{{Count}},"deals":10}""");
        var seen = new HashSet<long>();
        var watch = Stopwatch.StartNew();
        for (var page = 1; ; page++)
        {
            var (status, body) = await emulator.AmoAsync("GET", $"{path}&page={page}");
            if (status == HttpStatusCode.NoContent)
                break;
            foreach (var contact in (JsonArray)body!["_embedded"]!["contacts"]!)
                Assert.True(seen.Add(contact!["id"]!.GetValue<long>()));
        }
        Assert.Equal(Count, seen.Count);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "contacts?query=9000000017")).Status);
    }

    [Fact]
    public async Task Filters_by_id_and_by_time_of_change_find_exactly_these()
    {
        await using var emulator = await Running.StartAsync(o => o.Amocrm.ApiFilterEnabled = true);
        await emulator.JsonAsync("POST", "_seed/amocrm", """{"contacts":1000}""");
        var (_, all) = await emulator.AmoAsync("GET", "contacts?limit=250&page=2");
        var rows = (JsonArray)all!["_embedded"]!["contacts"]!;
        var (a, b) = (rows[7]!["id"]!.GetValue<long>(), rows[3]!["id"]!.GetValue<long>());
        var (_, two) = await emulator.AmoAsync("GET", $"contacts?filter[id][]={a}&filter[id][]={b}");
        Assert.Equal([b, a], ((JsonArray)two!["_embedded"]!["contacts"]!).Select(c => c!["id"]!.GetValue<long>()));
        var (from, to) = (rows[0]!["updated_at"]!.GetValue<long>(), rows[9]!["updated_at"]!.GetValue<long>());
        foreach (var order in new[] { "", "&order[id]=asc", "&order[updated_at]=desc" })
        {
            var (_, changed) = await emulator.AmoAsync("GET", $"contacts?filter[updated_at][from]={from}&filter[updated_at][to]={to}{order}");
            Assert.Equal(10, ((JsonArray)changed!["_embedded"]!["contacts"]!).Count);
        }
        // A change moves the contact to the end of the order.
        await emulator.AmoAsync("PATCH", $"contacts/{a}", """{"name":"New"}""");
        var (_, last) = await emulator.AmoAsync("GET", "contacts?order[updated_at]=desc&limit=1");
        Assert.Equal(a, last!["_embedded"]!["contacts"]![0]!["id"]!.GetValue<long>());
    }
}
