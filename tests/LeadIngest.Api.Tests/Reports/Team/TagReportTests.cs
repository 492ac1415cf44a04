using System.Text.Json;
using LeadIngest.Api.Tests.Figures;

namespace LeadIngest.Api.Tests.Reports.Team;

public sealed class TagReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    private const string March = "from=2026-03-01&to=2026-03-31";

    [Fact]
    public async Task Faults_stand_by_campaign_with_those_they_hurt_examples_and_what_to_mend()
    {
        var project = await api.CreateProjectAsync();
        await LeadAsync(project, "Окна", """["macro_unsubstituted: utm_term", "macro_unsubstituted: utm_content", "case: utm_source"]""", "https://okna-plus.ru/?utm_term={keyword}");
        await LeadAsync(project, "Окна", """["macro_unsubstituted: utm_term"]""", "https://okna-plus.ru/?utm_term=%7Bkeyword%7D");
        await LeadAsync(project, "Окна", "[]", "https://okna-plus.ru/");
        await LeadAsync(project, "Двери", """["windows_1251: utm_campaign", "not_composed: utm_term", "of nothing known"]""", "https://okna-plus.ru/?utm_campaign=%C4");
        // Only worth knowing, spam, another month: hurts nobody here.
        await LeadAsync(project, "Полы", """["spam_referrer: example.com"]""", "https://okna-plus.ru/");
        await LeadAsync(project, "Полы", """["case: utm_source"]""", "https://okna-plus.ru/", status: "spam");
        await LeadAsync(project, "Полы", """["case: utm_source"]""", "https://okna-plus.ru/", at: Noon.AddMonths(-1));
        await api.VisitAsync(project, Guid.CreateVersion7(), Noon, campaign: "Окна", passport: """{"warnings":["double_encoding: utm_campaign"],"landingPage":"https://okna-plus.ru/?utm_campaign=%25D0"}""");
        await api.VisitAsync(project, Guid.CreateVersion7(), Noon, campaign: "Окна");
        await api.VisitAsync(project, Guid.CreateVersion7(), Noon, campaign: "Окна", bot: true, passport: """{"warnings":["case: utm_source"]}""");

        var report = await api.ReadAsync(project, $"/v1/reports/tags?{March}&compare=previous");

        var (total, items) = (report.GetProperty("total"), report.GetProperty("items"));
        Assert.Equal((3L, 5L, 1L, 2L, 1L), (total.Long("leads", "part"), total.Long("leads", "whole"), total.Long("visits", "part"), total.Long("visits", "whole"), total.Long("previous", "leads", "part")));
        Assert.Equal(["Окна", "Двери"], items.EnumerateArray().Select(i => i.GetProperty("group").GetProperty("key").GetString()));
        Assert.Equal(3, items.EnumerateArray().Sum(i => i.GetProperty("figures").Long("leads", "part")));
        var windows = items.Item("Окна");
        Assert.Equal(0.666667m, windows.Value("figures", "leads"));
        var macro = windows.GetProperty("faults")[0];
        Assert.Equal(("macro_unsubstituted", 2L), (macro.GetProperty("name").GetString(), macro.Long("leads")));
        Assert.Equal(["utm_content", "utm_term"], macro.GetProperty("subjects").Strings());
        Assert.Equal(2, macro.GetProperty("examples").GetArrayLength());
        Assert.Contains("https://okna-plus.ru/?utm_term={keyword}", macro.GetProperty("examples").Strings());
        Assert.Contains("Макрос", macro.GetProperty("words").GetString());
        Assert.Contains("макросы", macro.GetProperty("advice").GetString());
        Assert.Equal(["macro_unsubstituted", "case", "windows_1251", "double_encoding"], report.GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("name").GetString()));

        var rows = (await api.ReadAsync(project, $"/v1/reports/tags/rows?{March}&campaign=Окна&fault=case")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal(["case: utm_source"], rows.GetProperty("faults").Strings());
        Assert.Equal(3, (await api.ReadAsync(project, $"/v1/reports/tags/rows?{March}")).GetProperty("items").GetArrayLength());
        Assert.Equal(1, (await api.ReadAsync(project, $"/v1/reports/tags/rows?{March}&what=visits")).GetProperty("items").GetArrayLength());
        var without = (await api.ReadAsync(project, $"/v1/reports/tags?{March}&visits=false")).GetProperty("total");
        Assert.Equal(JsonValueKind.Null, without.GetProperty("visits").ValueKind);
    }

    [Fact]
    public async Task Every_fault_has_its_advice_in_both_languages()
    {
        foreach (var fault in LeadIngest.Core.Metrics.TagFaults.All)
            Assert.True(LeadIngest.Api.Features.Reports.Team.Tags.TagAdvice.Of(fault.Group, "ru").Length > 10 && LeadIngest.Api.Features.Reports.Team.Tags.TagAdvice.Of(fault.Group, "en").Length > 10, fault.Name);
        var project = await api.CreateProjectAsync();
        await LeadAsync(project, "=1+1", """["case: utm_source"]""", "=cmd|x");
        Assert.Contains("\n\"'=1+1\",1,1,", (await api.CsvAsync(project, $"/v1/reports/tags?{March}&format=csv&lang=en")).Replace("\n'=1+1,", "\n\"'=1+1\",", StringComparison.Ordinal));
        Assert.Equal(["pipeline"], await api.RefusedAsync(project, "/v1/reports/tags?pipeline=9100"));
        Assert.Equal(["fault"], await api.RefusedAsync(project, "/v1/reports/tags/rows?fault=spam_referrer"));
        Assert.Equal(0, (await api.ReadAsync(await api.CreateProjectAsync(), "/v1/reports/tags")).GetProperty("total").Long("leads", "whole"));
    }

    private Task<Guid> LeadAsync(TestProject project, string campaign, string warnings, string page, string status = "new", DateTimeOffset? at = null) =>
        api.TouchAsync(project, null, at ?? Noon, campaign: campaign, status: status, passport: $$"""{"warnings":{{warnings}},"landingPage":"{{page}}"}""");
}
