using LeadIngest.Api.Tests.Ingest;
using LeadIngest.Core.Spend;

namespace LeadIngest.Api.Tests.Spend;

public class MatchingTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.FromHours(3));

    [Theory]
    [InlineData("""{"utm_campaign":"81234567"}""", "id:81234567")]
    [InlineData("""{"utm_campaign":"81234567|что угодно"}""", "id:81234567")]
    [InlineData("""{"utm_campaign":"осень","utm_content":"cid:81234567|gid:1"}""", "id:81234567")]
    [InlineData("""{"utm_campaign":"  поиск_CRM "}""", "id:81234567")]
    [InlineData("""{"utm_campaign":"55512345"}""", "id:70000001")]
    [InlineData("""{"utm_campaign":"общая"}""", "name:общая")]
    [InlineData("""{"utm_campaign":"poisk_msk"}""", "id:81234567")]
    [InlineData("""{"utm_campaign":"99999999"}""", "name:99999999")]
    [InlineData("{}", null)]
    public async Task A_lead_finds_its_campaign_by_id_then_name_then_mapping(string utm, string? key)
    {
        var project = await api.CreateProjectAsync();
        var text = "Дата;№ Кампании;Кампания;ID группы;Расход\n01.08.2026;81234567;Поиск_CRM;;1\n01.08.2026;70000001;VK план;55512345;1\n01.08.2026;70000002;Общая;;1\n01.08.2026;70000003;Общая;;1\n";
        await (await api.PostAsync(project, "/v1/spend/imports", new { account = "А", text })).JsonAsync();
        await (await api.PostAsync(project, "/v1/spend/mappings", new { leadCampaign = "POISK_msk", campaignId = "81234567" })).JsonAsync();
        Assert.Equal(key, await api.ScalarAsync<string?>("select lead_campaign_key(@P, null, jsonb_build_object('utm', @Utm::jsonb))", new { P = project.ProjectId, Utm = utm }));
    }

    [Fact]
    public async Task What_does_not_meet_is_shown_on_both_sides()
    {
        var project = await api.CreateProjectAsync();
        await api.ImportAsync(project, "01.08.2026;;Поиск_CRM_Москва;;;100\n01.08.2026;81234567;Без заявок;;7;50\n02.09.2026;1111;Потом;;;5\n");
        await api.LeadAsync(project, receivedAt: Noon);
        var duplicate = await api.LeadAsync(project, receivedAt: Noon.AddMinutes(1), status: "spam");
        var lonely = await api.LeadAsync(project, receivedAt: Noon.AddMinutes(2));
        await api.ExecuteAsync("update leads set campaign = 'Осень' where project_id = @P and id = any(@Ids)", new { P = project.ProjectId, Ids = new[] { duplicate, lonely } });
        var answer = await api.ReadAsync(project, "/v1/spend/unmatched?from=2026-08-01&to=2026-08-31");
        var spend = Assert.Single(answer.GetProperty("spendWithoutLeads").EnumerateArray());
        Assert.Equal(("id:81234567", "Без заявок", 50m, 7), (spend.Text("key"), spend.Text("campaign"), spend.GetProperty("money").GetDecimal(), spend.GetProperty("clicks").GetInt32()));
        var lead = Assert.Single(answer.GetProperty("leadsWithoutSpend").EnumerateArray());
        Assert.Equal(("Осень", 1), (lead.Text("campaign"), lead.GetProperty("leads").GetInt32()));
    }

    [Fact]
    public async Task A_renamed_campaign_is_one_and_shows_its_latest_name()
    {
        var project = await api.CreateProjectAsync();
        await api.ImportAsync(project, "01.08.2026;81234567;Старое;;;1\n02.08.2026;81234567;Новое;;;2\n");
        var group = Assert.Single((await api.ReadAsync(project, "/v1/spend/summary?groupBy=campaign")).GetProperty("items").EnumerateArray());
        Assert.Equal(("id:81234567", "Новое", 3m), (group.Text("key"), group.Text("name"), group.GetProperty("money").GetDecimal()));
    }

    [Fact]
    public async Task The_database_and_the_rules_make_the_same_key()
    {
        foreach (var (id, name) in new (string?, string?)[] { ("81234567", "x"), (" 5555 ", null), (null, "  Поиск\u00A0CRM  Москва "), ("", "ЁЛКИ"), (null, " "), (null, null) })
            Assert.Equal(CampaignKey.Of(id, name), await api.ScalarAsync<string?>("select campaign_key(@Id, @Name)", new { Id = id, Name = name }));
        foreach (var day in new DateOnly[] { new(2025, 12, 31), new(2026, 1, 1) })
            Assert.Equal(Vat.Rate(day), await api.ScalarAsync<decimal>("select vat_rate(@Day::date)", new { Day = day.ToString("yyyy-MM-dd") }));
    }
}
