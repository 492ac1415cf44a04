namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>A table as long as the keywords of a large advertiser.</summary>
[Collection(nameof(DashboardFixture))]
public sealed class LongTableTests(DashboardFixture fixture)
{
    private const int Rows = 50_000;

    /// <summary>The service's own answer with its first row repeated: as many rows as nobody's demo has. Repeated inside of the browser, for thirty megabytes take long on the way into it.</summary>
    private const string Repeat = """
        const ask = window.fetch;
        window.fetch = async (...question) => {
          const answer = await ask(...question);
          if (!/\/v1\/reports\/sources\?(.*&)?groupBy=keyword(&|$)/.test(question[0].url ?? question[0]) || !answer.ok) return answer;
          const report = await answer.clone().json();
          const [first] = report.rows;
          if (first) report.rows = Array.from({ length: ROWS }, (_, i) => ({ ...first, key: `ключ ${i}`, values: [`ключ ${i}`], hasChildren: false }));
          return new Response(JSON.stringify(report), { status: answer.status, headers: answer.headers });
        };
        """;

    [Fact]
    public async Task Fifty_thousand_rows_scroll_to_the_last_one_while_only_what_is_seen_is_drawn()
    {
        await using var person = await fixture.SignInAsync();
        await person.Page.AddInitScriptAsync(Repeat.Replace("ROWS", $"{Rows}", StringComparison.Ordinal));
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
