using System.Net;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Api.Visits;
using LeadIngest.Core.Passports;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadIngest.Api.Tests.Visits;

/// <summary>One poisoned beacon among many.</summary>
public sealed class PoisonedBeaconTests(VisitFixture api) : IClassFixture<VisitFixture>
{
    [Fact]
    public async Task What_the_database_refuses_is_told_and_its_neighbours_are_stored()
    {
        await api.ExecuteAsync("alter table visits add constraint poison check (user_agent is distinct from 'Poison/1.0')");
        var project = await api.OpenPoolAsync(100);
        for (var round = 1; round <= 3; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => api.BeaconAsync(project,
                new { @event = "start", page = "https://okna-plus.ru/", wantsNumbers = i < 20 }, ("User-Agent", i == 17 ? "Poison/1.0" : "Mozilla/5.0"))));
            for (var i = 0; i < 50; i++)
                if (i != 17) Assert.Equal(i < 20, Answered.Of(await answers[i].JsonAsync()).Number is not null);
            Assert.Contains("23514", (await answers[17].ProblemAsync(422)).GetProperty("detail").GetString());
            Assert.Equal(49 * round, await api.CountAsync("select count(*) from visits where project_id = @ProjectId", new { project.ProjectId }));
            // It took no number either, and none was lent twice on the way to it.
            Assert.Equal(19 * round, await api.CountAsync("select count(*) from number_holds where project_id = @ProjectId", new { project.ProjectId }));
        }
    }

    [Fact]
    public async Task What_has_no_form_on_the_wire_fails_alone_too()
    {
        var project = await api.OpenAsync();
        var site = (await api.App.Services.GetRequiredService<SiteDirectory>().FindAsync(project.SiteKey, default))!;
        var writer = api.App.Services.GetRequiredService<VisitWriter>();
        var now = api.Clock.GetUtcNow();
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => writer.WriteAsync(new VisitItem(new VisitFacts
        {
            Site = site,
            Id = Guid.CreateVersion7(),
            VisitorId = Guid.CreateVersion7(),
            StartedAt = now,
            LastSeenAt = now,
            Passport = PassportRules.Write(new PassportInput(), SourceCatalog.Default, SourceDictionary.Default),
            ClientIds = new Dictionary<string, string>(),
            Pages = [],
            PageViews = 1,
            Seconds = 1,
            UserAgent = i == 7 ? "\ud83d" : "Mozilla/5.0",
        }), default)));
        Assert.IsType<VisitResult.Poisoned>(results[7]);
        Assert.Equal(19, results.Count(r => r is VisitResult.Stored));
        Assert.Equal(19, await api.CountAsync("select count(*) from visits where project_id = @ProjectId", new { project.ProjectId }));
    }
}

[Collection(Alone.Name)]
public sealed class StalledBeaconTests(StalledBeaconTests.NarrowFixture api) : IClassFixture<StalledBeaconTests.NarrowFixture>
{
    public sealed class NarrowFixture : VisitFixture
    {
        protected override string[] Args => [.. base.Args, "--Visits:ChannelCapacity=1", "--Ingest:SlotWaitMs=50"];
    }

    [Fact]
    public async Task While_visits_are_locked_and_the_channel_is_full_beacons_are_told_to_come_again_and_leads_go_on()
    {
        var project = await api.OpenAsync();
        await api.AnsweredAsync(project, new { @event = "start" });
        HttpResponseMessage[] answers;
        await using (var holder = new NpgsqlConnection(api.Db))
        {
            await holder.OpenAsync();
            await using var hold = await holder.BeginTransactionAsync();
            await using (var command = new NpgsqlCommand("lock table visits in access exclusive mode", holder)) await command.ExecuteNonQueryAsync();
            var beacons = Enumerable.Range(0, 30).Select(_ => api.BeaconAsync(project, new { @event = "start" })).ToArray();
            await api.AcceptedAsync(project, new { phone = "+79161234567" });
            answers = await Task.WhenAll(beacons).WaitAsync(TimeSpan.FromSeconds(30));
            await hold.RollbackAsync();
        }
        foreach (var answer in answers)
        {
            await answer.ProblemAsync(503);
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        }
        await Posts.UntilAsync(async () => (await api.BeaconAsync(project, new { @event = "start" })).StatusCode == HttpStatusCode.OK, "taken again");
        Assert.Equal(2, await api.CountAsync("select count(*) from visits where project_id = @ProjectId", new { project.ProjectId }));
    }
}

[Collection(Alone.Name)]
public sealed class SlowBeaconTests(VisitFixture api) : IClassFixture<VisitFixture>
{
    [Fact]
    public async Task Visits_that_the_database_is_slow_with_turn_no_lead_away()
    {
        var project = await api.OpenAsync();
        await api.AcceptedAsync(project, new { phone = "+79161234567" });
        await api.ExecuteAsync("""
            create function linger() returns trigger language plpgsql as $$ begin perform pg_sleep(2.5); return new; end $$;
            create trigger linger before insert on visits for each row when (new.user_agent = 'Slow/1.0') execute function linger()
            """);
        var slow = Enumerable.Range(0, 3).Select(_ => api.BeaconAsync(project, new { @event = "start" }, ("User-Agent", "Slow/1.0"))).ToArray();
        var all = Task.WhenAll(slow);
        for (var i = 0; !all.IsCompleted || i < 20; i++) await api.AcceptedAsync(project, new { phone = $"+7916{i:0000000}" });
        foreach (var answer in await all)
        {
            await answer.ProblemAsync(503);
            Assert.NotNull(answer.Headers.RetryAfter);
        }
        await api.AcceptedAsync(project, new { phone = "+79161234567" });
        Assert.Equal(HttpStatusCode.OK, (await api.BeaconAsync(project, new { @event = "start" })).StatusCode);
    }
}

[Collection(Alone.Name)]
public sealed class BeaconGracefulStopTests
{
    [Fact]
    public async Task Every_beacon_answered_before_and_during_a_stop_is_there_and_nobody_is_left_waiting()
    {
        var api = new VisitFixture();
        await api.InitializeAsync();
        try
        {
            var (project, other) = (await api.OpenPoolAsync(5), await api.OpenAsync());
            var visitor = Guid.CreateVersion7();
            var answered = await StopUnderLoad.PromisedAsync(api, async (sender, _) =>
            {
                // Some share a visitor, and two projects share the writer: both are put aside at times.
                var answer = await api.BeaconAsync(sender % 3 == 0 ? other : project,
                    new { @event = "start", visitorId = sender % 2 == 0 ? visitor : Guid.CreateVersion7(), wantsNumbers = true });
                if (answer.StatusCode == HttpStatusCode.OK) return Answered.Of(await answer.JsonAsync()).VisitId;
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                return null;
            });

            Assert.InRange(answered.Count, 100, int.MaxValue);
            Assert.Subset(await StopUnderLoad.StoredAsync(api.Db, "visits"), answered);
        }
        finally
        {
            await api.DisposeAsync();
        }
    }
}
