using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Api.Tests.Visits;

namespace LeadIngest.Api.Tests.Numbers;

/// <summary>In a database of its own, whose plans are made while it is empty.</summary>
public sealed class LendingReadsTests(VisitFixture api) : IClassFixture<VisitFixture>
{
    private const int History = 3_000, Visits = 20;

    /// <summary>It read all holds of the project at each turn, until the server had looked at the table by itself.</summary>
    [Fact]
    public async Task A_number_that_changes_hands_costs_no_more_for_all_who_had_it_before()
    {
        var (project, visitor) = (await api.OpenPoolAsync(1), Guid.CreateVersion7());
        for (var i = 0; i < Visits; i++) await api.StartAsync(project, visitor);
        await api.ExecuteAsync("""
            insert into number_holds (project_id, id, number_id, visit_id, visitor_id, from_at, until_at)
            select @ProjectId, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now() - interval '1 day', now() - interval '1 day' from generate_series(1, @History)
            """, new { project.ProjectId, History });
        for (var i = 0; i < Visits; i++) await api.StartAsync(project, visitor);

        // A connection tells its counts when it has been idle for a while.
        await Posts.UntilAsync(async () => await api.CountAsync("select n_tup_ins from pg_stat_user_tables where relname = 'number_holds'") >= History + (2 * Visits), "the counts are told");
        Assert.InRange(await api.CountAsync("select seq_tup_read + idx_tup_fetch from pg_stat_user_tables where relname = 'number_holds'"), 1, History);
        Assert.Equal(2 * Visits, await api.CountAsync("select count(*) from number_holds h where project_id = @ProjectId and exists (select from visits v where v.project_id = h.project_id and v.id = h.visit_id)", new { project.ProjectId }));
    }
}
