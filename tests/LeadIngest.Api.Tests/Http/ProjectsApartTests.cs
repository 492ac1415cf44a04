using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadIngest.Api.Tests.Figures;
using LeadIngest.Api.Tests.Privacy;
using Microsoft.AspNetCore.Http.Metadata;

namespace LeadIngest.Api.Tests.Http;

/// <summary>Generated over the routes themselves: a new route is tested from the moment it is mapped.</summary>
public partial class ProjectsApartTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] OpenToAll = ["/health/", "/metrics", "/v1/sites/{siteKey}", "/v1/calls/", "/v1/crm/", "/t/", "/v1/session", "/v1/setup", "/v1/password/", "/v1/invitations/", "/assets/"];

    [Fact]
    public async Task Without_a_key_every_route_that_is_not_public_answers_401()
    {
        foreach (var route in EveryRoute.Of(api))
        {
            if (!route.LoggedIn)
            {
                Assert.True(OpenToAll.Any(p => ("/" + route.Template.TrimStart('/')).StartsWith(p, StringComparison.Ordinal)), $"{route.Name} can be called without a key: is that meant?");
                continue;
            }
            foreach (var key in new[] { null, "li_wrong", "" })
            {
                var answer = await api.SendAsync(key is null ? null : new TestProject(default, key, "", default), route.Method, route.Path(Guid.CreateVersion7()), route.Body());
                Assert.True((int)answer.StatusCode == 401, $"{route.Name}: {(int)answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Ids_of_another_project_get_the_404_of_missing_ones_and_change_nothing()
    {
        var (intruder, owner) = (await api.CreateProjectAsync(), await api.CreateProjectAsync());
        var ids = await EverythingAsync(owner);
        var before = await SnapshotAsync(owner);
        foreach (var route in EveryRoute.Of(api).Where(r => r is { LoggedIn: true, HasId: true, IsOfPerson: false }))
        {
            Assert.True(!route.TakesBody || route.Example is not null, $"{route.Name} takes a body: give its route WithExample.");
            var kind = ids.Keys.Where(p => route.Template.TrimStart('/').StartsWith(p, StringComparison.Ordinal)).MaxBy(p => p.Length);
            Assert.True(kind is not null, $"{route.Name}: make a row for it in {nameof(EverythingAsync)}.");

            var foreign = await SeenAsync(route, intruder, ids[kind]);
            var missing = await SeenAsync(route, intruder, Guid.CreateVersion7());

            Assert.True(foreign.Status == 404, $"{route.Name}: {foreign}");
            Assert.Equal(missing, foreign);
        }
        Assert.Equal(before, await SnapshotAsync(owner));
    }

    [Fact]
    public async Task Routes_without_an_id_show_and_touch_only_the_own_project()
    {
        var (intruder, owner) = (await api.CreateProjectAsync("Соседи"), await api.CreateProjectAsync());
        var ids = await EverythingAsync(owner);
        var before = await SnapshotAsync(owner);
        var filters = $"?clientId={ids["v1/clients"]}&leadId={ids["v1/leads"]}&connectionId={ids["v1/connections"]}&siteId={owner.SiteId}&q=79161234567";
        foreach (var route in EveryRoute.Of(api).Where(r => r is { LoggedIn: true, HasId: false, IsOfPerson: false }))
            foreach (var query in new[] { "", filters })
            {
                using var answer = await api.SendAsync(intruder, route.Method, route.Path(default) + query, route.Body());
                // One that does not end has tests of its own: WatchLeadsTests.
                if (answer.IsStream()) continue;
                var text = await answer.Content.ReadAsStringAsync();
                // The examples of the description are sent as they stand: they must be right. A report refuses a filter that it has no use for, and shows nothing; a key makes no project.
                Assert.True(answer.IsSuccessStatusCode || text.Contains("/users-only", StringComparison.Ordinal) || (query.Length > 0 && text.Contains("This report cannot be narrowed by it.", StringComparison.Ordinal)), $"{route.Name}: {(int)answer.StatusCode} {text}");
                foreach (var id in ids.Values.Append(owner.ProjectId)) Assert.DoesNotContain(id.ToString(), text);
            }
        Assert.Equal(before, await SnapshotAsync(owner));
    }

    [Fact]
    public async Task A_person_who_is_another_projects_client_too_changes_no_answer()
    {
        var (project, neighbour) = (await api.CreateProjectAsync(), await api.CreateProjectAsync("Соседи"));
        var person = await Person.PlantAsync(api, project);
        await api.ExecuteAsync("update connections set state = 'paused' where project_id = @ProjectId", new { project.ProjectId });
        // What reading itself leaves behind, an entry of the audit log and a time of last use, is left by the first time.
        await AnswersAsync(person);
        var before = await AnswersAsync(person);

        await Person.PlantAsync(api, neighbour);
        foreach (var phone in new[] { Person.Phone, Person.Typed })
            (await api.SendAsync(null, HttpMethod.Post, $"/v1/sites/{neighbour.SiteKey}/leads", new { name = Person.Name, phone, email = Person.Email, page = "https://sosedi.ru/?utm_source=vk" })).EnsureSuccessStatusCode();
        await api.CatchUpAsync(neighbour);
        var after = await AnswersAsync(person);

        Assert.True(before.Count > 100, $"Only {before.Count} answers?");
        // The person stands in them, or nothing would be proved.
        Assert.True(before.Values.Count(a => a.Contains(Person.Digits, StringComparison.Ordinal)) > 10);
        foreach (var (name, text) in before) Assert.True(text == after[name], $"{name}:\n{text}\n{after[name]}");
    }

    /// <summary>What every route answers that shows something: as it stands, and asked for the person.</summary>
    private async Task<Dictionary<string, string>> AnswersAsync(Person person)
    {
        var project = person.Project;
        await api.CatchUpAsync(project);
        var ids = new Dictionary<string, Guid>
        {
            ["v1/leads"] = person.Lead,
            ["v1/clients"] = person.Client,
            ["v1/calls"] = person.Call,
            ["v1/deals"] = person.Deal,
            ["v1/deliveries"] = person.Delivery,
            ["v1/rejects"] = person.Reject,
            ["v1/connections"] = person.Connection,
            ["v1/senders"] = person.Sender,
            ["v1/sites"] = project.SiteId,
            ["v1/projects"] = project.ProjectId,
            ["v1/visits"] = person.Visit,
        };
        var answers = new Dictionary<string, string>();
        foreach (var route in EveryRoute.Of(api).Where(r => r is { LoggedIn: true, IsOfPerson: false } && r.Method == HttpMethod.Get))
        {
            var kind = ids.Keys.Where(k => route.Template.TrimStart('/').StartsWith(k, StringComparison.Ordinal)).MaxBy(k => k.Length);
            // How a CRM account stands is shown to all projects that are connected to it (WallRoleTests), and a worker looks after it meanwhile; the audit log grows by these very looks.
            if ((route.HasId && kind is null) || route.Name is "GetConnectionStatus" or "ListAudit") continue;
            foreach (var query in route.Name.StartsWith("List", StringComparison.Ordinal) ? (string[])["", $"?phone={Uri.EscapeDataString(Person.Phone)}&q={Uri.EscapeDataString(Person.Email)}"] : [""])
            {
                using var answer = await api.SendAsync(project, HttpMethod.Get, route.Path(kind is null ? default : ids[kind]) + query);
                if (answer.IsStream()) continue;
                var text = await answer.Content.ReadAsStringAsync();
                // A person's export holds the log of the exports before it.
                if (route.Name == "ExportClient" && JsonNode.Parse(text) is JsonObject export && export.Remove("audit")) text = export.ToJsonString();
                answers[route.Name + query] = $"{(int)answer.StatusCode} {Moments().Replace(text, "…")}";
            }
        }
        return answers;
    }

    /// <summary>Times to the fraction of a second, how long somebody waits by now, and ids of traces: when it was asked, and nothing of what is there.</summary>
    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+[^""]*|""traceId"":""[^""]*""|(?<=Seconds"":)\d+")]
    private static partial Regex Moments();

    [Fact]
    public async Task Names_that_a_request_does_not_have_are_not_taken_from_any_body()
    {
        var (project, owner) = (await api.CreateProjectAsync("Соседи"), await api.CreateProjectAsync());
        var ids = await EverythingAsync(owner);
        var own = await EverythingAsync(project);
        var before = await SnapshotAsync(owner);
        foreach (var route in EveryRoute.Of(api).Where(r => r is { LoggedIn: true, IsOfPerson: false, TakesBody: true }))
        {
            // The project is the caller's own, by the way that it was found: no body may have a word in it.
            var members = (route.Metadata.GetMetadata<IAcceptsMetadata>()!.RequestType?.GetProperties() ?? []).Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            Assert.DoesNotContain(members, n => n.Contains("ProjectId", StringComparison.OrdinalIgnoreCase) || n is "Project" or "Tenant");
            // What is done by POST to one thing may take it away: tried by the tests of foreign ids.
            if (route.Example is null || JsonNode.Parse(route.Example) is not JsonObject body || (route.Method == HttpMethod.Post && route.HasId)) continue;
            foreach (var (name, value) in new (string, JsonNode?)[]
            {
                ("projectId", owner.ProjectId), ("project_id", owner.ProjectId), ("ProjectId", owner.ProjectId), ("id", ids["v1/leads"]), ("clientId", ids["v1/clients"]), ("createdAt", "2001-01-01T00:00:00Z"), ("isDemo", true),
                ("role", "owner"), ("seesContacts", true), ("userId", ids["v1/users"]), ("keyHash", "AA=="), ("passwordHash", "AA=="), ("state", "delivered"),
            })
                if (!members.Contains(name)) body.Add(name, value);
            var kind = own.Keys.Where(k => route.Template.TrimStart('/').StartsWith(k, StringComparison.Ordinal)).MaxBy(k => k.Length);
            using var answer = await api.SendAsync(project, route.Method, route.Path(route.HasId ? own[kind!] : default), new StringContent(body.ToJsonString(), null, "application/json"));
            Assert.True((int)answer.StatusCode < 500, $"{route.Name}: {await answer.Content.ReadAsStringAsync()}");
        }
        Assert.Equal(before, await SnapshotAsync(owner));
        Assert.Equal(0, await api.CountAsync("select count(*) from projects where project_id = @ProjectId and is_demo", new { project.ProjectId }));
        Assert.Equal(0, await api.CountAsync("select count(*) from memberships where project_id = @ProjectId and role = 'owner'", new { project.ProjectId }));
    }

    [Fact]
    public async Task Every_answer_to_a_reader_forbids_sniffing_and_storing()
    {
        var project = await api.CreateProjectAsync();
        foreach (var route in EveryRoute.Of(api))
        {
            using var answer = await api.SendAsync(route.LoggedIn ? project : null, route.Method, route.Path(Guid.CreateVersion7()), route.Body());
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
            Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
            Assert.False(answer.Headers.Contains("Server") || answer.Headers.Contains("X-Powered-By"));
            if (route.LoggedIn) Assert.True(answer.Headers.CacheControl?.NoStore, route.Name);
        }
    }

    private async Task<(int Status, string Body)> SeenAsync(RouteCall route, TestProject project, Guid id)
    {
        var answer = await api.SendAsync(project, route.Method, route.Path(id), route.Body());
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return ((int)answer.StatusCode, text);
        return ((int)answer.StatusCode, string.Join('\n', JsonSerializer.Deserialize<JsonElement>(text).EnumerateObject().Where(p => p.Name != "traceId").Select(p => p.ToString())));
    }

    /// <summary>A row of every kind in one project, by the routes that name it.</summary>
    private async Task<Dictionary<string, Guid>> EverythingAsync(TestProject project)
    {
        var client = await api.ClientAsync(project, phone: "+79161234567");
        var merged = await api.ClientAsync(project, mergedInto: client);
        var other = await api.ClientAsync(project);
        var lead = await api.LeadAsync(project, client);
        var connection = await api.ConnectionAsync(project);
        var call = await api.CallRowAsync(project, lead, client);
        var (merge, suggestion, key, sender, number) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var login = await api.AuthorizationAsync(project);
        var cabinet = Guid.CreateVersion7();
        var (account, import, manual, mapping) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await api.ExecuteAsync("""
            insert into spend_accounts (project_id, id, name) values (@P, @Account, 'Директ, свой');
            insert into spend_imports (project_id, id, account_id, file_sha256, taken, refused, skipped, report) values (@P, @Import, @Account, '\x00', 1, 0, 0, 'null');
            insert into spend_import_days (project_id, account_id, day, import_id) values (@P, @Account, current_date, @Import);
            insert into spend (project_id, id, account_id, import_id, day, campaign_id, currency, vat_included, vat_rate, amount, original)
            values (@P, @Import, @Account, @Import, current_date, '4711471147', 'RUB', true, 22, 100, '[]');
            insert into spend_manual (project_id, id, name, first_day, last_day, amount, currency, vat_included) values (@P, @Manual, 'Баннер', current_date, current_date, 10, 'RUB', true);
            insert into rates (project_id, currency, day, rubles, nominal) values (@P, 'USD', current_date, 80, 1);
            insert into spend_mappings (project_id, id, lead_campaign, campaign_id) values (@P, @Mapping, 'poisk', '4711471147');
            insert into spend_accounts (project_id, id, kind, name) values (@P, @Cabinet, 'yandex_direct', 'Директ, кабинет');
            insert into spend_cabinets (project_id, account_id, base_address, credentials, level, time_zone, load_hour, restate_days, schedule_at, paused)
            values (@P, @Cabinet, 'https://api.direct.yandex.com/', '\x00', 'keyword', 'Europe/Moscow', 6, 7, now(), true);
            insert into spend_loads (project_id, id, account_id, reason, first_day, last_day, next_day, next_at, created_at)
            values (@P, @Cabinet, @Cabinet, 'first', current_date, current_date, current_date, now(), now());
            insert into spend_imports (project_id, id, account_id, origin, file_sha256, taken, refused, skipped, report) values (@P, @Cabinet, @Cabinet, 'yandex_direct', '\x00', 1, 0, 0, 'null');
            insert into spend (project_id, id, account_id, import_id, day, campaign_id, currency, vat_included, vat_rate, amount, original)
            values (@P, @Cabinet, @Cabinet, @Cabinet, current_date, '4711471147', 'RUB', true, 22, 100, '[]')
            """, new { P = project.ProjectId, Cabinet = cabinet, Account = account, Import = import, Manual = manual, Mapping = mapping });
        var (source, rebuild) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await api.ExecuteAsync("""
            insert into source_entries (project_id, id, source, channel, note) values (@P, @Source, 'blogger', 'referral', @Note);
            insert into rebuilds (project_id, id, what, state, phase) values (@P, @Rebuild, 'dictionary', 'done', 'after');
            insert into figure_snapshots (project_id, rebuild_id, moment, n, month, channel, source, leads) values (@P, @Rebuild, 'before', 1, '2026-01-01', 'other', @Note, 1);
            insert into reconcile_runs (project_id, id, first_day, last_day, counts, findings) values (@P, @Rebuild, current_date, current_date, '[]', 1);
            insert into reconcile_findings (project_id, id, kind, subject_id, day, detail) values (@P, @Source, 'call_without_lead', @Source, current_date, @Note)
            """, new { P = project.ProjectId, Source = source, Rebuild = rebuild, Note = project.ProjectId.ToString() });
        await api.ExecuteAsync("""
            insert into client_merges (project_id, id, kept_id, merged_id, reason) values (@P, @Merge, @Client, @Merged, 'manual');
            insert into merge_suggestions (project_id, id, client_a, client_b, reason) values (@P, @Suggestion, @Client, @Other, 'one e-mail');
            insert into api_keys (project_id, id, name, prefix, key_hash) values (@P, @Key, 'second', 'li_00000000', '\x00');
            insert into senders (project_id, id, site_id, kind, provider, name) values (@P, @Sender, @SiteId, 'form', 'tilda', 'Тильда');
            insert into tracking_numbers (project_id, id, site_id, number, kind, free_at, held_by, held_visitor, held_until)
            values (@P, @Number, @SiteId, '+74950000001', 'dynamic', now(), @Number, @Number, now());
            insert into number_usage (project_id, site_id, hour, asked) values (@P, @SiteId, date_trunc('hour', now()), 4711)
            """, new { P = project.ProjectId, Sender = sender, project.SiteId, Number = number, Merge = merge, Client = client, Merged = merged, Suggestion = suggestion, Other = other, Key = key });
        var (visit, view) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await api.ExecuteAsync("""
            insert into visits (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, passport) values (@P, @Visit, @SiteId, @Visit, now(), now(), 'direct', '{}');
            insert into saved_views (project_id, id, page, name, settings, is_shared) values (@P, @View, 'leads', @Note, '{}', true)
            """, new { P = project.ProjectId, Visit = visit, View = view, project.SiteId, Note = project.ProjectId.ToString() });
        var promotion = Guid.CreateVersion7();
        await api.ExecuteAsync("insert into promotions (project_id, id, name, tag_kind, tag, goal, first_day, last_day) values (@P, @Promotion, 'Весна', 'campaign', 'spring', 'leads', current_date, current_date)",
            new { P = project.ProjectId, Promotion = promotion });
        var user = Guid.CreateVersion7();
        await api.ExecuteAsync("""
            insert into users (id, email, name, created_at) values (@User, @Email, 'Ольга', now());
            insert into memberships (project_id, user_id, role, sees_contacts, created_at) values (@P, @User, 'marketer', true, now())
            """, new { P = project.ProjectId, User = user, Email = $"{user:N}@okna-plus.ru" });
        var act = Guid.CreateVersion7();
        await api.ExecuteAsync("insert into erasures (project_id, id, client_id, client_ids, at, by_name, reason, counts, crm_objects) values (@P, @Act, @Act, array[@Act], now(), 'Ольга', 'Отзыв согласия', '{}', '[]')",
            new { P = project.ProjectId, Act = act });
        return new()
        {
            ["v1/users"] = user,
            ["v1/privacy/acts"] = act,
            ["v1/leads"] = lead,
            ["v1/calls"] = call,
            ["v1/deals"] = await api.DealAsync(project, connection, 7, client, lead),
            ["v1/clients"] = client,
            ["v1/clients/merges"] = merge,
            ["v1/clients/suggestions"] = suggestion,
            ["v1/deliveries"] = await api.DeliveryAsync(project, lead, connection),
            ["v1/rejects"] = await api.RejectAsync(project),
            ["v1/connections"] = connection,
            ["v1/connections/authorize"] = login,
            ["v1/sources"] = source,
            ["v1/rebuilds"] = rebuild,
            ["v1/stop-list"] = await api.StopAsync(project, "phone", "+79031112233"),
            ["v1/sites"] = project.SiteId,
            ["v1/projects"] = project.ProjectId,
            ["v1/api-keys"] = key,
            ["v1/senders"] = sender,
            ["v1/numbers"] = number,
            ["v1/spend/accounts"] = cabinet,
            ["v1/spend/imports"] = import,
            ["v1/spend/manual"] = manual,
            ["v1/spend/mappings"] = mapping,
            ["v1/promotions"] = promotion,
            ["v1/visits"] = visit,
            ["v1/views"] = view,
        };
    }

    /// <summary>Every row of the project in every table, as one text.</summary>
    private async Task<string> SnapshotAsync(TestProject project)
    {
        // Figures follow by themselves: whatever is still to be computed is not the intruder's doing.
        await api.CatchUpAsync(project);
        var tables = await api.ScalarAsync<string[]>("""
            select array_agg(c.table_name::text order by c.table_name) from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = 'public' and c.column_name = 'project_id' and t.table_type = 'BASE TABLE'
            """);
        var rows = new List<string>();
        foreach (var table in tables!)
            rows.Add($"{table}: " + await api.ScalarAsync<string>($"select string_agg(t::text, '; ' order by t::text) from {table} t where project_id = @P", new { P = project.ProjectId }));
        return string.Join('\n', rows);
    }
}
