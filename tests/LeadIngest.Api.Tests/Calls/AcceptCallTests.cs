using System.Net;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Calls;

public class AcceptCallTests(CallsFixture api) : IClassFixture<CallsFixture>
{
    private static readonly object Ended = new { id = "c-1", phase = "ended", direction = "in", from = "79161234567", to = "74951234567", talkSeconds = 64 };

    [Fact]
    public async Task An_unknown_provider_is_404_and_names_the_known()
    {
        var problem = await (await api.Client.SendAsync("/v1/calls/nosuch/abc", Posts.Content("{}"))).ProblemAsync(404);
        Assert.Contains("generic", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_token_is_401_and_stores_nothing()
    {
        var before = await RowsAsync();
        await (await api.Client.SendAsync($"/v1/calls/generic/{Guid.CreateVersion7():N}", Posts.Content(JsonSerializer.Serialize(Ended)))).ProblemAsync(401);
        await (await api.Client.SendAsync("/v1/calls/generic/" + new string('a', 2000), Posts.Content("{}"))).ProblemAsync(401);
        Assert.Equal(before, await RowsAsync());

        Task<long> RowsAsync() => api.CountAsync("select (select count(*) from calls) + (select count(*) from call_events) + (select count(*) from rejects)");
    }

    [Fact]
    public async Task The_token_of_another_provider_or_of_a_sleeping_sender_is_401()
    {
        var project = await api.OpenAsync();
        var other = await api.SenderAsync(project, provider: "nosuch");
        await (await api.Client.SendAsync($"/v1/calls/generic/{other.Token}", Posts.Content(JsonSerializer.Serialize(Ended)))).ProblemAsync(401);
        var sleeping = await api.SenderAsync(project);
        await api.ExecuteAsync("update senders set is_active = false where id = @Id", new { sleeping.Id });
        await (await api.CallAsync(sleeping, Ended)).ProblemAsync(401);
        Assert.Equal(0, await api.CountAsync("select count(*) from call_events where project_id = @P", new { P = project.ProjectId }));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("form")]
    [InlineData("multipart")]
    [InlineData("query")]
    public async Task The_same_call_is_read_in_every_format(string format)
    {
        var sender = await api.PbxAsync();
        KeyValuePair<string, string>[] fields =
        [
            new("id", "c-1"), new("phase", "ended"), new("direction", "in"), new("from", "79161234567"), new("to", "74951234567"), new("talkSeconds", "64"),
            new("utm_source", "yandex"), new("utm_medium", "cpc"), new("Очередь", "Отдел продаж"),
        ];
        using var answer = format switch
        {
            "json" => await api.CallAsync(sender, fields.ToDictionary(f => f.Key, f => f.Value)),
            "form" => await api.Client.SendAsync(sender.Path, new FormUrlEncodedContent(fields)),
            "multipart" => await api.Client.SendAsync(sender.Path, Multipart(fields)),
            _ => await api.Client.GetAsync($"{sender.Path}?{await new FormUrlEncodedContent(fields).ReadAsStringAsync()}"),
        };
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await api.LeadsAsync(sender.Project, 1);
        var (call, lead) = (await api.OnlyCallAsync(sender.Project), await api.OnlyLeadAsync(sender.Project));
        Assert.Equal(("in", "answered", "+79161234567", "+74951234567", 64), (call.Text("direction"), call.Text("outcome"), call.Text("clientPhone"), call.Text("linePhone"), call.GetProperty("talkSeconds").GetInt32()));
        Assert.Equal(("call", "new", "Яндекс.Директ", "calltracking"), (lead.Text("kind"), lead.Status(), lead.GetProperty("passport").Text("source"), lead.GetProperty("passport").Text("origin")));
        Assert.Equal("Отдел продаж", lead.GetProperty("fields").Text("Очередь"));
        Assert.Equal(call.GetProperty("id").GetGuid(), lead.GetProperty("callId").GetGuid());
        Assert.Equal(lead.GetProperty("id").GetGuid(), call.GetProperty("leadId").GetGuid());
    }

    [Fact]
    public async Task What_cannot_be_read_is_kept_and_answered_200_and_mended_it_becomes_a_call()
    {
        var sender = await api.PbxAsync();
        await api.ToldAsync(sender, """{"phase":"ended","direction":"in","from":"79161234567","talkSeconds":5,"token":"hush-hush"}""");
        var reject = (await api.ReadAsync(sender.Project, "/v1/rejects")).GetProperty("items")[0];
        Assert.Equal("calls/generic", reject.Text("route"));
        Assert.Equal(sender.Project.SiteId, reject.GetProperty("siteId").GetGuid());
        var id = reject.GetProperty("id").GetGuid();
        var body = (await api.ReadAsync(sender.Project, $"/v1/rejects/{id}")).GetProperty("body").Text("text");
        Assert.DoesNotContain("hush-hush", body, StringComparison.Ordinal);
        Assert.Contains("\"token\":\"***\"", body, StringComparison.Ordinal);

        await (await api.PostAsync(sender.Project, $"/v1/rejects/{id}/replay")).ProblemAsync(400);
        var mended = """{"id":"c-9","phase":"ended","direction":"in","from":"79161234567","talkSeconds":5}""";
        await (await api.PostAsync(sender.Project, $"/v1/rejects/{id}/replay", new { body = mended })).JsonAsync();
        await (await api.PostAsync(sender.Project, $"/v1/rejects/{id}/replay", new { body = mended })).ProblemAsync(409);
        await api.LeadsAsync(sender.Project, 1);
        Assert.Equal(("c-9", "answered"), (await api.OnlyCallAsync(sender.Project)) is var call ? (call.Text("externalId"), call.Text("outcome")) : default);
        Assert.Equal("replayed", await api.ScalarAsync<string>("select state from rejects where id = @id", new { id }));
    }

    [Theory]
    [InlineData("{\"id\":\"c-1\",")]
    [InlineData("[1,2,3]")]
    [InlineData("\0\0\0\0")]
    [InlineData("<xml/>")]
    public async Task Rubbish_is_kept_and_answered_200(string body)
    {
        var sender = await api.PbxAsync();
        await api.ToldAsync(sender, body);
        Assert.Equal((1L, 0L), (await api.RejectCountAsync(sender.Project), await api.CountAsync("select count(*) from calls where project_id = @P", new { P = sender.Project.ProjectId })));
        Assert.Equal(Encoding.UTF8.GetBytes(body), await api.ScalarAsync<byte[]>("select body from rejects where project_id = @P", new { P = sender.Project.ProjectId }));
    }

    [Fact]
    public async Task Texts_that_the_database_cannot_hold_do_not_lose_the_call()
    {
        var sender = await api.PbxAsync();
        await api.ToldAsync(sender, """{"id":"c\u0000-1","phase":"ended","direction":"in","from":"79161234567","talkSeconds":5,"note":"a\u0000b","half":"\ud83d!"}""");
        await api.LeadsAsync(sender.Project, 1);
        Assert.Equal("c-1", (await api.OnlyCallAsync(sender.Project)).Text("externalId"));
    }

    [Fact]
    public async Task An_id_of_any_length_is_one_call()
    {
        var sender = await api.PbxAsync();
        var id = new string('x', 9000);
        await api.ToldAsync(sender, new { id, phase = "ringing", direction = "in", from = "79161234567" });
        await api.ToldAsync(sender, new { id, phase = "ended", direction = "in", talkSeconds = 0 });
        await api.LeadsAsync(sender.Project, 1);
        Assert.Equal("missed", (await api.OnlyCallAsync(sender.Project)).Text("outcome"));
    }

    [Fact]
    public async Task A_test_of_the_address_makes_nothing_and_is_noted()
    {
        var sender = await api.PbxAsync();
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync(sender.Path)).StatusCode);
        await api.ToldAsync(sender, new { id = "{call_id}", from = "{caller}", phase = "ended" });
        await NotedAsync(sender.Id, "last_test_at");
        Assert.Equal(1, await api.CountAsync("select count(*) from senders where id = @Id and last_test_at is not null and last_seen_at is not null", new { sender.Id }));
        Assert.Equal((0L, 0L), (await api.RejectCountAsync(sender.Project), await api.CountAsync("select count(*) from calls where project_id = @P", new { P = sender.Project.ProjectId })));
    }

