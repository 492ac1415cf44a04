using System.Text.Json;
using LeadIngest.Api.Tests.EndToEnd;

namespace LeadIngest.Api.Tests.Imports;

/// <summary>Accounts with many people, away from the other tests: whoever connects to an account reads all of it.</summary>
public sealed class LongReadingTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    [Fact]
    public async Task A_lead_goes_out_while_a_long_reading_is_under_way()
    {
        await api.CrmAsync("/_seed/amocrm", new { contacts = 5000, first_phone = 79260000000 });
        var (project, amocrm, _) = await api.ConnectAsync();
        await api.UntilAsync(project, $"/v1/connections/{amocrm}/import", p => p.GetProperty("contacts").GetInt32() > 0);
        // Twenty pages of two seconds: on no machine is it over before the lead is there.
        await api.CrmAsync("/_faults", new { crm = "amocrm", kind = "latency", probability = 1, ms = 2000, path = "api/v4/contacts" });
        try
        {
            await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { phone = "+79163000000" }));

            Assert.Equal("running", (await api.ReadAsync(project, $"/v1/connections/{amocrm}/import")).GetProperty("state").GetString());
            await (await api.PostAsync(project, $"/v1/connections/{amocrm}/import/cancel")).JsonAsync();
        }
        finally
        {
            await api.HealAsync();
        }
    }

    [Fact]
    public async Task A_paused_reading_goes_on_from_its_page_and_nothing_is_read_twice()
    {
        await api.CrmAsync("/_seed/amocrm", new { contacts = 3000, first_phone = 79270000000 });
        var held = (await api.StateAsync("amocrm/contacts")).Length;
        var (project, amocrm, _) = await api.ConnectAsync();
        var path = $"/v1/connections/{amocrm}/import";
        await api.UntilAsync(project, path, p => p.GetProperty("contacts").GetInt32() > 0);

        var paused = await (await api.PostAsync(project, path + "/pause")).JsonAsync();
        Assert.Equal("paused", paused.GetProperty("state").GetString());
        var resting = await api.ReadAsync(project, path);
        Assert.InRange(resting.GetProperty("contacts").GetInt32(), 1, held - 1);
        Assert.StartsWith("contacts:", resting.GetProperty("cursor").GetString(), StringComparison.Ordinal);
        await (await api.PostAsync(project, path + "/resume")).JsonAsync();

        Assert.Equal(held, (await DoneAsync(project, amocrm)).GetProperty("contacts").GetInt32());
        Assert.Equal(held, await api.CountAsync("select count(*) from identities where project_id = @ProjectId and kind = 'crm_contact' and value like @Prefix",
            new { project.ProjectId, Prefix = $"{amocrm}/%" }));
    }

    [Fact]
    public async Task Progress_is_told_as_it_happens_until_it_is_over()
    {
        await api.CrmAsync("/_seed/bitrix24", new { contacts = 3000, first_phone = 79280000000 });
        var (project, _, bitrix24) = await api.ConnectAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/connections/{bitrix24}/import/events");
        request.Headers.Authorization = new("Bearer", project.ApiKey);
        using var answer = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);

        // The service itself closes the stream.
        var text = await answer.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(180));

        var events = text.Split('\n').Where(l => l.StartsWith("data:", StringComparison.Ordinal)).Select(l => JsonSerializer.Deserialize<JsonElement>(l[5..])).ToList();
        Assert.Contains("event: progress", text, StringComparison.Ordinal);
        Assert.Equal("done", events[^1].GetProperty("state").GetString());
        Assert.InRange(events[^1].GetProperty("contacts").GetInt32(), 3000, int.MaxValue);
    }

    private Task<JsonElement> DoneAsync(TestProject project, Guid connection) =>
        api.UntilAsync(project, $"/v1/connections/{connection}/import", p => p.GetProperty("state").GetString() == "done");
}
