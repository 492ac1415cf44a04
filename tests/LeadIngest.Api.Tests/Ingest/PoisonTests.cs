using LeadIngest.Api.Ingest;
using LeadIngest.Core.Passports;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Ingest;

public class PoisonTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    [Fact]
    public async Task What_the_database_refuses_becomes_a_reject_and_its_neighbours_are_stored()
    {
        await api.ExecuteAsync("alter table leads add constraint poison check (name is distinct from 'Яд')");
        var project = await api.OpenAsync();
        for (var round = 1; round <= 3; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
                api.LeadPostAsync(project, new { phone = $"+7916{round:000}00{i:00}", name = i == 17 ? "Яд" : "Анна" })));
            for (var i = 0; i < 50; i++)
                if (i != 17) await answers[i].LeadIdAsync();
            var problem = await answers[17].ProblemAsync(422);
            Assert.Contains("23514", problem.GetProperty("errors").GetProperty("body")[0].GetString());
            Assert.Equal((49 * round, round), ((int)await api.LeadCountAsync(project), (int)await api.RejectCountAsync(project)));
        }
        // The poisoned lead's client was not left behind either.
        Assert.Equal(147, await api.CountAsync("select count(*) from clients where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task What_has_no_form_on_the_wire_fails_alone_too()
    {
        var project = await api.OpenAsync();
        await api.AcceptedAsync(project, new { phone = "+79161234567" });
        var site = (await api.App.Services.GetRequiredService<SiteDirectory>().FindAsync(project.SiteKey, default))!;
        var writer = api.App.Services.GetRequiredService<Writer>();
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => writer.WriteAsync(new LeadItem
        {
            Site = site,
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            Kind = "form",
            Identities = [],
            Name = i == 7 ? "\ud83d" : "Анна",
            Passport = PassportRules.Write(new PassportInput(), SourceCatalog.Default, SourceDictionary.Default),
            PassportJson = "{}",
            DetailsJson = "{}",
        }, default)));
        Assert.IsType<IngestResult.Poisoned>(results[7]);
        Assert.Equal(19, results.Count(r => r is IngestResult.Stored));
        Assert.Equal(20, await api.LeadCountAsync(project));
    }
}
