using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>A table as long as the keywords of a large advertiser.</summary>
[Collection(nameof(DashboardFixture))]
public sealed partial class LongTableTests(DashboardFixture fixture)
{
    private const int Rows = 50_000;

    [GeneratedRegex("/v1/reports/sources\\?(.*&)?groupBy=keyword(&|$)")]
    private static partial Regex OneLevel();

    [Fact]
    public async Task Fifty_thousand_rows_scroll_to_the_last_one_while_only_what_is_seen_is_drawn()
    {
        await using var person = await fixture.SignInAsync();
        // The service's own answer with its first row repeated: as many rows as nobody's demo has.
        await person.Page.RouteAsync(OneLevel(), async route =>
        {
            var answer = await route.FetchAsync();
            var report = JsonNode.Parse(await answer.TextAsync())!;
            if (report["rows"] is JsonArray { Count: > 0 } rows)
            {
                var first = rows[0]!.ToJsonString();
                var many = new JsonArray();
                for (var i = 0; i < Rows; i++)
                {
                    var row = JsonNode.Parse(first)!;
                    row["key"] = $"ключ {i}";
                    row["values"] = new JsonArray($"ключ {i}");
                    row["hasChildren"] = false;
                    many.Add(row);
                }
                report["rows"] = many;
            }
            await route.FulfillAsync(new() { Response = answer, Body = report.ToJsonString() });
        });
        await person.OpenAsync("sources?by=keyword");
        var page = person.Page;
        await page.GetByText("ключ 0", new() { Exact = true }).WaitForAsync();
        var body = page.Locator(".ant-table-tbody-virtual-holder").First;
        await body.EvaluateAsync("e => { e.scrollTop = e.scrollHeight }");
        await page.GetByText($"ключ {Rows - 1}", new() { Exact = true }).WaitForAsync();
        Assert.InRange(await page.Locator(".ant-table-row").CountAsync(), 5, 200);
        Assert.Empty(person.Wrongs);
    }
}
