using System.Text.Json;

namespace LeadIngest.Api.Tests.Clients;

public class ClientsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("phone=%2B7 (916) 123-45-67")]
    [InlineData("phone=89161234567")]
    [InlineData("phone=9161234567")]
    [InlineData("q=8 916 123 45 67")]
    [InlineData("email=ANNA@okna.example")]
    [InlineData("q=anna@okna.example")]
    [InlineData("q=петр")]
    [InlineData("q=100%25")]
    public async Task A_client_is_found_by_what_a_person_types(string query)
    {
        var project = await api.CreateProjectAsync();
        var anna = await api.ClientAsync(project, "Анна Петрова 100%", "+79161234567", "anna@okna.example");
        await api.ClientAsync(project, "Борис", "+79169999999", "boris@okna.example");
        Assert.Equal([anna], (await api.ReadAsync(project, "/v1/clients?" + query)).Ids());
    }

    [Fact]
    public async Task A_merged_client_is_found_and_shown_as_the_one_that_was_kept()
    {
        var project = await api.CreateProjectAsync();
        var kept = await api.ClientAsync(project, "Анна", "+79161111111");
        var merged = await api.ClientAsync(project, "Анна П.", "+79162222222", "anna@okna.example", mergedInto: kept);
        await api.LeadAsync(project, merged, source: "Первый источник", receivedAt: new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var last = await api.LeadAsync(project, kept, source: "Второй источник");
        var connection = await api.ConnectionAsync(project);
        await api.IdentityAsync(project, merged, "crm_contact", $"{connection}/4471");

        var found = (await api.ReadAsync(project, "/v1/clients?phone=89162222222")).GetProperty("items")[0];
        Assert.Equal((kept, 2), (found.GetProperty("id").GetGuid(), found.GetProperty("leadCount").GetInt32()));
        Assert.Equal(["+79161111111", "+79162222222"], found.GetProperty("phones").Strings());

        var client = await api.ReadAsync(project, $"/v1/clients/{merged}");
        Assert.Equal(kept, client.GetProperty("id").GetGuid());
        Assert.Equal("Первый источник", client.GetProperty("acquisition").GetProperty("source").GetString());
        Assert.Equal((2, last), (client.GetProperty("leads").GetArrayLength(), client.GetProperty("leads")[0].GetProperty("id").GetGuid()));
        Assert.Equal(["phone", "phone", "email"], client.GetProperty("identities").EnumerateArray().Select(i => i.GetProperty("kind").GetString()));
        var contact = Assert.Single(client.GetProperty("crmContacts").EnumerateArray());
        Assert.Equal((connection, "4471"), (contact.GetProperty("connectionId").GetGuid(), contact.GetProperty("remoteId").GetString()));
    }

    [Fact]
    public async Task Calls_in_and_out_are_contact_with_a_client_and_those_among_colleagues_are_not()
    {
        var project = await api.CreateProjectAsync();
        var kept = await api.ClientAsync(project, "Анна", "+79161111111");
        var merged = await api.ClientAsync(project, "Анна П.", "+79162222222", mergedInto: kept);
        var (spring, summer, autumn) = (At(3), At(6), At(9));
        await api.LeadAsync(project, kept, receivedAt: spring);
        await api.ExecuteAsync("update clients set last_lead_at = @spring where id = @kept", new { spring = spring.UtcDateTime, kept });
        Assert.Equal((0, null, spring), await ContactAsync(project, kept));
        await CallAsync("in", merged, summer);
        await CallAsync("out", kept, autumn);
        await CallAsync("internal", kept, At(11));
        await CallAsync("in", await api.ClientAsync(project), At(12));
        Assert.Equal((2, autumn, autumn), await ContactAsync(project, merged));
        await api.ExecuteAsync("update clients set last_lead_at = @At where id = @kept", new { At = At(10).UtcDateTime, kept });
        Assert.Equal((2, autumn, At(10)), await ContactAsync(project, kept));

        static DateTimeOffset At(int month) => new(2026, month, 1, 0, 0, 0, TimeSpan.Zero);

        async Task CallAsync(string direction, Guid client, DateTimeOffset at)
        {
            var call = await api.CallRowAsync(project, clientId: client);
            await api.ExecuteAsync("update calls set direction = @direction, first_seen_at = @At where id = @call", new { direction, At = at.UtcDateTime, call });
        }
    }

    private async Task<(int Calls, DateTimeOffset? LastCall, DateTimeOffset? LastContact)> ContactAsync(TestProject project, Guid client)
    {
        var answer = await api.ReadAsync(project, $"/v1/clients/{client}");
        return (answer.GetProperty("callCount").GetInt32(), Time("lastCallAt"), Time("lastContactAt"));

        DateTimeOffset? Time(string name) => answer.GetProperty(name) is { ValueKind: JsonValueKind.String } time ? time.GetDateTimeOffset() : null;
    }

    [Fact]
    public async Task Spam_is_no_acquisition()
    {
        var project = await api.CreateProjectAsync();
        var client = await api.ClientAsync(project);
        await api.LeadAsync(project, client, status: "spam", source: "Спам", receivedAt: new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(JsonValueKind.Null, (await api.ReadAsync(project, $"/v1/clients/{client}")).GetProperty("acquisition").ValueKind);
    }

    [Fact]
    public async Task Pages_meet_every_client_once()
    {
        var project = await api.CreateProjectAsync();
        var all = new List<Guid>();
        for (var i = 0; i < 5; i++) all.Insert(0, await api.ClientAsync(project, $"Клиент {i}"));
        var first = await api.ReadAsync(project, "/v1/clients?limit=3");
        var second = await api.ReadAsync(project, $"/v1/clients?limit=3&cursor={first.GetProperty("nextCursor").GetString()}");
        Assert.Equal(all, first.Ids().Concat(second.Ids()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("nextCursor").ValueKind);
    }
}
