using System.Text.Json;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace LeadIngest.Api.Tests.Privacy;

public sealed class PeopleFilesTests(PrivacyFixture api) : IClassFixture<PrivacyFixture>
{
    [Fact]
    public async Task An_export_holds_everything_of_the_whole_family_and_nothing_of_others()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);
        var stranger = await api.LeadAsync(project, await api.ClientAsync(project, phone: "+79161234567"));

        var answer = await api.GetAsync(project, $"/v1/clients/{person.Merged}/export");
        var text = await answer.Content.ReadAsStringAsync();
        var file = JsonSerializer.Deserialize<JsonElement>(text);

        Assert.Equal(("attachment", $"client-{person.Merged:N}.json"), (answer.Content.Headers.ContentDisposition?.DispositionType, answer.Content.Headers.ContentDisposition?.FileName));
        int Count(string kind) => file.GetProperty(kind).GetArrayLength();
        Assert.Equal((2, 5, 3, 1, 1, 1, 2, 1, 1), (Count("clients"), Count("identities"), Count("leads"), Count("visits"), Count("calls"), Count("callEvents"), Count("deliveries"), Count("attempts"), Count("deals")));
        Assert.Equal((1, 1, 1, 2), (Count("merges"), Count("mergeSuggestions"), Count("numbersShown"), Count("stopList")));
        // In whatever encoding they came.
        Assert.Equal(3, Count("rejects"));
        Assert.Contains(file.GetProperty("rejects").EnumerateArray(), r => r.GetProperty("body").GetString()!.Contains("просит перезвонить", StringComparison.Ordinal));
        var lead = file.GetProperty("leads").EnumerateArray().First(l => l.GetProperty("id").GetGuid() == person.Lead);
        Assert.Equal(("Согласна на обработку", "aa11", "192.0.2.77"), (lead.GetProperty("details").GetProperty("consent").GetProperty("text").GetString(), lead.GetProperty("details").GetProperty("consent").GetProperty("version").GetString(),
            lead.GetProperty("details").GetProperty("consent").GetProperty("ip").GetString()));
        Assert.Contains("Ещё телефон", text, StringComparison.Ordinal);
        Assert.Contains("clientPhone", file.GetProperty("callEvents")[0].GetProperty("event").GetRawText(), StringComparison.Ordinal);
        Assert.Contains(Person.Name, file.GetProperty("callEvents")[0].GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(stranger.ToString(), text, StringComparison.Ordinal);
        Assert.Empty(file.GetProperty("isPartial").EnumerateArray());
    }

    [Fact]
    public async Task Leads_as_a_file_keep_their_filters_and_no_cell_is_a_formula()
    {
        var project = await api.CreateProjectAsync();
        await api.LeadAsync(project, name: "=HYPERLINK(\"http://example.ru\")", phone: "+79161234567");
        await api.LeadAsync(project, name: "Анна Петрова", status: "spam");

        var csv = await api.GetAsync(project, "/v1/leads?format=csv&status=new");
        var lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var xlsx = await api.GetAsync(project, "/v1/leads?format=xlsx&lang=en&status=new");

        Assert.Equal(("text/csv", "leads.csv"), (csv.Content.Headers.ContentType?.MediaType, csv.Content.Headers.ContentDisposition?.FileName));
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("Заявка;Получена;", lines[0], StringComparison.Ordinal);
        Assert.Contains("'=HYPERLINK", lines[1], StringComparison.Ordinal);
        Assert.Contains(";'+79161234567;", lines[1], StringComparison.Ordinal);
        var cells = Cells(await xlsx.Content.ReadAsByteArrayAsync());
        // A phone is typed text there: it needs no apostrophe, and comes back as it was.
        Assert.Contains("+79161234567", cells);
        Assert.Contains("'=HYPERLINK(\"http://example.ru\")", cells);
        Assert.DoesNotContain("Анна Петрова", cells);
    }

    [Fact]
    public async Task Clients_as_a_file_have_all_their_phones()
    {
        var project = await api.CreateProjectAsync();
        var client = await api.ClientAsync(project, "Анна Петрова", "+79161234567", "anna@example.ru");
        await api.IdentityAsync(project, client, "phone", "+79031112233");

        var lines = (await (await api.GetAsync(project, "/v1/clients?format=csv&lang=en&q=" + Uri.EscapeDataString("Анна"))).Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(2, lines.Length);
        Assert.Contains(client.ToString(), lines[1], StringComparison.Ordinal);
        Assert.Contains("'+79031112233", lines[1], StringComparison.Ordinal);
        Assert.Contains("'+79161234567", lines[1], StringComparison.Ordinal);
        Assert.Contains("anna@example.ru", lines[1], StringComparison.Ordinal);
        await (await api.GetAsync(project, "/v1/clients?format=pdf")).ProblemAsync(400);
    }

    private static List<string> Cells(byte[] file)
    {
        using var document = SpreadsheetDocument.Open(new MemoryStream(file), false);
        var sheet = document.WorkbookPart!.WorksheetParts.First(p => p.Worksheet!.Descendants<Cell>().Count() > 4).Worksheet!;
        Assert.Empty(sheet.Descendants<CellFormula>());
        return [.. sheet.Descendants<Cell>().Select(c => c.InnerText)];
    }
}
