using System.Net;

namespace LeadIngest.Api.Tests.Ingest;

public class IdempotencyTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private const string Lead = """{"phone":"+79161234567","formId":"a"}""";

    [Fact]
    public async Task The_same_key_and_body_get_the_same_answer_and_make_one_lead()
    {
        var project = await api.OpenAsync();
        var (first, second) = (await SendAsync(project, Lead, "key-1"), await SendAsync(project, Lead, "key-1"));
        Assert.Equal(await first.LeadIdAsync(), await second.LeadIdAsync());
        Assert.Equal(1, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task The_same_key_with_another_body_gets_422()
    {
        var project = await api.OpenAsync();
        await SendAsync(project, Lead, "key-1");
        await (await SendAsync(project, """{"phone":"+79167654321"}""", "key-1")).ProblemAsync(422);
        Assert.Equal((1L, 0L), (await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
    }

    [Fact]
    public async Task A_key_belongs_to_its_site_and_its_route()
    {
        var (project, other) = (await api.OpenAsync(), await api.OpenAsync());
        var ids = new HashSet<Guid>
        {
            await (await SendAsync(project, Lead, "key-1")).LeadIdAsync(),
            await (await SendAsync(other, Lead, "key-1")).LeadIdAsync(),
            await (await api.Client.SendAsync(project.Forms(), Posts.Content(Lead), ("Idempotency-Key", "key-1"))).LeadIdAsync(),
        };
        Assert.Equal(3, ids.Count);
    }

    [Fact]
    public async Task Twenty_twins_at_once_make_one_lead_and_hear_the_same()
    {
        var project = await api.OpenAsync();
        for (var round = 0; round < 5; round++)
        {
            var key = $"key-{round}";
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(project, Lead, key)));
            var ids = await Task.WhenAll(answers.Select(a => a.LeadIdAsync()));
            Assert.Single(ids.Distinct());
            Assert.Equal(round + 1, await api.LeadCountAsync(project));
        }
    }

    [Fact]
    public async Task Of_twins_with_different_bodies_one_wins_and_the_others_get_422()
    {
        var project = await api.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SendAsync(project, $$"""{"phone":"+7916123456{{i % 2}}"}""", "key-1")));
        Assert.Equal(10, answers.Count(a => a.StatusCode == HttpStatusCode.Accepted));
        Assert.Equal(10, answers.Count(a => a.StatusCode == HttpStatusCode.UnprocessableEntity));
        Assert.Equal(1, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task A_refusal_comes_out_the_same_again_and_is_kept_once()
    {
        var project = await api.OpenAsync();
        var answers = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var answer = await SendAsync(project, """{"phone":""", "key-1");
            await answer.ProblemAsync(400);
            answers.Add(await answer.Content.ReadAsStringAsync());
        }
        var twins = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(project, "[]", "key-2")));
        foreach (var twin in twins) await twin.ProblemAsync(400);
        Assert.Single(answers.Distinct());
        Assert.Equal(2, await api.RejectCountAsync(project));
    }

    [Fact]
    public async Task A_form_with_a_key_is_sent_on_again()
    {
        var project = await api.OpenAsync();
        for (var i = 0; i < 2; i++)
        {
            var answer = await api.Client.SendAsync(project.Forms(), Posts.Content("phone=89161234567&_next=/thanks", "application/x-www-form-urlencoded"),
                ("Idempotency-Key", "k"), ("Origin", "https://okna-plus.ru"));
            Assert.Equal((HttpStatusCode.SeeOther, "https://okna-plus.ru/thanks"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        }
        Assert.Equal(1, await api.LeadCountAsync(project));
    }

    [Fact]
    public async Task A_key_of_255_visible_characters_is_taken_and_any_other_refused()
    {
        var project = await api.OpenAsync();
        await (await SendAsync(project, Lead, new string('~', 255))).LeadIdAsync();
        foreach (var key in new[] { new string('k', 256), "a b", "" })
        {
            var problem = await (await SendAsync(project, Lead, key)).ProblemAsync(400);
            Assert.True(problem.GetProperty("errors").TryGetProperty("Idempotency-Key", out _));
        }
        foreach (var header in new[] { "Idempotency-Key: a\tb", "Idempotency-Key: ключ", "Idempotency-Key: a\r\nIdempotency-Key: b c" })
            Assert.StartsWith("HTTP/1.1 400", await RawHttp.PostAsync(api.Client.BaseAddress!, project.Leads(), Lead, header), StringComparison.Ordinal);
        Assert.Equal((1L, 0L), (await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
    }

    private Task<HttpResponseMessage> SendAsync(TestProject project, string body, string key) =>
        api.Client.SendAsync(project.Leads(), Posts.Content(body), ("Idempotency-Key", key));
}
