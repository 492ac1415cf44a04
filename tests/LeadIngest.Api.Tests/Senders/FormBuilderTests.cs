using LeadIngest.Api.Senders.Forms;
using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Senders;

/// <summary>What holds for every builder of the registry; a new one is tested from the moment it stands there. The bodies are the samples of the pages.</summary>
public class FormBuilderTests(BuilderFixture api) : IClassFixture<BuilderFixture>
{
    public static TheoryData<string> Builders => [.. FormBuilders.All.Select(b => b.Name)];

    /// <summary>What each sample must become: name, form, source, medium, a field with its value, a part of the comment.</summary>
    private static readonly Dictionary<string, Expected> Of = new()
    {
        ["tilda"] = new("Ольга", "Замер", "Яндекс.Директ", "cpc", ("_ym_uid", "1700000000000000001"), null),
        ["cf7"] = new("Ольга", "17", "Яндекс.Директ", "cpc", ("service", "Балкон, Откосы"), "Нужны окна на балкон"),
        ["elementor"] = new("Ольга", "Замер", "Яндекс.Директ", "cpc", null, null),
        ["wpforms"] = new("Ольга", "12", "Яндекс.Директ", "cpc", ("entry_id", "345"), "Перезвоните вечером"),
        ["gravity"] = new("Ольга Смирнова", "4", "Яндекс.Директ", "cpc", ("4", "Нужны три окна"), null),
        ["ninja"] = new("Ольга", "3", "Яндекс.Директ", "cpc", ("sub_id", "77"), "Перезвоните"),
        ["marquiz"] = new("Ольга", "Расчёт окна", "Яндекс.Директ", "cpc", ("Что ещё?", "Откосы, Подоконник"), "Какое окно нужно?: Пластиковое\nЧто ещё?: Откосы, Подоконник"),
        ["flexbe"] = new("Ольга", "Замер", "Яндекс.Директ", "cpc", ("page_title", "Главная"), null),
        ["creatium"] = new("Ольга", null, "Яндекс.Директ", "cpc", ("Площадь", "54 м²"), null),
        ["google-lead-form"] = new("Ольга Смирнова", "40000000001", "Google Ads", "cpc", ("Какое окно?", "Пластиковое"), "Какое окно?: Пластиковое"),
        ["vk-lead-form"] = new("Ольга", "Замер", "ВКонтакте", "social", ("Какое окно?", "Пластиковое, С откосами"), "Какое окно?: Пластиковое, С откосами"),
        ["facebook-lead"] = new("Ольга Смирнова", "555", "Facebook Ads", "cpc", ("Какое окно?", "Пластиковое"), null),
        ["jivo"] = new("Ольга", "Jivo", "Яндекс.Директ", "cpc", ("Jivo visitor", "731"), "Клиент: Сколько стоит окно?\nОператор: От 9 000 рублей"),
        ["generic"] = new("Ольга", null, "Яндекс.Директ", "cpc", ("Опции", "Балкон, Откосы"), null),
    };

    [Theory]
    [MemberData(nameof(Builders))]
    public async Task The_sample_of_its_page_becomes_a_lead_with_its_passport(string builder)
    {
        var project = await api.OpenAsync();
        var (body, type) = SenderPages.Sample(builder);
        var lead = await api.LeadOfAsync(project, builder, body, type);
        var expected = Of[builder];
        var passport = lead.GetProperty("passport");
        Assert.Equal((expected.Name, "+79030000001", builder == "jivo" ? "chat" : "form", "new"), (lead.Text("name"), lead.Text("phone"), lead.Text("kind"), lead.Status()));
        if (expected.Form is not null) Assert.Contains(expected.Form, new[] { lead.Text("formId"), lead.Text("formName") });
        if (expected.Source is not null) Assert.Equal(expected.Source, passport.Text("source"));
        if (expected.Medium is not null) Assert.Equal(expected.Medium, passport.Text("medium"));
        Assert.NotEqual("unknown", passport.Text("channel"));
        if (expected.Field is { } field) Assert.Equal(field.Value, lead.GetProperty("fields").Text(field.Name));
        if (expected.Comment is not null) Assert.Contains(expected.Comment, lead.Text("comment"));
        Assert.Equal(0, await api.RejectCountAsync(project));
    }

