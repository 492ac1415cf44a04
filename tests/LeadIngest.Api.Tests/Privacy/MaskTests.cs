using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadIngest.Api.Tests.Figures;
using LeadIngest.Api.Tests.Http;

namespace LeadIngest.Api.Tests.Privacy;

/// <summary>Generated over the routes themselves: a new route is tested from the moment it is mapped.</summary>
public sealed partial class MaskTests(PrivacyFixture api) : IClassFixture<PrivacyFixture>
{
    [Fact]
    public async Task No_route_shows_a_phone_or_an_address_to_who_may_not_see_them()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);
        await api.CatchUpAsync(project);
        var ids = new Dictionary<string, Guid[]>
        {
            ["v1/leads"] = [person.Lead, person.Spam, person.Waiting],
            ["v1/clients"] = [person.Client, person.Merged],
            ["v1/calls"] = [person.Call],
            ["v1/deals"] = [person.Deal],
            ["v1/deliveries"] = [person.Delivery, person.Pending],
            ["v1/rejects"] = await IdsAsync("rejects"),
            ["v1/connections"] = [person.Connection],
            ["v1/rebuilds"] = [person.Deal],
            ["v1/sources"] = [person.Deal],
            ["v1/promotions"] = [person.Deal],
            ["v1/spend/manual"] = [person.Deal],
            ["v1/senders"] = [person.Sender],
            ["v1/numbers"] = [person.Sender],
            ["v1/sites"] = [project.SiteId],
            ["v1/projects"] = [project.ProjectId],
            ["v1/visits"] = [person.Visit],
        };
        var (leaks, shown) = (new List<string>(), new HashSet<string>());
        foreach (var route in EveryRoute.Of(api).Where(r => r.LoggedIn && r.Method == HttpMethod.Get))
        {
            // It answers for as long as something changes.
            if (route.Name is "WatchImport" or "WatchLeads") continue;
            var kind = ids.Keys.Where(p => route.Template.TrimStart('/').StartsWith(p, StringComparison.Ordinal)).MaxBy(p => p.Length);
            foreach (var id in route.HasId ? kind is null ? [Guid.CreateVersion7()] : ids[kind] : [Guid.Empty])
                foreach (var query in new[] { "", "?format=csv", "?format=xlsx", $"?phone={Uri.EscapeDataString(Person.Phone)}", $"?q={Uri.EscapeDataString(Person.Email)}", "?what=won", "?what=deals", "?what=clients" })
                {
                    var answer = await api.MaskedAsync(project, HttpMethod.Get, route.Path(id) + query);
                    var text = await TextAsync(answer);
                    Assert.True((int)answer.StatusCode < 500, $"{route.Name}{query}: {text}");
                    if (!answer.IsSuccessStatusCode) continue;
                    if (Names(text)) leaks.Add($"{route.Name}{query}: {Around(text)}");
                    if (query.Length == 0 && Names(await TextAsync(await api.GetAsync(project, route.Path(id))))) shown.Add(route.Name);
                }
        }
        Assert.Equal([], leaks);
        // To everybody else they are shown: nothing would be proved otherwise.
        foreach (var name in new[] { "ListLeads", "GetLead", "ListClients", "GetClient", "GetClientJourney", "ListCalls", "GetCall", "ListDeals", "GetDeal", "ListDeliveries", "GetDelivery", "ListRejects", "GetReject", "ListStopList",
            "ListMergeSuggestions", "ListPromotions", "ListManualSpend", "ListFindings" })
            Assert.Contains(name, shown);

        async Task<Guid[]> IdsAsync(string table) => (await api.ScalarAsync<Guid[]>($"select array_agg(id) from {table} where project_id = @ProjectId", new { project.ProjectId }))!;
    }

    [Fact]
    public async Task What_is_shown_still_tells_two_people_apart_and_nothing_else_is_lost()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);

        var lead = await (await api.MaskedAsync(project, HttpMethod.Get, $"/v1/leads/{person.Lead}")).JsonAsync();
        var client = await (await api.MaskedAsync(project, HttpMethod.Get, $"/v1/clients/{person.Client}")).JsonAsync();

        Assert.Equal(("+7 916 ***-**-43", "n***@example.ru", "telegram:n***"), (lead.GetProperty("phone").GetString(), lead.GetProperty("email").GetString(), lead.GetProperty("messenger").GetString()));
        Assert.Equal("+7 916 ***-**-43", lead.GetProperty("fields").GetProperty("Ещё телефон").GetString());
        Assert.Equal(("Казань", Person.Name), (lead.GetProperty("fields").GetProperty("Город").GetString(), lead.GetProperty("name").GetString()));
        var passport = lead.GetProperty("passport");
        Assert.Equal(("17893022", "yandex"), (passport.GetProperty("clickIds").GetProperty("yclid").GetString(), passport.GetProperty("utm").GetProperty("utm_source").GetString()));
        Assert.Contains(client.GetProperty("identities").EnumerateArray(), i => i.GetProperty("kind").GetString() == "visitor" && i.GetProperty("value").GetString() == person.Visitor.ToString());
        var reject = await (await api.MaskedAsync(project, HttpMethod.Get, $"/v1/rejects/{person.Reject}")).JsonAsync();
        Assert.Equal(("***", "***"), (reject.GetProperty("body").GetProperty("text").GetString(), reject.GetProperty("body").GetProperty("base64").GetString()));
        // Who knows the whole number finds whose it is, and no more.
        var found = await (await api.MaskedAsync(project, HttpMethod.Get, "/v1/clients?phone=" + Uri.EscapeDataString(Person.Typed))).JsonAsync();
        Assert.Equal([person.Client], found.Ids());
    }

    [Fact]
    public async Task A_contact_is_found_whole_and_never_by_its_parts()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);
        await api.ExecuteAsync("update leads set name = @Name where project_id = @ProjectId and id = @Waiting; update clients set name = @Name where project_id = @ProjectId and id = @Merged; update clients set merged_into = null where project_id = @ProjectId and id = @Merged",
            new { project.ProjectId, person.Waiting, person.Merged, Name = $"Акулина {Person.Phone} {Person.Email}" });

        foreach (var whole in new[] { "phone=" + Uri.EscapeDataString(Person.Phone), "q=" + Uri.EscapeDataString(Person.Typed), "email=" + Person.Email, "q=" + Person.Email })
            Assert.NotEmpty((await MaskedAsync("/v1/leads?" + whole)).Ids());
        string[] parts = [Person.Digits[..6], Person.Digits[^4..], Person.Phone[..7], Person.Email[..5], Person.Email[..^2], "@" + Person.Email.Split('@')[1]];
        foreach (var list in new[] { "leads", "clients" })
            foreach (var part in parts) Assert.Empty((await MaskedAsync($"/v1/{list}?q={Uri.EscapeDataString(part)}")).Ids());
        // To everybody else parts are worth asking for: nothing would be proved otherwise.
        foreach (var part in parts) Assert.NotEmpty((await api.ReadAsync(project, $"/v1/leads?q={Uri.EscapeDataString(part)}")).Ids());
        Assert.NotEmpty((await MaskedAsync($"/v1/leads?q={Uri.EscapeDataString(Person.Name[1..4])}")).Ids());

        async Task<JsonElement> MaskedAsync(string path) => await (await api.MaskedAsync(project, HttpMethod.Get, path)).JsonAsync();
    }

    [Fact]
    public async Task Answers_to_changes_are_masked_too_and_taking_people_out_is_refused()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);

        Assert.False(Names(await (await api.MaskedAsync(project, HttpMethod.Post, $"/v1/leads/{person.Lead}/spam")).Content.ReadAsStringAsync()));
        var created = await api.MaskedAsync(project, HttpMethod.Post, "/v1/stop-list", new StringContent($$"""{"entries":[{"kind":"phone","value":"{{Person.Phone}}"}]}""", null, "application/json"));
        Assert.True(created.IsSuccessStatusCode);
        Assert.False(Names(await created.Content.ReadAsStringAsync()));
        var source = await api.MaskedAsync(project, HttpMethod.Post, "/v1/sources", new StringContent("""{"source":"vk_ads","name":"VK","channel":"paid_social"}""", null, "application/json"));
        Assert.Equal(201, (int)source.StatusCode);
        Assert.Equal($"/v1/sources/{(await source.JsonAsync()).GetProperty("id").GetGuid()}", source.Headers.Location?.OriginalString);
        foreach (var path in new[] { $"/v1/clients/{person.Client}/export", "/v1/leads?format=csv", "/v1/leads?format=xlsx", "/v1/clients?format=csv" })
            Assert.EndsWith("contacts-hidden", (await (await api.MaskedAsync(project, HttpMethod.Get, path)).ProblemAsync(403)).GetProperty("type").GetString(), StringComparison.Ordinal);
        var erase = await api.MaskedAsync(project, HttpMethod.Post, $"/v1/clients/{person.Client}/erase", new StringContent("""{"reason":"так"}""", null, "application/json"));
        await erase.ProblemAsync(403);
        Assert.Equal(0, await api.CountAsync("select count(*) from erasures where project_id = @ProjectId", new { project.ProjectId }));
    }

    private static bool Names(string text)
    {
        var decoded = Uri.UnescapeDataString(text);
        return NotDigits().Replace(decoded, "").Contains(Person.Digits, StringComparison.Ordinal) || decoded.Contains("nezabudka.akulina", StringComparison.OrdinalIgnoreCase) || decoded.Contains("nezabudka_akulina", StringComparison.OrdinalIgnoreCase);
    }

    private static string Around(string text)
    {
        var at = Regex.Match(text, @"916[^""]{0,12}987|nezabudka", RegexOptions.IgnoreCase);
        return at.Success ? text[Math.Max(0, at.Index - 80)..Math.Min(text.Length, at.Index + 60)] : "in the digits";
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (answer.Content.Headers.ContentType?.MediaType?.Contains("spreadsheetml", StringComparison.Ordinal) != true) return Encoding.UTF8.GetString(bytes);
        using var zip = new ZipArchive(new MemoryStream(bytes));
        var text = new StringBuilder();
        foreach (var part in zip.Entries.Where(e => e.FullName.EndsWith(".xml", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(part.Open());
            text.Append(await reader.ReadToEndAsync());
        }
        return text.ToString();
    }

    [GeneratedRegex("[ ()\u00a0+.-]")]
    private static partial Regex NotDigits();
}
