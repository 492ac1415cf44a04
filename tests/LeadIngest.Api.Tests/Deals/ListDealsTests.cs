using System.Text.Json;

namespace LeadIngest.Api.Tests.Deals;

public sealed class ListDealsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Filters_narrow_each_other_and_pages_follow_each_other()
    {
        var project = await api.CreateProjectAsync();
        var (client, merged) = (await api.ClientAsync(project), Guid.Empty);
        merged = await api.ClientAsync(project, mergedInto: client);
        var lead = await api.LeadAsync(project, client);
        var connection = await api.ConnectionAsync(project);
        var march = new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);
        var open = await api.DealAsync(project, connection, 1, client, lead, createdAt: march);
        var won = await api.DealAsync(project, connection, 2, merged, state: "won", amount: 1000.10m, stage: "142", createdAt: march.AddMonths(1));
        var lost = await api.DealAsync(project, connection, 3, pipeline: "9200", state: "lost", stage: "143", responsible: "32", createdAt: march.AddMonths(2));
        var gone = await api.DealAsync(project, connection, 4, client, state: "won", amount: 500, createdAt: march, deleted: true);
        var converted = await api.DealAsync(project, connection, 5, client, kind: "lead", state: "won", amount: 1000, pipeline: "", stage: "CONVERTED", createdAt: march);

        async Task<Guid[]> ListAsync(string query) => [.. (await api.ReadAsync(project, "/v1/deals" + query)).GetProperty("items").EnumerateArray().Select(d => d.GetProperty("id").GetGuid())];

        Assert.Equal((Guid[])[converted, lost, won, open], await ListAsync(""));
        Assert.Equal((Guid[])[won], await ListAsync("?state=won&kind=deal"));
        Assert.Equal((Guid[])[lost], await ListAsync("?pipeline=9200&stage=143&responsible=32"));
        Assert.Equal((Guid[])[], await ListAsync("?pipeline=9200&responsible=31"));
        // A merged client stands for its family, from both sides.
        Assert.Equal((Guid[])[converted, won, open], await ListAsync($"?clientId={merged}"));
        Assert.Equal((Guid[])[open], await ListAsync($"?leadId={lead}"));
        Assert.Equal((Guid[])[won], await ListAsync("?from=2026-04-01T00:00:00Z&to=2026-05-01T00:00:00%2B00:00"));
        Assert.Equal((Guid[])[gone], await ListAsync("?deleted=true"));
        var first = await api.ReadAsync(project, "/v1/deals?limit=3");
        Assert.Equal((Guid[])[open], await ListAsync($"?limit=3&cursor={first.GetProperty("nextCursor").GetString()}"));

        var shown = await api.ReadAsync(project, $"/v1/clients/{client}");
        Assert.Equal([converted, won, open], shown.GetProperty("deals").EnumerateArray().Select(d => d.GetProperty("id").GetGuid()));
        var sum = Assert.Single(shown.GetProperty("won").EnumerateArray());
        Assert.Equal(("RUB", 1000.10m, 1), (sum.GetProperty("currency").GetString(), sum.GetProperty("amount").GetDecimal(), sum.GetProperty("deals").GetInt32()));
    }

    [Theory]
    [InlineData("?state=closed", "state")]
    [InlineData("?kind=contact", "kind")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?from=2026-04-01T00:00:00Z&to=2026-03-01T00:00:00Z", "to")]
    public async Task A_filter_that_makes_no_sense_is_refused_by_its_name(string query, string field)
    {
        var problem = await (await api.SendAsync(await api.CreateProjectAsync(), HttpMethod.Get, "/v1/deals" + query)).ProblemAsync(400);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out var errors) && errors.ValueKind == JsonValueKind.Array);
    }
}
