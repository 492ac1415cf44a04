using System.Text.Json.Nodes;
using LeadIngest.Core.Calls;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Tests;

/// <summary>What the rules of a connection decide is what stands in the card.</summary>
public abstract partial class CrmAccountContract
{
    /// <summary>A second pipeline with one of its stages, in the emulator.</summary>
    private protected abstract (int Pipeline, string Stage) SecondPipeline { get; }

    /// <summary>Another field of the account, made for the test: its name in rules and what it holds in a deal.</summary>
    private protected abstract Task<string> MakeFieldAsync();

    private protected abstract string? FieldOf(JsonNode deal, string field);

    private protected abstract (string Pipeline, string Stage, string User, string Title) PlaceOf(JsonNode deal);

    private protected abstract (string Deal, string Text, DateTimeOffset Due, string? User) TaskOf(JsonNode task);

    private protected static ConnectionSettings Rules(RuleActions then, params RoutingRule[] others) => new() { Routing = new() { Rules = [.. others, new() { Name = "Все", Then = then }] } };

    [Fact]
    public async Task A_rule_decides_on_pipeline_stage_responsible_title_fields_tags_and_task()
    {
        var field = await MakeFieldAsync();
        var settings = Rules(
            new()
            {
                PipelineId = SecondPipeline.Pipeline,
                StageId = SecondPipeline.Stage,
                Responsible = new() { Users = [33] },
                Title = "{form}: {name} из {source}",
                Fields = new Dictionary<string, string> { [field] = "{campaign} / {keyword}" },
                Tags = ["сайт", "{channel}"],
                Task = new() { Text = "Перезвонить: {name} {phone}", DueMinutes = 15 },
            },
            new RoutingRule { Name = "Звонки", When = new() { Kinds = ["call"] } });
        await using var account = Account(_crm, settings: settings);
        var lead = Samples.Lead() with { ReceivedAt = TimeProvider.System.GetUtcNow() };

        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(await account.SendAsync([lead], _guard, default)));