    [Fact]
    public async Task The_senders_last_message_is_noted_once_a_minute()
    {
        var sender = await api.PbxAsync();
        for (var i = 0; i < 3; i++) await api.ToldAsync(sender, new { id = "c-" + i, phase = "ringing", direction = "in", from = "79161234567" });
        await NotedAsync(sender.Id, "last_seen_at");
        Assert.Equal(1, await api.CountAsync("select count(*) from senders s where id = @Id and last_seen_at <= (select min(received_at) from call_events e where e.sender_id = s.id) + interval '1 second'", new { sender.Id }));
    }

    [Fact]
    public async Task A_body_over_the_bound_is_413()
    {
        var sender = await api.PbxAsync();
        Assert.Equal(413, (int)(await api.CallAsync(sender, new string('a', 300 * 1024))).StatusCode);
    }

    [Fact]
    public async Task Secrets_are_not_in_what_is_kept_of_an_event()
    {
        var project = await api.OpenAsync();
        var sender = await api.SenderAsync(project, secret: "top-secret-42");
        await api.ToldAsync(sender, $$"""{"id":"c-1","phase":"ended","direction":"in","from":"79161234567","talkSeconds":5,"crm_token":"guess-1","proof":"top-secret-42","mine":"{{sender.Token}}"}""");
        var kept = await api.ScalarAsync<string>("select convert_from(body, 'utf8') || event::text from call_events where project_id = @P", new { P = project.ProjectId });
        Assert.DoesNotContain("guess-1", kept, StringComparison.Ordinal);
        var body = await api.ScalarAsync<string>("select convert_from(body, 'utf8') from call_events where project_id = @P", new { P = project.ProjectId });
        Assert.DoesNotContain("top-secret-42", body, StringComparison.Ordinal);
        Assert.DoesNotContain(sender.Token, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_whose_secrets_cannot_be_read_asks_to_come_again()
    {
        var sender = await api.PbxAsync();
        await api.ExecuteAsync("update senders set credentials = '\\x010203' where id = @Id", new { sender.Id });
        var answer = await api.CallAsync(sender, Ended);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (answer.StatusCode, answer.Headers.RetryAfter is not null));
    }

    [Fact]
    public async Task A_replay_whose_senders_secrets_cannot_be_read_says_so_and_the_reject_stays()
    {
        var sender = await api.PbxAsync();
        await api.ToldAsync(sender, """{"phase":"ended","direction":"in","from":"79161234567","talkSeconds":5}""");
        var id = (await api.ReadAsync(sender.Project, "/v1/rejects")).GetProperty("items")[0].GetProperty("id").GetGuid();
        await api.ExecuteAsync("update senders set credentials = '\\x010203' where id = @Id", new { sender.Id });
        var problem = await (await api.PostAsync(sender.Project, $"/v1/rejects/{id}/replay")).ProblemAsync(400);
        Assert.True(problem.GetProperty("errors").TryGetProperty("sender", out _));
        Assert.Contains("secrets", problem.Text("detail"), StringComparison.Ordinal);
        Assert.NotEqual("replayed", await api.ScalarAsync<string>("select state from rejects where id = @id", new { id }));
    }

    private static MultipartFormDataContent Multipart(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in fields) content.Add(new StringContent(value), $"\"{name}\"");
        return content;
    }

