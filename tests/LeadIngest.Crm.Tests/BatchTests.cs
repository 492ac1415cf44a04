namespace LeadIngest.Crm.Tests;

/// <summary>Batches under trouble: what is too much is halved, what is bad goes alone, and a method's pause is not the account's.</summary>
public sealed class BatchTests
{
    private static ICrmAccount Account(EmulatedCrm emulator, string crm) => CrmAccounts.Create(new CrmConnection
    {
        Kind = crm,
        BaseAddress = new Uri(emulator.Address, crm == "amocrm" ? "amocrm" : "bitrix24/rest/1/demo-bitrix-secret/"),
        Token = crm == "amocrm" ? "demo-amocrm-token" : null,
    }, new CrmTimings { RequestsPerSecond = 1000 }, new RequestBudgets(TimeProvider.System), CrmAccounts.CreateHandler(), TimeProvider.System);

    private static OutgoingLead[] Leads(int count) => [.. Enumerable.Range(0, count).Select(_ => Samples.Lead())];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_batch_that_is_too_long_for_the_account_halves_the_next_ones_and_nothing_is_doubled(bool done)
    {
        await using var emulator = await EmulatedCrm.StartAsync("amocrm");
        await using var account = Account(emulator, "amocrm");
        await emulator.PostAsync("_account/amocrm", new { max_batch = 12, max_batch_done = done });
        var waiting = Leads(50).ToList();
        var sizes = new List<int>();
        while (waiting.Count > 0)
        {
            var batch = waiting.Take(account.MaxBatch).ToArray();
            sizes.Add(batch.Length);
            var outcomes = await account.SendAsync(batch, new Guard(), default);
            var doubts = batch.Zip(outcomes).Where(o => o.Second is DeliveryOutcome.Unknown).Select(o => o.First).ToArray();
            var found = doubts.Length == 0 ? [] : await account.FindAsync(doubts, new Guard(), default);
            var absent = doubts.Zip(found).Where(f => f.Second is LookupOutcome.Absent).Select(f => f.First.LeadId).ToHashSet();
            waiting.RemoveAll(l => batch.Contains(l) && !absent.Contains(l.LeadId));
        }
        Assert.Equal(50, await emulator.CountAsync("leads"));
        Assert.Equal(50, await emulator.CountAsync("contacts"));
        Assert.Equal(50, sizes[0]);
        if (!done) Assert.Equal([50, 25, 12, 12, 12, 12, 2], sizes);
    }

    [Fact]
    public async Task After_a_while_of_calm_batches_grow_again()
    {
        await using var emulator = await EmulatedCrm.StartAsync("amocrm");
        await using var account = Account(emulator, "amocrm");
        await account.SendAsync(Leads(1), new Guard(), default);
        await emulator.FailAsync("status_before", 504);
        await account.SendAsync(Leads(4), new Guard(), default);
        Assert.Equal(2, account.MaxBatch);
        await emulator.HealAsync();
        for (var i = 0; i < 10; i++) await account.SendAsync(Leads(1), new Guard(), default);
        Assert.Equal(4, account.MaxBatch);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_batch_with_a_poisoned_lead_only_that_one_suffers(bool atomic)
    {
        await using var emulator = await EmulatedCrm.StartAsync("amocrm");
        await using var account = Account(emulator, "amocrm");
        await emulator.PostAsync("_account/amocrm", new { poison = "ЯД", atomic_batches = atomic });
        var batch = Leads(9);
        batch[4] = batch[4] with { Name = "ЯД" };
        var outcomes = await account.SendAsync(batch, new Guard(), default);
        Assert.All(outcomes.Where((_, i) => i != 4), o => Assert.IsNotType<DeliveryOutcome.Refused>(o));
        Assert.Equal(8, outcomes.Where((_, i) => i != 4).Count(o => o is DeliveryOutcome.Delivered or DeliveryOutcome.Unknown));
        Assert.Equal(outcomes[4] is DeliveryOutcome.Delivered ? 9 : 8, (await emulator.HoldsAsync("leads")).Select(l => l["id"]!.ToString()).Distinct().Count());
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task Two_clients_with_one_phone_stay_two_contacts(string crm)
    {
        await using var emulator = await EmulatedCrm.StartAsync(crm);
        await using var account = Account(emulator, crm);
        var batch = Leads(2);
        batch[1] = batch[1] with { Phone = batch[0].Phone };
        var outcomes = await account.SendAsync(batch, new Guard(), default);
        Assert.All(outcomes, o => Assert.IsType<DeliveryOutcome.Delivered>(o));
        Assert.Equal(2, outcomes.Select(o => o.Steps[Step.Contact]).Distinct().Count());
        Assert.Equal(2, await emulator.CountAsync("contacts"));
    }

    [Fact]
    public async Task A_method_out_of_its_time_waits_alone()
    {
        await using var emulator = await EmulatedCrm.StartAsync("bitrix24");
        await using var account = Account(emulator, "bitrix24");
        var deal = Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(await account.SendAsync(Leads(1), new Guard(), default))).Steps[Step.Deal];
        await emulator.PostAsync("_account/bitrix24", new { fail = new { method = "crm.item.add", code = "OPERATION_TIME_LIMIT", description = "Method is blocked due to operation time limit.", status = 429 } });

        var outcomes = await account.SendAsync([Samples.Lead(), Samples.Lead(), Samples.Note(deal)], new Guard(), default);
        Assert.All(outcomes.Take(2), o => Assert.True(Assert.IsType<DeliveryOutcome.NotExecuted>(o) is { IsOfMethod: true, Failure: "bitrix24.OPERATION_TIME_LIMIT" } no && no.After >= TimeSpan.FromSeconds(10)));
        Assert.IsType<DeliveryOutcome.Delivered>(outcomes[2]);

        // Known by now: the method is not even asked again, and others still go.
        var calls = await emulator.CallsAsync();
        Assert.True(Assert.IsType<DeliveryOutcome.NotExecuted>(Assert.Single(await account.SendAsync(Leads(1), new Guard(), default))).IsOfMethod);
        Assert.Equal(calls, await emulator.CallsAsync());
        Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(await account.SendAsync([Samples.Note(deal)], new Guard(), default)));
    }

