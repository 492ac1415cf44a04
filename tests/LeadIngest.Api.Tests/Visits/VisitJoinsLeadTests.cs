using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Api.Visits;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Visits;

public sealed class VisitJoinsLeadTests(VisitFixture api) : IClassFixture<VisitFixture>
{
    private const string Landing = "https://okna-plus.ru/?utm_source=yandex&utm_medium=cpc&utm_campaign=okna";

    private async Task<System.Text.Json.JsonElement> PassportAsync(TestProject project, object lead) =>
        (await api.ReadAsync(project, $"/v1/leads/{await api.AcceptedAsync(project, lead)}")).GetProperty("passport");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lead_without_tags_takes_the_source_of_its_visit_on_any_node(bool sameNode)
    {
        var project = await api.OpenAsync();
        var visit = await api.AnsweredAsync(project, new { @event = "start", page = Landing });
        // Another node remembers nothing: this visit is known to the database alone.
        if (!sameNode) visit = visit with { VisitId = await CopyAsync(project, visit.VisitId) };

        var passport = await PassportAsync(project, new { phone = "+7 916 123-45-67", page = "https://okna-plus.ru/contacts", visitId = visit.VisitId, visitorId = visit.VisitorId });

        Assert.Equal(("visit", "Яндекс.Директ", "okna"), (passport.Text("origin"), passport.Text("source"), passport.Text("campaign")));
        Assert.Equal(visit.VisitId.ToString(), await api.ScalarAsync<string>("select visit_id from leads where project_id = @ProjectId", new { project.ProjectId }));
        Assert.Equal(visit.VisitorId.ToString(), await api.ScalarAsync<string>("select value from identities where project_id = @ProjectId and kind = 'visitor'", new { project.ProjectId }));
    }

    [Fact]
    public async Task The_leads_own_tags_win_over_its_visit()
    {
        var project = await api.OpenAsync();
        var visit = await api.AnsweredAsync(project, new { @event = "start", page = Landing });
        var passport = await PassportAsync(project, new { phone = "+7 916 123-45-67", page = "https://okna-plus.ru/?utm_source=vk&utm_medium=cpc", visit = visit.VisitId });
        Assert.Equal("utm", passport.Text("origin"));
    }

    [Fact]
    public async Task When_the_visit_never_arrived_the_landing_page_speaks()
    {
        var project = await api.OpenAsync();
        var passport = await PassportAsync(project, new
        {
            phone = "+7 916 123-45-67",
            page = "https://okna-plus.ru/contacts",
            visitId = Guid.CreateVersion7(),
            landingPage = Landing,
            landingReferrer = "https://yandex.ru/",
            filledInSeconds = 12.5,
        });
        Assert.Equal(("visit", "Яндекс.Директ"), (passport.Text("origin"), passport.Text("source")));
    }

    [Fact]
    public async Task A_native_form_with_the_trackers_hidden_fields_joins_its_visit_too()
    {
        var project = await api.OpenAsync();
        var visit = await api.AnsweredAsync(project, new { @event = "start", page = Landing });
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["phone"] = "+7 916 123-45-67",
            ["leadingest_visitor"] = visit.VisitorId.ToString(),
            ["leadingest_visit"] = visit.VisitId.ToString(),
            ["leadingest_landing"] = "https://okna-plus.ru/",
            ["leadingest_referrer"] = "",
            ["leadingest_seconds"] = "31",
        });
        var lead = await (await api.Client.SendAsync(project.Forms(), form)).LeadIdAsync();

        var read = await api.ReadAsync(project, $"/v1/leads/{lead}");
        Assert.Equal("Яндекс.Директ", read.GetProperty("passport").Text("source"));
        Assert.Empty(read.GetProperty("fields").EnumerateObject());
    }

    [Fact]
    public async Task A_visit_of_another_project_lends_nothing()
    {
        var (project, neighbour) = (await api.OpenAsync(), await api.OpenAsync());
        var visit = await api.AnsweredAsync(neighbour, new { @event = "start", page = Landing });
        var passport = await PassportAsync(project, new { phone = "+7 916 123-45-67", page = "https://okna-plus.ru/contacts", visitId = visit.VisitId });
        Assert.Equal("direct", passport.Text("origin"));
    }

    [Fact]
    public async Task Seconds_that_are_no_number_are_named()
    {
        var project = await api.OpenAsync();
        var problem = await (await api.LeadPostAsync(project, new { phone = "+7 916 123-45-67", filledInSeconds = "soon" })).ProblemAsync(400);
        Assert.True(problem.GetProperty("errors").TryGetProperty("filledInSeconds", out _));
    }

    [Fact]
    public async Task A_search_that_cannot_succeed_finds_nothing_and_throws_nothing()
    {
        var directory = api.App.Services.GetRequiredService<VisitDirectory>();
        Assert.Null(await directory.FindAsync(Guid.CreateVersion7(), "no id", CancellationToken.None));
        Assert.Null(await directory.FindAsync(Guid.CreateVersion7(), Guid.CreateVersion7().ToString(), CancellationToken.None));
        Assert.Null(await directory.FindAsync(Guid.CreateVersion7(), null, CancellationToken.None));
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        Assert.Null(await directory.FindAsync(Guid.CreateVersion7(), Guid.CreateVersion7().ToString(), ended.Token));
    }

    private async Task<Guid> CopyAsync(TestProject project, Guid visit)
    {
        var copy = Guid.CreateVersion7();
        await api.ExecuteAsync("""
            insert into visits (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, source, medium, campaign, content, keyword, passport)
            select project_id, @copy, site_id, visitor_id, started_at, last_seen_at, channel, source, medium, campaign, content, keyword, passport
            from visits where project_id = @ProjectId and id = @visit
            """, new { project.ProjectId, visit, copy });
        return copy;
    }
}
