using System.Text.Json;
using LeadIngest.Api.Tests.EndToEnd;
using LeadIngest.Api.Tests.Imports;

namespace LeadIngest.Api.Tests.Deals;

/// <summary>What people do with deals in a CRM is known here, with the moment of it.</summary>
public sealed class MirrorTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task A_deal_of_the_past_is_read_with_its_course_its_client_and_the_names_of_the_crm(string crm)
    {
        var sales = new Sales(api, crm);
        var phone = Cards.NewPhone();
        var deal = await sales.MakeAsync("Печать каталога", 1000, await sales.Cards.EnterAsync("Анна", phone));
        foreach (var stage in sales.Stages.Skip(1).Take(2)) await sales.MoveAsync(deal, stage);
        await sales.PriceAsync(deal, 40_000.50m);
        await sales.MoveAsync(deal, sales.Won);

        var (project, connection) = await sales.ConnectAsync();

        var shown = await sales.ShowAsync(project, connection, deal);
        Assert.Equal([sales.Stages[0], sales.Stages[1], sales.Stages[2], sales.Won], Sales.Course(shown));
        var card = shown.GetProperty("deal");
        Assert.Equal(("Печать каталога", "won", 40_000.50m, "RUB", deal), (card.GetProperty("name").GetString(), Sales.State(shown), card.GetProperty("amount").GetDecimal(),
            card.GetProperty("currency").GetString(), card.GetProperty("remoteId").GetString()));
        Assert.NotEqual(JsonValueKind.Null, card.GetProperty("closedAt").ValueKind);
        Assert.NotEqual("", card.GetProperty("stage").GetProperty("name").GetString());
        Assert.NotNull(card.GetProperty("pipeline").GetProperty("name").GetString());
        Assert.NotNull(card.GetProperty("responsible").GetProperty("name").GetString());
        Assert.Equal(phone, shown.GetProperty("client").GetProperty("phones")[0].GetString());
        // Bitrix24 keeps no history of amounts.
        Assert.Equal(sales.IsAmocrm ? [1000, 40_000.50m] : [40_000.50m], Sales.Amounts(shown));
        Assert.All(shown.GetProperty("stages").EnumerateArray().Skip(1), s => Assert.Equal("history", s.GetProperty("origin").GetString()));

        var client = await api.ReadAsync(project, $"/v1/clients/{shown.GetProperty("client").GetProperty("id").GetGuid()}");
        Assert.Equal(deal, Assert.Single(client.GetProperty("deals").EnumerateArray()).GetProperty("remoteId").GetString());
        Assert.Equal((40_000.50m, 1), (client.GetProperty("won")[0].GetProperty("amount").GetDecimal(), client.GetProperty("won")[0].GetProperty("deals").GetInt32()));
    }
}
