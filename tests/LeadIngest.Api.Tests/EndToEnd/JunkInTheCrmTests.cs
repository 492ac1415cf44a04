namespace LeadIngest.Api.Tests.EndToEnd;

/// <summary>Junk stays out of both CRMs until a person says otherwise, and arrives once when one does.</summary>
public sealed class JunkInTheCrmTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    [Fact]
    public async Task A_released_lead_arrives_once_and_a_marked_one_leaves_its_place_to_its_duplicate()
    {
        var project = await api.CreateConnectedProjectAsync();
        await (await api.PostAsync(project, "/v1/stop-list", new { entries = new[] { new { kind = "phone", value = "+79035550201" } } })).JsonAsync();
        var listed = await api.PostLeadAsync(project, new { name = "Иван", phone = "8 903 555-02-01" });

        // Marked while its deliveries wait; its duplicate has only a note to give.
        foreach (var connection in (await api.ReadAsync(project, "/v1/connections")).Ids()) await (await api.PostAsync(project, $"/v1/connections/{connection}/pause")).JsonAsync();
        var marked = await api.PostLeadAsync(project, new { name = "Пётр", phone = "+79035550202" });
        var duplicate = await api.PostLeadAsync(project, new { name = "Пётр", phone = "+79035550202" });
        await (await api.PostAsync(project, $"/v1/leads/{marked}/spam")).JsonAsync();
        foreach (var connection in (await api.ReadAsync(project, "/v1/connections")).Ids()) await (await api.PostAsync(project, $"/v1/connections/{connection}/resume")).JsonAsync();

        var heir = await api.DeliveredAsync(project, duplicate);
        Assert.Equal("new", heir.GetProperty("status").GetString());
        Assert.Equal(0, await CardsAsync("79035550201"));
        Assert.Equal(2, await CardsAsync("79035550202"));
        Assert.All((await api.ReadAsync(project, $"/v1/leads/{marked}")).GetProperty("deliveries").EnumerateArray(), d => Assert.Equal("dead", d.GetProperty("state").GetString()));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => api.PostAsync(project, $"/v1/leads/{listed}/not-spam")));
        var released = await api.DeliveredAsync(project, listed);
        Assert.Equal(2, released.GetProperty("deliveries").GetArrayLength());
        Assert.Equal(2, await CardsAsync("79035550201"));
    }

    /// <summary>Contacts with this phone in both CRMs.</summary>
    private async Task<int> CardsAsync(string phone) =>
        (await api.StateAsync("amocrm/contacts")).Concat(await api.StateAsync("bitrix24/contacts")).Count(c => c.GetRawText().Contains(phone, StringComparison.Ordinal));
}