    /// <summary>The note is written beside the answer, not before it.</summary>
    private Task NotedAsync(Guid sender, string column) => Posts.UntilAsync(
        async () => await api.CountAsync($"select count(*) from senders where id = @sender and {column} is not null", new { sender }) == 1, column);
}

/// <summary>Few unknown tokens an address.</summary>
public sealed class GuardedFixture : IngestFixture
{
    protected override string[] Args => [.. base.Args, "--Calls:UnknownTokensPerMinute=5"];
}

public class TokenFloodTests(GuardedFixture api) : IClassFixture<GuardedFixture>
{
    [Fact]
    public async Task A_flood_of_made_up_tokens_is_shut_out_and_known_senders_are_not()
    {
        var sender = await api.PbxAsync();
        await api.ToldAsync(sender, new { id = "c-1", phase = "ringing", direction = "in", from = "79161234567" });
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => api.Client.SendAsync($"/v1/calls/generic/{Guid.CreateVersion7():N}", Posts.Content("{}"))));
        // Those that are asked for at the same moment may be a few more than the five.
        var wrong = answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized);
        Assert.InRange(wrong, 5, 8);
        Assert.Equal(40 - wrong, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests && a.Headers.RetryAfter is not null));
        await api.ToldAsync(sender, new { id = "c-1", phase = "ended", direction = "in", talkSeconds = 0 });
        await api.LeadsAsync(sender.Project, 1);
    }

    [Fact]
    public async Task What_cannot_be_stored_now_is_asked_for_again_soon_and_nothing_is_lost()
    {
        var sender = await api.PbxAsync();
        var message = new { id = "c-7", phase = "ended", direction = "in", from = "79161234567", talkSeconds = 0 };
        await api.ToldAsync(sender, new { id = "c-6", phase = "ended", direction = "out", from = "101", to = "79160000001" });
        await api.FoldedAsync(sender.Project);
        await using (var blocker = new Npgsql.NpgsqlConnection(api.Db))
        {
            await blocker.OpenAsync();
            await using var tx = await blocker.BeginTransactionAsync();
            await using (var command = new Npgsql.NpgsqlCommand("lock table call_events in exclusive mode", blocker)) await command.ExecuteNonQueryAsync();
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            var answer = await api.CallAsync(sender, message);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 5);
        }
        await Posts.UntilAsync(async () => (await api.CallAsync(sender, message)).StatusCode == HttpStatusCode.OK, "the call is taken");
        await api.LeadsAsync(sender.Project, 1);
    }
}