    [Theory]
    [MemberData(nameof(Builders))]
    public async Task Tries_in_a_row_and_at_once_are_one_lead_with_one_answer(string builder)
    {
        var project = await api.OpenAsync();
        var (body, type) = SenderPages.Sample(builder);
        var answers = new List<HttpResponseMessage> { await api.BuilderPostAsync(project, builder, body, type), await api.BuilderPostAsync(project, builder, body, type) };
        answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => api.BuilderPostAsync(project, builder, body, type))));
        Assert.All(answers, a => Assert.Equal(200, (int)a.StatusCode));
        var texts = await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()));
        Assert.Single(texts.Distinct());
        Assert.Equal((1L, 0L), (await api.LeadCountAsync(project), await api.RejectCountAsync(project)));
    }

    [Theory]
    [MemberData(nameof(Builders))]
    public async Task A_broken_body_is_kept_whole_and_answered_well(string builder)
    {
        var project = await api.OpenAsync();
        foreach (var (body, type) in new[] { ("{\"phone\": +7 916", "application/json"), ("%PDF-1.7 nothing to read", "application/pdf") })
        {
            var answer = await api.BuilderPostAsync(project, builder, body, type);
            Assert.Equal(200, (int)answer.StatusCode);
            var kept = await api.CountAsync("select count(*) from rejects where project_id = @ProjectId and route = @Route and body = @Body",
                new { project.ProjectId, Route = "forms/" + builder, Body = System.Text.Encoding.UTF8.GetBytes(body) });
            Assert.Equal(1, kept);
        }
        Assert.Equal(0, await api.LeadCountAsync(project));
    }

    [Theory]
    [InlineData("tilda", "ok", "text/plain")]
    [InlineData("vk-lead-form", "ok", "text/plain")]
    [InlineData("google-lead-form", "{}", "application/json")]
    [InlineData("jivo", """{"result":"ok"}""", "application/json")]
    public async Task It_hears_the_word_that_it_waits_for(string builder, string word, string mediaType)
    {
        var project = await api.OpenAsync();
        var (body, type) = SenderPages.Sample(builder);
        foreach (var sent in new[] { body, body, "{broken" })
        {
            var answer = await api.BuilderPostAsync(project, builder, sent, sent == body ? type : "application/json");
            Assert.Equal((200, word, mediaType), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task Another_builder_hears_the_id_of_the_lead()
    {
        var project = await api.OpenAsync();
        var answer = await (await api.BuilderPostAsync(project, "generic", """{"phone":"+79161234567"}""")).JsonAsync();
        Assert.Equal((await api.OnlyLeadAsync(project)).GetProperty("id").GetGuid(), answer.GetProperty("leadId").GetGuid());
    }

    [Fact]
    public async Task An_unknown_builder_is_refused_with_the_list_of_the_known()
    {
        var project = await api.OpenAsync();
        var problem = await (await api.BuilderPostAsync(project, "wix", "{}")).ProblemAsync(404);
        foreach (var builder in FormBuilders.All) Assert.Contains(builder.Name, problem.Text("detail"));
        await (await api.BuilderPostAsync(project with { SiteKey = "site_nobody" }, "tilda", "{}")).ProblemAsync(404);
    }

    [Theory]
    [MemberData(nameof(Builders))]
    public void It_has_a_page_that_names_its_address_and_every_secret_it_uses(string builder)
    {
        var page = SenderPages.Read(builder);
        Assert.Contains($"/v1/sites/<siteKey>/forms/{builder}`", page);
        var uses = FormBuilders.Find(builder)!.Secrets;
        foreach (var (name, use) in new[] { ("secret", uses.Secret), ("confirmation", uses.Confirmation) })
            if (use is not null) Assert.Contains(name, page);
        Assert.Contains($"({builder}.md)", SenderPages.Read("README"));
    }

    [Theory]
    [MemberData(nameof(Builders))]
    public async Task Its_reject_is_replayed_by_the_same_reading(string builder)
    {
        var project = await api.OpenAsync();
        await api.BuilderPostAsync(project, builder, "{broken");
        var id = await api.ScalarAsync<Guid>("select id from rejects where project_id = @ProjectId", new { project.ProjectId });
        await (await api.PostAsync(project, $"/v1/rejects/{id}/replay")).ProblemAsync(400);
        var (body, type) = SenderPages.Sample(builder);
        await (await api.PostAsync(project, $"/v1/rejects/{id}/replay", new { body, contentType = type })).JsonAsync();
        Assert.Equal((Of[builder].Name, "+79030000001"), ((await api.OnlyLeadAsync(project)).Text("name"), (await api.OnlyLeadAsync(project)).Text("phone")));
        await (await api.PostAsync(project, $"/v1/rejects/{id}/replay", new { body, contentType = type })).ProblemAsync(409);
    }

    private sealed record Expected(string Name, string? Form, string? Source, string? Medium, (string Name, string Value)? Field, string? Comment);
}
