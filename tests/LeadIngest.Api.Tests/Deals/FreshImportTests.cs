using LeadIngest.Api.Tests.EndToEnd;
using LeadIngest.Api.Tests.Imports;

namespace LeadIngest.Api.Tests.Deals;

/// <summary>However a mirror came about, it shows what a fresh one would: a project that watched all along, and one that is connected in the end.</summary>
public sealed class FreshImportTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    [Theory]
    [InlineData("amocrm", 1, true)]
    [InlineData("amocrm", 2, false)]
    [InlineData("bitrix24", 4, true)]
    [InlineData("bitrix24", 5, false)]
    public async Task After_any_work_in_the_crm_a_poll_and_a_comparison_the_mirror_is_that_of_a_fresh_import(string crm, int seed, bool hooks)
    {
        var sales = new Sales(api, crm);
        // What the portal forgets of left pipelines a fresh import cannot know: see the test of that.
        if (!sales.IsAmocrm) await api.CrmAsync("/_account/bitrix24", new { history_of_all = true });
        var dice = new Random(seed);
        var (project, connection) = await sales.ConnectAsync();
        if (hooks) await sales.Cards.HookAsync(project, connection);
        var contacts = new List<string>();
        for (var i = 0; i < 4; i++) contacts.Add(await sales.Cards.EnterAsync($"Клиент {i}", Cards.NewPhone()));
        List<string> alive = [], gone = [];
        try
        {
            for (var act = 0; act < 45; act++)
            {
                if (act % 20 == 10) await api.CrmAsync("/_faults", new { crm, kind = act == 10 ? "hook_duplicate" : act == 30 ? "hook_drop" : "hook_reorder", probability = 0.6 });
                await ActAsync(sales, dice, contacts, alive, gone);
                if (act % 20 == 19) await sales.PolledAsync(connection);
            }
        }
        finally
        {
            await api.HealAsync();
        }
        await sales.PolledAsync(connection);
        await sales.SweptAsync(connection);
        // What the comparison has mended is looked up in the history by the next poll.
        await sales.PolledAsync(connection);

        var fresh = await sales.ConnectAsync();

        Assert.Equal(await SnapshotAsync(fresh), await SnapshotAsync((project, connection)));
        Assert.NotEmpty(alive);
        Assert.Equal(0, await api.CountAsync("select count(*) from deals where connection_id = @C and deleted_at is null and remote_id = any(@Gone)", new { C = connection, Gone = gone.Select(Sales.Number).ToArray() }));
        // No course has a gap, and each ends where the deal stands; amounts likewise.
        Assert.Equal(0, await api.CountAsync("""
            select count(*) from stage_changes a join stage_changes b on b.project_id = a.project_id and b.deal_id = a.deal_id and b.n = a.n + 1
            where a.project_id = @P and ((a.pipeline_id, a.stage_id) is distinct from (b.from_pipeline_id, b.from_stage_id) or a.at > b.at)
            """, new { P = project.ProjectId }));
        Assert.Equal(0, await api.CountAsync("""
            select count(*) from deals d
            where d.project_id = @P and d.deleted_at is null and ((d.pipeline_id, d.stage_id) is distinct from (select (c.pipeline_id, c.stage_id) from stage_changes c where c.project_id = d.project_id and c.deal_id = d.id order by n desc limit 1)
                or (d.amount, d.currency) is distinct from (select (c.amount, c.currency) from deal_changes c where c.project_id = d.project_id and c.deal_id = d.id order by n desc limit 1))
            """, new { P = project.ProjectId }));
    }

    private static async Task ActAsync(Sales sales, Random dice, List<string> contacts, List<string> alive, List<string> gone)
    {
        var which = dice.Next(12);
        if (alive.Count < 3 || which < 3)
        {
            alive.Add(await sales.MakeAsync($"Сделка {alive.Count + gone.Count}", dice.Next(4) * 1000, dice.Next(4) == 0 ? null : contacts[dice.Next(contacts.Count)]));
            return;
        }
        var deal = alive[dice.Next(alive.Count)];
        switch (which)
        {
            case 3 or 4:
                await sales.MoveAsync(deal, sales.Stages[dice.Next(sales.Stages.Length)]);
                break;
            case 5:
                await sales.PriceAsync(deal, dice.Next(1, 9) * 500);
                break;
            case 6:
                await sales.MoveAsync(deal, sales.Won);
                break;
            case 7:
                await sales.LoseAsync(deal, 61 + dice.Next(3));
                break;
            case 8:
                // Another pipeline, of which webhooks made by people tell nothing.
                await sales.MoveAsync(deal, sales.IsAmocrm ? "9202" : "C4:NEW", sales.IsAmocrm ? "9200" : "4");
                break;
            case 9:
                await sales.SetAsync(deal, sales.IsAmocrm ? new { responsible_user_id = 32 } : new { ASSIGNED_BY_ID = 14 });
                break;
            case 10:
                await sales.DeleteAsync(deal);
                alive.Remove(deal);
                gone.Add(deal);
                break;
            default:
                var other = alive[dice.Next(alive.Count)];
                if (other == deal) break;
                await sales.MergeAsync(deal, other);
                alive.Remove(other);
                gone.Add(other);
                break;
        }
    }

    /// <summary>Everything of the deals that are there, without ids and moments of ours. What only a watcher can know is left out: amounts that Bitrix24 forgets, and who moved its deals before the last time.</summary>
    private async Task<string?> SnapshotAsync((TestProject Project, Guid Connection) of) => await api.ScalarAsync<string>("""
        select string_agg(concat_ws(' ', d.kind, d.remote_id, d.name, d.pipeline_id, d.stage_id, d.state, d.amount, d.currency, d.responsible_id, d.contact_ids, d.lost_reason_id, d.created_at, d.updated_at,
            d.closed_at, d.lead_id, (select min(i.value) from identities i where i.project_id = d.project_id and i.kind = 'phone' and i.client_id = d.client_id),
            (select string_agg(concat_ws(' ', c.at, c.from_stage_id, c.pipeline_id, c.stage_id, c.origin, case when k.crm = 'amocrm' then c.by_id end), ', ' order by n) from stage_changes c where c.project_id = d.project_id and c.deal_id = d.id),
            case when k.crm = 'amocrm' then (select string_agg(concat_ws(' ', c.at, c.from_amount, c.amount, c.currency, c.origin, c.by_id), ', ' order by n) from deal_changes c where c.project_id = d.project_id and c.deal_id = d.id) end),
            E'\n' order by d.remote_id)
        from deals d join connections k on k.project_id = d.project_id and k.id = d.connection_id
        where d.project_id = @ProjectId and d.connection_id = @Connection and d.deleted_at is null
        """, new { of.Project.ProjectId, of.Connection });
}