    [Fact]
    public async Task A_stage_or_user_that_was_removed_is_left_out_with_a_warning()
    {
        await using var emulator = await EmulatedCrm.StartAsync("amocrm");
        await using var account = CrmAccounts.Create(new CrmConnection
        {
            Kind = "amocrm",
            BaseAddress = new Uri(emulator.Address, "amocrm"),
            Token = "demo-amocrm-token",
            Settings = new ConnectionSettings { StageId = "987654", ResponsibleUserId = 987655 },
        }, new CrmTimings { RequestsPerSecond = 1000 }, new RequestBudgets(TimeProvider.System), CrmAccounts.CreateHandler(), TimeProvider.System);
        var outcomes = await account.SendAsync(Leads(3), new Guard(), default);
        Assert.All(outcomes, o => Assert.True(Assert.IsType<DeliveryOutcome.Delivered>(o).Warnings.Count >= 2, string.Join("; ", o.Warnings)));
        Assert.Equal(3, await emulator.CountAsync("leads"));
    }

    [Fact]
    public async Task A_second_process_goes_on_where_the_first_left_the_rate()
    {
        await using var emulator = await EmulatedCrm.StartAsync("bitrix24", o => o.RateLimits = true);
        var connection = new CrmConnection { Kind = "bitrix24", BaseAddress = new Uri(emulator.Address, "bitrix24/rest/1/demo-bitrix-secret/") };
        using var handler = CrmAccounts.CreateHandler();
        await using var first = CrmAccounts.Create(connection, new CrmTimings(), new RequestBudgets(TimeProvider.System), handler, TimeProvider.System);
        await using var second = CrmAccounts.Create(connection, new CrmTimings(), new RequestBudgets(TimeProvider.System), handler, TimeProvider.System);
        // Each call fills a part of the portal's fifty.
        for (var i = 0; i < 44; i++) Assert.IsType<LookupOutcome.Absent>(Assert.Single(await first.FindAsync(Leads(1), new Guard(), default)));
        var use = first.Health.Rate!;
        Assert.InRange(use.LastMinute, 44, 44);
        second.ContinueRate(use.Level, TimeSpan.Zero);
        for (var i = 0; i < 12; i++) Assert.IsType<LookupOutcome.Absent>(Assert.Single(await second.FindAsync(Leads(1), new Guard(), default)));
        Assert.Equal(0, (await emulator.RequestsAsync())["perSecond"]!.AsArray().Sum(s => (int)s!["refused"]!));
    }
}
