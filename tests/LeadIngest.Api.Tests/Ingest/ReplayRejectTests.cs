using System.Net;
using System.Text;

namespace LeadIngest.Api.Tests.Ingest;

public class ReplayRejectTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private const string Mended = """{"phone":"+79161234567","name":"Анна"}""";

    [Fact]
    public async Task As_it_came_it_still_fails_with_the_reason_and_stays_open()
    {
        var project = await api.OpenAsync();
        var id = await RejectedAsync(project, """{"phone":"+79161234567","name":1}""");
        var problem = await (await api.PostAsync(project, $"/v1/rejects/{id}/replay")).ProblemAsync(400);
        Assert.True(problem.GetProperty("errors").TryGetProperty("name", out _));
        Assert.Equal((0L, 1L), (await api.LeadCountAsync(project), await OpenCountAsync(project)));
    }

    [Fact]
    public async Task Mended_it_becomes_a_lead_of_its_own_time_and_cannot_be_replayed_again()
    {
        var project = await api.OpenAsync();
        await api.ConnectionAsync(project);
        var id = await RejectedAsync(project, """{"phone":""");
        await api.ExecuteAsync("update rejects set received_at = received_at - interval '2 days' where id = @id", new { id });
        var answer = await (await api.PostAsync(project, $"/v1/rejects/{id}/replay", new { body = Mended })).JsonAsync();
        var leadId = answer.GetProperty("leadId").GetGuid();
        var lead = await api.ReadAsync(project, $"/v1/leads/{leadId}");
        Assert.Equal(("+79161234567", "new", 1), (lead.Text("phone"), lead.Status(), lead.GetProperty("deliveries").GetArrayLength()));
        Assert.Equal(1, await api.CountAsync("select count(*) from rejects r join leads l on l.id = r.lead_id where r.id = @id and r.state = 'replayed' and l.received_at = r.received_at and l.id = @leadId",
            new { id, leadId }));
        await (await api.PostAsync(project, $"/v1/rejects/{id}/replay", new { body = Mended })).ProblemAsync(409);
        Assert.Equal(1, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task A_form_is_read_as_a_form_and_its_type_can_be_mended_too()
    {
        var project = await api.OpenAsync();
        await (await api.Client.SendAsync(project.Forms(), Posts.Content("<lead/>", "application/xml"))).ProblemAsync(415);
        var id = await api.ScalarAsync<Guid>("select id from rejects where project_id = @ProjectId", new { project.ProjectId });
        await (await api.PostAsync(project, $"/v1/rejects/{id}/replay", new { body = "Телефон=89161234567" })).ProblemAsync(400);
        await (await api.PostAsync(project, $"/v1/rejects/{id}/replay", new { body = "Телефон=89161234567", contentType = "application/x-www-form-urlencoded" })).JsonAsync();
        Assert.Equal(1, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task Twenty_replays_at_once_make_one_lead_and_hold_nobody_up()
    {
        var project = await api.OpenAsync();
        for (var round = 1; round <= 3; round++)
        {
            var id = await RejectedAsync(project, $"[{round}]");
            var neighbours = Task.WhenAll(Enumerable.Range(0, 20).Select(i => api.AcceptedAsync(project, new { phone = $"+7916000{round}0{i:00}" })));
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.PostAsync(project, $"/v1/rejects/{id}/replay", new { body = Mended })));
            Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
            Assert.Equal(19, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
            await neighbours;
            Assert.Equal(round * 21, await api.LeadCountAsync(project));
        }
    }

    [Fact]
    public async Task Another_projects_reject_and_a_missing_one_are_not_found()
    {
        var (project, other) = (await api.OpenAsync(), await api.OpenAsync());
        var id = await RejectedAsync(project, "[]");
        await (await api.PostAsync(other, $"/v1/rejects/{id}/replay", new { body = Mended })).ProblemAsync(404);
        await (await api.PostAsync(project, $"/v1/rejects/{Guid.CreateVersion7()}/replay", new { body = Mended })).ProblemAsync(404);
        Assert.Equal((0L, 0L), (await api.LeadCountAsync(project), await api.LeadCountAsync(other)));
        Assert.Equal(401, (int)(await api.SendAsync(null, HttpMethod.Post, $"/v1/rejects/{id}/replay", new { body = Mended })).StatusCode);
    }

    private async Task<Guid> RejectedAsync(TestProject project, string body)
    {
        await (await api.Client.SendAsync(project.Leads(), Posts.Content(body))).ProblemAsync(400);
        return await api.ScalarAsync<Guid>("select id from rejects where project_id = @ProjectId and body = @body", new { project.ProjectId, body = Encoding.UTF8.GetBytes(body) });
    }

    private Task<long> OpenCountAsync(TestProject project) =>
        api.CountAsync("select count(*) from rejects where project_id = @ProjectId and state = 'open'", new { project.ProjectId });
}
