namespace LeadIngest.Api.Tests.Leads;

public class RedeliverLeadTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Every_dead_delivery_of_the_lead_goes_back_and_no_other()
    {
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectionAsync(project);
        var (lead, neighbour) = (await api.LeadAsync(project), await api.LeadAsync(project));
        await api.DeliveryAsync(project, lead, connection);
        await api.DeliveryAsync(project, lead, await api.ConnectionAsync(project, "bitrix24", "okna.bitrix24.ru"));
        await api.DeliveryAsync(project, lead, connection, "delivered");
        await api.DeliveryAsync(project, neighbour, connection);

        var answer = await (await api.PostAsync(project, $"/v1/leads/{lead}/redeliver")).JsonAsync();

        Assert.Equal(2, answer.GetProperty("deliveries").GetInt32());
        Assert.Equal(2, await api.CountAsync("select count(*) from deliveries where lead_id = @lead and state = 'pending'", new { lead }));
        Assert.Equal(1, await api.CountAsync("select count(*) from deliveries where lead_id = @neighbour and state = 'dead'", new { neighbour }));
    }

    [Fact]
    public async Task A_lead_that_arrived_everywhere_has_nothing_to_send_again()
    {
        var project = await api.CreateProjectAsync();
        var lead = await api.LeadAsync(project);
        await api.DeliveryAsync(project, lead, await api.ConnectionAsync(project), "delivered");
        await (await api.PostAsync(project, $"/v1/leads/{lead}/redeliver")).ProblemAsync(409);
    }
}
