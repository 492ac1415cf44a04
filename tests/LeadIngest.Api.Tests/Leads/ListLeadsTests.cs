namespace LeadIngest.Api.Tests.Leads;

public class ListLeadsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Pages_go_newest_first_and_meet_every_lead_once()
    {
        var project = await api.CreateProjectAsync();
        var all = new List<Guid>();
        for (var i = 0; i < 7; i++) all.Insert(0, await api.LeadAsync(project, receivedAt: new DateTimeOffset(2026, 11, 1, 10, i, 0, TimeSpan.Zero)));
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await api.ReadAsync(project, $"/v1/leads?limit=3&cursor={cursor}");
            seen.AddRange(page.Ids());
            cursor = page.GetProperty("nextCursor").GetString();
        } while (cursor is not null);
        Assert.Equal(all, seen);
    }

    [Theory]
    [InlineData("status=spam", "spam")]
    [InlineData("phone=%2B79161112233", "phone")]
    [InlineData("phone=8 (916) 111-22-33", "phone")]
    [InlineData("phone=9161112233", "phone")]
    [InlineData("kind=call", "call")]
    [InlineData("email=Olga@Окна-плюс.РФ", "email")]
    [InlineData("q=olga@окна-плюс.рф", "email")]
    [InlineData("q=OLGA@", "email")]
    [InlineData("q=8 (916) 111-22-33", "phone")]
    [InlineData("q=22-33", "phone")]
    [InlineData("q=8916111", "phone")]
    [InlineData("q=%2B7 916 111", "phone")]
    [InlineData("q=LAI", "plain")]
    [InlineData("q=la%25", "50 la% off")]
    [InlineData("source=VK Реклама", "vk")]
    [InlineData("channel=organic_search", "organic")]
    [InlineData("to=2026-01-02T00:00:00Z", "old")]
    [InlineData("from=2027-01-01T03:00:00%2B03:00", "future")]
    public async Task A_filter_leaves_only_what_it_names(string query, string expected)
    {
        var project = await api.CreateProjectAsync();
        var now = new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);
        await api.LeadAsync(project, name: "plain", receivedAt: now);
        await api.LeadAsync(project, name: "spam", status: "spam", receivedAt: now);
        await api.LeadAsync(project, name: "phone", phone: "+79161112233", receivedAt: now);
        await api.LeadAsync(project, name: "call", kind: "call", receivedAt: now);
        await api.LeadAsync(project, name: "email", email: "olga@xn----7sb3aghelr0j.xn--p1ai", receivedAt: now);
        await api.LeadAsync(project, name: "50 la% off", receivedAt: now);
        await api.LeadAsync(project, name: "vk", channel: "paid_social", source: "VK Реклама", receivedAt: now);
        await api.LeadAsync(project, name: "organic", channel: "organic_search", receivedAt: now);
        await api.LeadAsync(project, name: "old", receivedAt: new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await api.LeadAsync(project, name: "future", receivedAt: new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var page = await api.ReadAsync(project, "/v1/leads?" + query);
        Assert.Equal([expected], page.GetProperty("items").EnumerateArray().Select(l => l.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task The_client_filter_takes_in_the_clients_merged_with_it()
    {
        var project = await api.CreateProjectAsync();
        var kept = await api.ClientAsync(project);
        var merged = await api.ClientAsync(project, mergedInto: kept);
        var (first, second) = (await api.LeadAsync(project, kept), await api.LeadAsync(project, merged));
        await api.LeadAsync(project, await api.ClientAsync(project));
        foreach (var asked in new[] { kept, merged })
            Assert.Equal(new[] { first, second }.ToHashSet(), (await api.ReadAsync(project, $"/v1/leads?clientId={asked}")).Ids().ToHashSet());
    }

    [Fact]
    public async Task A_part_is_looked_for_within_a_year_or_the_days_that_are_asked_for_and_a_whole_contact_over_all_time()
    {
        var project = await api.CreateProjectAsync();
        var now = TimeProvider.System.GetUtcNow();
        await api.LeadAsync(project, name: "Ольга новая", phone: "+79161112233", email: "olga@okna.ru", receivedAt: now.AddDays(-2));
        await api.LeadAsync(project, name: "Ольга старая", phone: "+79161112233", email: "olga@okna.ru", receivedAt: now.AddDays(-400));

        Assert.Equal(["Ольга новая"], await NamesAsync("q=ольга"));
        Assert.Equal(["Ольга новая"], await NamesAsync("q=2233"));
        Assert.Equal(["Ольга новая", "Ольга старая"], await NamesAsync($"q=ольга&from={now.AddDays(-500):yyyy-MM-dd}T00:00:00Z"));
        Assert.Equal(["Ольга старая"], await NamesAsync($"q=ольга&to={now.AddDays(-300):yyyy-MM-dd}T00:00:00Z"));
        Assert.Equal(["Ольга новая", "Ольга старая"], await NamesAsync("q=89161112233"));
        Assert.Equal(["Ольга новая", "Ольга старая"], await NamesAsync("q=olga@okna.ru"));
        Assert.Equal(["Ольга новая", "Ольга старая"], await NamesAsync("email=olga@okna.ru"));

        async Task<string[]> NamesAsync(string query) =>
            [.. (await api.ReadAsync(project, "/v1/leads?" + query)).GetProperty("items").EnumerateArray().Select(l => l.GetProperty("name").GetString()!)];
    }

    [Fact]
    public async Task A_calls_lead_whose_id_is_days_older_than_its_receipt_is_found_by_its_day()
    {
        var project = await api.CreateProjectAsync();
        var lead = await api.LeadAsync(project, receivedAt: new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero));
        await api.ExecuteAsync("update leads set received_at = '2026-11-05T10:00:00Z' where project_id = @ProjectId and id = @lead", new { project.ProjectId, lead });
        Assert.Equal([lead], (await api.ReadAsync(project, "/v1/leads?from=2026-11-05T00:00:00Z&to=2026-11-06T00:00:00Z")).Ids());
        Assert.Empty((await api.ReadAsync(project, "/v1/leads?to=2026-11-05T00:00:00Z")).Ids());
    }

    [Theory]
    [InlineData("status=great", "status")]
    [InlineData("kind=fax", "kind")]
    [InlineData("email=olga", "email")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("cursor=not-a-cursor", "cursor")]
    [InlineData("channel=ads", "channel")]
    [InlineData("phone=12", "phone")]
    [InlineData("from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "to")]
    public async Task A_wrong_query_is_refused_by_field(string query, string field)
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.GetAsync(project, "/v1/leads?" + query)).ProblemAsync(400);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task A_query_that_cannot_be_read_names_the_parameter()
    {
        var project = await api.CreateProjectAsync();
        var problem = await (await api.GetAsync(project, "/v1/leads?limit=many")).ProblemAsync(400);
        Assert.Contains("'limit'", problem.GetProperty("detail").GetString());
    }
}