        Assert.Empty(outcome.Warnings);
        var deal = await OneAsync("deals", outcome.Steps[Step.Deal]);
        Assert.Equal(($"{SecondPipeline.Pipeline}", SecondPipeline.Stage, "33", "Обратный звонок: Ольга Петрова из Яндекс.Директ"), PlaceOf(deal));
        Assert.Equal("Поиск_CRM_Москва / внедрение crm цена", FieldOf(deal, field));
        Assert.Contains("сайт", Text(deal), StringComparison.Ordinal);
        Assert.Contains("paid_search", Text(deal), StringComparison.Ordinal);
        var task = TaskOf(Assert.Single(await _crm.HoldsAsync("tasks")));
        Assert.Equal((outcome.Steps[Step.Deal], $"Перезвонить: Ольга Петрова {lead.Phone}", "33"), (task.Deal, task.Text, task.User));
        Assert.InRange(task.Due - lead.ReceivedAt, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(16));
        Assert.Equal(outcome.Steps[Step.Task], ((await _crm.HoldsAsync("tasks"))[0]["id"] ?? (await _crm.HoldsAsync("tasks"))[0]["ID"])!.ToString());
    }

    [Fact]
    public async Task Tasks_of_a_whole_batch_cost_one_request()
    {
        await using var account = Account(_crm, settings: Rules(new() { Task = new() { Text = "Позвонить {name}" } }));
        await account.SendAsync([Samples.Lead()], _guard, default);
        var before = await _crm.CallsAsync();
        var outcomes = await account.SendAsync([.. Enumerable.Range(0, account.MaxBatch).Select(_ => Samples.Lead())], _guard, default);
        Assert.All(outcomes, o => Assert.True(o is DeliveryOutcome.Delivered && o.Steps.ContainsKey(Step.Task)));
        Assert.True(await _crm.CallsAsync() - before <= 3);
        Assert.Equal(account.MaxBatch + 1, await _crm.CountAsync("tasks"));
    }

    [Fact]
    public async Task A_known_client_stays_with_the_user_of_the_contact_and_a_new_one_goes_to_the_rules()
    {
        await using var first = Account(_crm, settings: Rules(new() { Responsible = new() { Users = [32] } }));
        var known = Assert.Single(await first.SendAsync([Samples.Lead()], _guard, default)).Steps[Step.Contact];
        await using var account = Account(_crm, settings: Rules(new() { Responsible = new() { Previous = true, Users = [33] }, Task = new() { Text = "Позвонить" } }));
        OutgoingLead[][] batches = [[Samples.Lead() with { ContactId = known, IsRepeat = true }], [Samples.Lead(), Samples.Lead() with { ContactId = known, IsRepeat = true }]];
        foreach (var batch in batches)
        {
            foreach (var (lead, outcome) in batch.Zip(await account.SendAsync(batch, _guard, default)))
            {
                var wanted = lead.ContactId is null ? "33" : "32";
                Assert.Equal(wanted, PlaceOf(await OneAsync("deals", outcome.Steps[Step.Deal])).User);
                Assert.Equal(wanted, TaskOf(await OneAsync("tasks", outcome.Steps[Step.Task])).User);
            }
        }
    }

    [Fact]
    public async Task A_stage_that_is_gone_is_left_out_and_everything_else_stays()
    {
        await using var account = Account(_crm, settings: Rules(new() { PipelineId = SecondPipeline.Pipeline, StageId = Unfit.StageId, Responsible = new() { Users = [33] }, Title = "{name}" }));
        var outcome = Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(await account.SendAsync([Samples.Lead()], _guard, default)));
        Assert.NotEmpty(outcome.Warnings);
        var place = PlaceOf(await OneAsync("deals", outcome.Steps[Step.Deal]));
        Assert.Equal(($"{SecondPipeline.Pipeline}", "33", "Ольга Петрова"), (place.Pipeline, place.User, place.Title));
    }

    [Fact]
    public async Task A_card_that_was_found_without_its_task_gets_the_task_and_no_second_card()
    {
        var lead = Samples.Lead();
        var made = await DeliverAsync(lead);
        await using var account = Account(_crm, settings: Rules(new() { Task = new() { Text = "Позвонить {name}" } }));

        var absent = Assert.IsType<LookupOutcome.Absent>(Assert.Single(await account.FindAsync([lead], _guard, default)));
        var again = lead with { Steps = absent.Steps };
        Assert.Equal(made.Steps[Step.Deal], Assert.Single(await account.SendAsync([again], _guard, default)).Steps[Step.Deal]);

        Assert.Equal((1, 1), (await _crm.CountAsync("deals"), await _crm.CountAsync("tasks")));
        Assert.IsType<LookupOutcome.Found>(Assert.Single(await account.FindAsync([again], _guard, default)));
    }

    [Fact]
    public async Task A_missed_call_gets_its_task_and_an_answered_one_none()
    {
        await using var account = Account(_crm, settings: Rules(new() { Task = new() { Text = "Перезвонить {phone}", For = ["missed_call"] } }));
        var outcomes = await account.SendAsync([Samples.Call(CallOutcome.Missed), Samples.Call()], _guard, default);
        Assert.True(outcomes[0].Steps.ContainsKey(Step.Task));
        Assert.False(outcomes[1].Steps.ContainsKey(Step.Task));
    }

    [Fact]
    public async Task A_repeat_may_be_a_note_and_a_task_in_the_open_deal()
    {
        var deal = (await DeliverAsync(Samples.Lead())).Steps[Step.Deal];
        var outcome = await DeliverAsync(Samples.Note(deal) with { IsRepeat = true, WantsTask = true });
        var task = TaskOf(await OneAsync("tasks", outcome.Steps[Step.Task]));
        Assert.Equal(deal, task.Deal);
        Assert.Contains("Повторное обращение", task.Text, StringComparison.Ordinal);
        Assert.Equal((1, 1), (await _crm.CountAsync("deals"), await _crm.CountAsync("tasks")));
    }
}
