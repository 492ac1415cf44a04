
namespace LeadIngest.Api.Tests.Ingest;

/// <summary>Random leads against a plain reading of the rules, which shares no code with the service.</summary>
public class ClientOracleTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private const int Sequences = 6;
    private const int Length = 40;

    private sealed record Post(string? Phone, string? Mail, string Form);

    [Fact]
    public async Task Leads_sent_one_by_one_get_the_status_and_the_client_that_the_rules_say()
    {
        for (var seed = 1; seed <= Sequences; seed++)
        {
            var (project, posts) = (await api.OpenAsync(), Random(seed));
            var ids = new List<Guid>();
            foreach (var post in posts) ids.Add(await SendAsync(project, post));
            await CheckAsync(seed, project, posts, ids);
        }
    }

    [Fact]
    public async Task Leads_sent_all_at_once_get_what_the_rules_say_for_the_order_in_which_they_were_taken()
    {
        for (var seed = 101; seed <= 100 + Sequences; seed++)
        {
            var (project, posts) = (await api.OpenAsync(), Random(seed));
            var ids = await Task.WhenAll(posts.Select(p => SendAsync(project, p)));
            // One node writes one batch after the other, and its ids tell the order.
            var order = Enumerable.Range(0, Length).OrderBy(i => ids[i].ToString(), StringComparer.Ordinal).ToArray();
            await CheckAsync(seed, project, [.. order.Select(i => posts[i])], [.. order.Select(i => ids[i])]);
        }
    }

    [Fact]
    public async Task Bursts_after_bursts_leave_the_same()
    {
        for (var seed = 201; seed <= 200 + Sequences; seed++)
        {
            var (project, posts) = (await api.OpenAsync(), Random(seed));
            var ids = new List<(Guid Id, Post Post)>();
            foreach (var burst in posts.Chunk(8)) ids.AddRange(await Task.WhenAll(burst.Select(async p => (await SendAsync(project, p), p))));
            var order = ids.OrderBy(i => i.Id.ToString(), StringComparer.Ordinal).ToArray();
            await CheckAsync(seed, project, [.. order.Select(i => i.Post)], [.. order.Select(i => i.Id)]);
        }
    }

    private async Task<Guid> SendAsync(TestProject project, Post post) =>
        await api.AcceptedAsync(project, new { phone = post.Phone, email = post.Mail, formId = post.Form });

    private static Post[] Random(int seed)
    {
        var random = new Random(seed);
        string? Phone() => random.Next(4) == 0 ? null : $"+7916000000{random.Next(5)}";
        string? Mail() => random.Next(2) == 0 ? null : $"m{random.Next(5)}@mail.ru";
        return [.. Enumerable.Range(0, Length).Select(_ =>
        {
            var (phone, mail) = (Phone(), Mail());
            return new Post(phone ?? (mail is null ? "не помню" : null), mail, $"form {random.Next(3)}");
        })];
    }

    private async Task CheckAsync(int seed, TestProject project, Post[] posts, List<Guid> ids)
    {
        var leads = await api.AllLeadsAsync(project);
        Assert.Equal(ids.Count, leads.Count);
        var expected = Statuses(posts);
        Assert.Equal((seed, string.Join(' ', expected.Select(e => e.Status))), (seed, string.Join(' ', ids.Select(id => leads[id].Status()))));
        for (var i = 0; i < posts.Length; i++)
        {
            if (expected[i].Status == "duplicate") Assert.Contains(ids.IndexOf(leads[ids[i]].GetProperty("duplicateOf").GetGuid()), expected[i].Originals);
            for (var j = 0; j < i; j++)
                Assert.Equal((seed, i, j, Linked(posts, posts.Length, i).Contains(j)), (seed, i, j, leads[ids[i]].ClientId() == leads[ids[j]].ClientId()));
        }
        // What is counted beside the leads agrees with them.
        var families = leads.Values.GroupBy(l => l.ClientId()).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(0, await api.CountAsync("""
            select count(*) from clients c where c.project_id = @ProjectId and c.merged_into is null
                and (select sum(f.lead_count) from clients f where f.project_id = c.project_id and (f.id = c.id or f.merged_into = c.id)) <> (
                select count(*) from leads l join clients o on o.project_id = l.project_id and o.id = l.client_id
                where l.project_id = c.project_id and coalesce(o.merged_into, o.id) = c.id)
            """, new { project.ProjectId }));
        Assert.Equal(families.Count, await api.CountAsync("select count(*) from clients where project_id = @ProjectId and merged_into is null", new { project.ProjectId }));
        Assert.Equal(0, await api.CountAsync("""
            select count(*) from clients c join clients r on r.project_id = c.project_id and r.id = c.merged_into where c.project_id = @ProjectId and r.merged_into is not null
            """, new { project.ProjectId }));
        Assert.Equal(await api.CountAsync("select count(*) from clients where project_id = @ProjectId and merged_into is not null", new { project.ProjectId }),
            await api.CountAsync("select count(distinct merged_id) from client_merges where project_id = @ProjectId", new { project.ProjectId }));
    }

    /// <summary>All leads fall within the duplicate window. A lead without a readable contact is always a person of its own.</summary>
    private static List<(string Status, List<int> Originals)> Statuses(Post[] posts)
    {
        var statuses = new List<(string Status, List<int> Originals)>();
        for (var i = 0; i < posts.Length; i++)
        {
            var earlier = Linked(posts, i + 1, i);
            earlier.Remove(i);
            var originals = earlier.Where(e => posts[e].Form == posts[i].Form && statuses[e].Status != "duplicate").ToList();
            statuses.Add((earlier.Count == 0 ? "new" : originals.Count > 0 ? "duplicate" : "repeat", originals));
        }
        return statuses;
    }

    /// <summary>Which of the first leads belong to the person of this one: by walking over equal phones and e-mails.</summary>
    private static HashSet<int> Linked(Post[] posts, int first, int from)
    {
        var found = new HashSet<int> { from };
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var a in found.ToArray())
                for (var b = 0; b < first; b++)
                    if ((posts[a].Phone is ['+', ..] && posts[a].Phone == posts[b].Phone) || (posts[a].Mail is not null && posts[a].Mail == posts[b].Mail))
                        grown |= found.Add(b);
        }
        return found;
    }
}
