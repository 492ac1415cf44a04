using System.Collections.Concurrent;
using LeadIngest.Api.Tests;
using Microsoft.Playwright;

namespace LeadIngest.Browser.Tests.Dashboard;

/// <summary>Coming in and going out at a browser that others use as well.</summary>
[Collection(nameof(DashboardFixture))]
public sealed class DoorsTests(DashboardFixture fixture)
{
    private const string Password = "three quiet rivers", Name = "Анна Дверная";

    [Fact]
    public async Task An_invited_person_comes_in_with_no_token_in_any_address_and_leaves_nothing_behind_in_any_tab()
    {
        var project = await fixture.CreateProjectAsync();
        (await fixture.SendAsync(null, HttpMethod.Post, $"/v1/sites/{project.SiteKey}/leads", new { name = Name, phone = "+79161234567" })).EnsureSuccessStatusCode();
        var email = $"{Guid.CreateVersion7():N}@okna-plus.ru";
        var link = new Uri((await (await fixture.PostAsync(project, "/v1/users", new { email, name = "Борис", role = "operator" })).JsonAsync()).GetProperty("link").GetString()!);
        var token = link.Fragment[1..];
        await using var person = await fixture.StrangerAsync();
        var page = person.Page;
        var asked = new ConcurrentQueue<string>();
        page.Request += (_, request) => asked.Enqueue($"{request.Url.Split('#')[0]} {request.Headers.GetValueOrDefault("referer")}");

        await page.GotoAsync(fixture.Service + link.PathAndQuery + link.Fragment);
        await page.GetByLabel("Придумайте пароль").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Принять" }).ClickAsync();
        await page.GetByRole(AriaRole.Navigation).First.WaitForAsync();
        Assert.Contains(asked, a => a.Contains("/v1/invitations/accept", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, a => a.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(token, page.Url);

        await SeesLeadsAsync(page);
        // Of the session a script can read nothing but what this very page was told, and nothing of it stays.
        var csrf = await page.EvaluateAsync<string>("fetch('/v1/session').then(a => a.json()).then(s => s.csrfToken)");
        var kept = await page.EvaluateAsync<string>("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])");
        foreach (var secret in new[] { csrf, token, email, Name }) Assert.DoesNotContain(secret, kept);
        Assert.EndsWith("\"\"]", kept, StringComparison.Ordinal);

        var other = await page.Context.NewPageAsync();
        await SeesLeadsAsync(other);
        // Another address, so that there is a way back to the leads.
        await person.OpenAsync("clients", project.ProjectId);
        await page.GetByRole(AriaRole.Button, new() { Name = "Учётная запись" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Выйти" }).ClickAsync();
        await IsOutAsync(page);
        await IsOutAsync(other);
        await page.GoBackAsync();
        await IsOutAsync(page);

        // A page that the browser had put aside when the session ended somewhere else.
        await page.GetByLabel("Почта").FillAsync(email);
        await page.GetByLabel("Пароль", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Войти" }).ClickAsync();
        await page.GetByRole(AriaRole.Navigation).First.WaitForAsync();
        await SeesLeadsAsync(page);
        await page.EvaluateAsync("fetch('/v1/session').then(a => a.json()).then(s => fetch('/v1/session', { method: 'DELETE', headers: { 'X-CSRF': s.csrfToken } }))");
        await Assertions.Expect(page.GetByText(Name).First).ToBeVisibleAsync();
        await page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
        await IsOutAsync(page);
        Assert.Empty(person.Wrongs);

        async Task SeesLeadsAsync(IPage at)
        {
            await at.GotoAsync($"{fixture.Service}/p/{project.ProjectId}/leads");
            await at.GetByText(Name).First.WaitForAsync();
        }

        async Task IsOutAsync(IPage at)
        {
            await at.GetByRole(AriaRole.Button, new() { Name = "Войти" }).WaitForAsync();
            await Assertions.Expect(at.GetByText(Name)).ToHaveCountAsync(0);
        }
    }
}
