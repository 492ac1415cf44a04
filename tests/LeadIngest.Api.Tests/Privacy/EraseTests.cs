using System.Net.Http.Json;
using System.Text;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Import;
using LeadIngest.Api.Privacy;
using LeadIngest.Api.Tests.Figures;
using LeadIngest.Core.Times;
using LeadIngest.Crm;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Privacy;

public sealed class EraseTests(PrivacyFixture api) : IClassFixture<PrivacyFixture>
{
    [Fact]
    public async Task A_person_planted_everywhere_is_found_nowhere_after_the_erasure()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);
        var before = await Person.FindAsync(api, project);
        // The search itself must be able to find: whoever plants less proves less.
        Assert.True(before.Count >= 40, string.Join(", ", before));
        foreach (var table in new[] { "clients", "identities", "leads", "visits", "calls", "call_events", "deliveries", "delivery_attempts", "deals", "rejects", "crm_events", "stop_list", "idempotency_keys" })
            Assert.Contains(before, c => c.StartsWith(table + ".", StringComparison.Ordinal));
        await api.CatchUpAsync(project);

        var act = await (await api.PostAsync(project, $"/v1/clients/{person.Merged}/erase", new { reason = $"Просьба {Person.Name}, {Person.Typed}" })).JsonAsync();
        await api.CatchUpAsync(project);

        Assert.Equal([], await Person.FindAsync(api, project));
        Assert.Equal(0, await api.CountAsync("select count(*) from visits where project_id = @P and (visitor_id = @V or ip is not null or client_ids <> '{}')", new { P = project.ProjectId, V = person.Visitor }));
        Assert.Equal(0, await api.CountAsync("select count(*) from leads where project_id = @P and (details ? 'ip' or details -> 'consent' ? 'ip' or visitor_id = @V or erasure_id is null)", new { P = project.ProjectId, V = person.Visitor.ToString() }));
        Assert.Equal(3, act.GetProperty("counts").GetProperty("leads").GetInt32());
        Assert.Equal(3, act.GetProperty("counts").GetProperty("rejects").GetInt32());
        Assert.DoesNotContain("Незабудкина", act.GetRawText(), StringComparison.Ordinal);
        // Reading it again tells the same, and who is erased cannot be erased again.
        Assert.Equal(act.GetRawText(), (await api.ReadAsync(project, $"/v1/privacy/acts/{act.GetProperty("id").GetGuid()}")).GetRawText());
        Assert.Single((await api.ReadAsync(project, "/v1/privacy/acts")).GetProperty("items").EnumerateArray());
        await (await api.PostAsync(project, $"/v1/clients/{person.Client}/erase", new { reason = "ещё раз" })).ProblemAsync(409);
    }

    [Fact]
    public async Task The_act_lists_what_lies_in_the_crm_and_the_day_by_which_it_must_be_gone()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);

        var act = await (await api.PostAsync(project, $"/v1/clients/{person.Client}/erase", new { reason = "Отзыв согласия" })).JsonAsync();

        Assert.Equal(["contact 55 https://okna.amocrm.ru/contacts/detail/55", "deal 77 https://okna.amocrm.ru/leads/detail/77", "deal 78 https://okna.amocrm.ru/leads/detail/78"],
            act.GetProperty("crmObjects").EnumerateArray().Select(o => $"{o.GetProperty("kind").GetString()} {o.GetProperty("remoteId").GetString()} {o.GetProperty("url").GetString()}").Order());
        // Ten working days are twelve days at least, and four weeks with all the days off there may be.
        Assert.InRange(act.GetProperty("dueAt").GetDateTimeOffset() - act.GetProperty("at").GetDateTimeOffset(), TimeSpan.FromDays(11), TimeSpan.FromDays(28));
    }

    [Fact]
    public void Ten_working_days_leave_out_weekends_and_days_off()
    {
        var week = Enumerable.Range(1, 5).ToDictionary(d => ((DayOfWeek)d).ToString()[..3].ToLowerInvariant(), _ => "09:00-18:00");
        var moscow = TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow");
        var friday = DateTimeOffset.Parse("2026-10-30T10:00:00Z", System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(DateTimeOffset.Parse("2026-11-13T21:00:00Z", System.Globalization.CultureInfo.InvariantCulture), Erasure.DueAt(friday, WorkingTime.Of(week), moscow));
        Assert.Equal(DateTimeOffset.Parse("2026-11-16T21:00:00Z", System.Globalization.CultureInfo.InvariantCulture), Erasure.DueAt(friday, WorkingTime.Of(week, ["2026-11-04"]), moscow));
    }

    [Fact]
    public async Task Figures_stay_what_they_were()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);
        async Task<string> FiguresAsync()
        {
            await api.CatchUpAsync(project);
            var rows = await api.ReadAsync(project, "/v1/reports/sources?groupBy=channel,source,medium");
            return rows.GetProperty("rows").GetRawText();
        }
        var before = await FiguresAsync();
        Assert.Contains("\"leads\":", before, StringComparison.Ordinal);

        await (await api.PostAsync(project, $"/v1/clients/{person.Client}/erase", new { reason = "Отзыв согласия" })).JsonAsync();
        await api.ExecuteAsync("select stale_figures(@P)", new { P = project.ProjectId });

        Assert.Equal(before, await FiguresAsync());
        Assert.Equal("mobile", await api.ScalarAsync<string>("select device_of(details ->> 'userAgent') from leads where project_id = @P and id = @Lead", new { P = project.ProjectId, person.Lead }));
        Assert.Equal("Казань", await api.ScalarAsync<string>("select region_of(passport -> 'utm', details -> 'fields') from leads where project_id = @P and id = @Lead", new { P = project.ProjectId, person.Lead }));
    }

    [Fact]
    public async Task Nothing_of_the_person_is_sent_any_more_whoever_asks_for_it()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);
        await (await api.PostAsync(project, $"/v1/clients/{person.Client}/erase", new { reason = "Отзыв согласия" })).JsonAsync();

        var delivery = (await api.ReadAsync(project, $"/v1/deliveries/{person.Pending}")).GetProperty("delivery");
        Assert.Equal(("dead", "erased"), (delivery.GetProperty("state").GetString(), delivery.GetProperty("lastError").GetString()));
        await (await api.PostAsync(project, $"/v1/leads/{person.Waiting}/redeliver")).ProblemAsync(409);
        await (await api.PostAsync(project, $"/v1/leads/{person.Spam}/not-spam")).ProblemAsync(409);
        // A worker that comes back from the CRM with nothing done, and whatever else: the row goes nowhere.
        await api.ExecuteAsync("update deliveries set state = 'pending', last_error = @Words, next_attempt_at = now() where project_id = @P and lead_id = @Waiting", new { P = project.ProjectId, person.Waiting, Words = $"phone {Person.Phone}" });
        Assert.Equal("dead erased", await api.ScalarAsync<string>("select state || ' ' || last_error from deliveries where project_id = @P and id = @Pending and next_attempt_at is null", new { P = project.ProjectId, person.Pending }));
    }

    [Fact]
    public async Task A_call_that_ends_after_the_erasure_brings_nobody_back()
    {
        var project = await api.CreateProjectAsync();
        var sender = await (await api.PostAsync(project, "/v1/senders", new { siteId = project.SiteId, kind = "call", provider = "generic", name = "АТС" })).JsonAsync();
        var address = new Uri(sender.GetProperty("address").GetString()!).AbsolutePath;
        object Event(string phase) => new { callId = "c-77", direction = "in", phase, from = Person.Phone, clientPhone = Person.Phone, clientName = Person.Name, to = "+74950000001", startedAt = "2026-11-20T10:00:00+03:00" };
        Assert.True((await api.Client.PostAsJsonAsync(address, Event("ended"))).IsSuccessStatusCode);
        var client = await UntilAsync(async () => await api.ScalarAsync<Guid?>("select client_id from calls where project_id = @ProjectId and client_id is not null", new { project.ProjectId }));
        await UntilAsync(async () => await api.ScalarAsync<Guid?>("select id from calls where project_id = @ProjectId and fold_at is null", new { project.ProjectId }));
        await (await api.PostAsync(project, $"/v1/clients/{client}/erase", new { reason = "Отзыв согласия" })).JsonAsync();

        Assert.True((await api.Client.PostAsJsonAsync(address, new { callId = "c-77", direction = "in", phase = "ended", clientPhone = Person.Phone, clientName = Person.Name, recordingUrl = $"https://pbx/{Person.Digits}.mp3", talkSeconds = 33 })).IsSuccessStatusCode);
        await UntilAsync(async () => await api.ScalarAsync<Guid?>("select id from calls c where project_id = @ProjectId and fold_at is null and (select count(*) from call_events e where e.project_id = c.project_id and e.call_id = c.id) = 2", new { project.ProjectId }));

        Assert.Equal([], await Person.FindAsync(api, project));
        Assert.Equal(1, await api.CountAsync("select count(*) from clients where project_id = @ProjectId", new { project.ProjectId }));
    }

    [Fact]
    public async Task Reading_the_crm_brings_nobody_back_until_the_person_writes_again()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);
        await (await api.PostAsync(project, $"/v1/clients/{person.Client}/erase", new { reason = "Отзыв согласия" })).JsonAsync();
        var writer = new ContactWriter(api.App.Services.GetRequiredService<Database>().Import, new SemaphoreSlim(1), api.App.Services.GetRequiredService<ErasedPeople>(), TimeProvider.System);
        var connection = new ConnectionRow(project.ProjectId, person.Connection, "amocrm", [], "{}", true);
        RemoteContact Card(string id, string phone, string? email = null) => new(new ContactKey(ContactKind.Contact, id), Person.Name, [phone], email is null ? [] : [email], null);

        // The card itself with another phone, another card with the same phone, and one with the same address.
        await writer.WriteAsync(connection, new([Card("55", "+79031234567"), Card("56", Person.Typed, "akulina2@example.ru"), Card("57", "+79030000001", Person.Email), Card("58", "+79039999999")]), _ => [], default);

        await api.CatchUpAsync(project);
        Assert.Equal([], (await Person.FindAsync(api, project)).Where(c => c != "clients.name").ToList());
        Assert.Equal([$"{person.Connection}/58"], await ValuesAsync("crm_contact"));
        Assert.Equal(["+79039999999"], await ValuesAsync("phone"));
        // A deal that the CRM tells of anew, under the name that a manager gave it.
        await api.DealAsync(project, person.Connection, 99);
        await api.ExecuteAsync("update deals set contact_id = '55', name = @Name where project_id = @P and remote_id = 99", new { P = project.ProjectId, Person.Name });
        await api.ExecuteAsync("update deals set name = @Name where project_id = @P and remote_id = 78", new { P = project.ProjectId, Person.Name });
        Assert.Equal(0, await api.CountAsync("select count(*) from deals where project_id = @P and name is not null", new { P = project.ProjectId }));

        var posted = await api.SendAsync(null, HttpMethod.Post, $"/v1/sites/{project.SiteKey}/leads", new { name = Person.Name, phone = Person.Phone });
        var lead = (await posted.JsonAsync()).GetProperty("leadId").GetGuid();
        var fresh = (await api.ReadAsync(project, $"/v1/leads/{lead}")).GetProperty("clientId").GetGuid();
        Assert.NotEqual(person.Client, fresh);
        await writer.WriteAsync(connection, new([Card("56", Person.Typed)]), _ => [], default);
        Assert.Equal(fresh, await api.ScalarAsync<Guid>("select client_id from identities where project_id = @P and kind = 'crm_contact' and value like '%/56'", new { P = project.ProjectId }));

        async Task<string[]> ValuesAsync(string kind) => (await api.ScalarAsync<string[]>("select array_agg(value order by value) from identities where project_id = @P and kind = @Kind", new { P = project.ProjectId, Kind = kind }))!;
    }

    [Fact]
    public async Task A_restored_backup_is_erased_again_by_the_log()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);
        await (await api.PostAsync(project, $"/v1/clients/{person.Client}/erase", new { reason = "Отзыв согласия" })).JsonAsync();
        var log = api.App.Services.GetRequiredService<ErasureLog>();
        var file = new StringWriter();
        Assert.True(await log.WriteAsync(file, default) >= 1);
        var own = string.Join('\n', file.ToString().Split('\n').Where(l => l.Contains(project.ProjectId.ToString(), StringComparison.Ordinal)));
        Assert.DoesNotContain(Person.Digits, own, StringComparison.Ordinal);

        // The backup is from before: the person is there, no act is, and of one more client only the phone tells who it is.
        foreach (var table in new[] { "erasures", "erasure_keys", "identities", "leads", "visits", "calls", "call_events", "deliveries", "delivery_attempts", "deals", "rejects", "crm_events", "stop_list", "idempotency_keys", "number_holds", "tracking_numbers",
            "promotions", "spend_manual", "source_entries", "shared_contacts", "rebuilds", "reconcile_findings", "client_merges", "merge_suggestions", "senders", "clients" })
            await api.ExecuteAsync($"delete from {table} where project_id = @ProjectId", new { project.ProjectId });
        await Person.PlantAsync(api, project, person.Client);
        await api.ExecuteAsync("update clients set created_at = now() - interval '1 day' where project_id = @ProjectId", new { project.ProjectId });
        Assert.NotEmpty(await Person.FindAsync(api, project));

        var (acts, erased) = await log.ReplayAsync(new StringReader(own), default);

        Assert.Equal((1, 1), (acts, erased));
        await api.CatchUpAsync(project);
        Assert.Equal([], await Person.FindAsync(api, project));
        Assert.Equal((1, 0), await log.ReplayAsync(new StringReader(own), default));
        Assert.Single((await api.ReadAsync(project, "/v1/privacy/acts")).GetProperty("items").EnumerateArray());
        await Assert.ThrowsAsync<FormatException>(() => log.ReplayAsync(new StringReader("no act"), default));
    }

    [Fact]
    public async Task Another_person_of_the_project_loses_nothing()
    {
        var project = await api.CreateProjectAsync();
        var person = await Person.PlantAsync(api, project);
        var other = await api.ClientAsync(project, "Анна Петрова", "+79161234567", "anna@example.ru");
        var lead = await api.LeadAsync(project, other, email: "anna@example.ru");
        var reject = await api.RejectAsync(project, Encoding.UTF8.GetBytes("{\"phone\": \"+7 916 123-45-67\""));
        var (client, seen, kept) = (await TextAsync($"/v1/clients/{other}"), await TextAsync($"/v1/leads/{lead}"), await TextAsync($"/v1/rejects/{reject}"));

        await (await api.PostAsync(project, $"/v1/clients/{person.Client}/erase", new { reason = "Отзыв согласия" })).JsonAsync();

        Assert.Equal((client, seen, kept), (await TextAsync($"/v1/clients/{other}"), await TextAsync($"/v1/leads/{lead}"), await TextAsync($"/v1/rejects/{reject}")));

        async Task<string> TextAsync(string path) => (await api.ReadAsync(project, path)).GetRawText();
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> look) where T : struct
    {
        for (var i = 0; i < 400; i++)
        {
            if (await look() is { } found) return found;
            await Task.Delay(50);
        }
        throw new TimeoutException("It did not happen within 20 s.");
    }
}
