using System.Diagnostics;
using LeadIngest.Api.Tests.EndToEnd;

namespace LeadIngest.Api.Tests.Imports;

/// <summary>What happens in a CRM is known here in the end, whether its webhooks come, come twice, come late or never.</summary>
public sealed class HealingTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task A_webhook_that_is_never_sent_is_made_good_by_polling(string crm)
    {
        var cards = new Cards(api, crm);
        var (project, connection) = await cards.ConnectAsync();
        await cards.HookAsync(project, connection);
        var (phone, later) = (Cards.NewPhone(), Cards.NewPhone());
        await api.CrmAsync("/_faults", new { crm, kind = "hook_drop", probability = 1 });
        try
        {
            var contact = await cards.EnterAsync("Без вебхука", phone);
            await cards.PolledAsync(connection);
            Assert.Equal([contact], await cards.ContactsAsync(project, phone));

            await cards.GivePhoneAsync(contact, later);
            await cards.PolledAsync(connection);
            Assert.Equal([contact], await cards.ContactsAsync(project, later));
            Assert.Equal(0, await api.CountAsync("select count(*) from crm_events where connection_id = @Id and content_type not in ('recheck', 'log', 'sweep')", new { Id = connection }));
        }
        finally
        {
            await api.HealAsync();
        }
    }

    [Fact]
    public async Task A_card_deleted_in_amocrm_is_seen_in_its_log_and_so_is_its_return()
    {
        var cards = new Cards(api, "amocrm");
        var phone = Cards.NewPhone();
        var contact = await cards.EnterAsync("Удалённый", phone);
        var (project, connection) = await cards.ConnectAsync();
        Assert.Equal([contact], await cards.ContactsAsync(project, phone));

        await cards.DeleteAsync(contact);
        await cards.PolledAsync(connection);
        Assert.Empty(await cards.ContactsAsync(project, phone));

        await api.CrmAsync("/_act/amocrm", new { entity = "contact", restore = long.Parse(contact, System.Globalization.CultureInfo.InvariantCulture) });
        await cards.PolledAsync(connection);
        Assert.Equal([contact], await cards.ContactsAsync(project, phone));
        Assert.True(await api.ScalarAsync<bool>("select has_log from crm_imports where connection_id = @Id", new { Id = connection }));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task Where_no_log_tells_of_a_deletion_a_slow_comparison_finds_it_and_keeps_everybody_else(string crm)
    {
        var cards = new Cards(api, crm);
        var phones = Enumerable.Range(0, 8).Select(_ => Cards.NewPhone()).ToArray();
        var contacts = new List<string>();
        foreach (var phone in phones) contacts.Add(await cards.EnterAsync("Сверка", phone));
        var (project, connection) = await cards.ConnectAsync();
        // amoCRM: no right to the log.
        await api.CrmAsync("/_faults", new { crm = "amocrm", kind = "status_before", probability = 1, status = 403, path = "api/v4/events" });
        try
        {
            foreach (var i in (int[])[0, 3, 7]) await cards.DeleteAsync(contacts[i]);
            await cards.PolledAsync(connection);
            Assert.Equal([contacts[0]], await cards.ContactsAsync(project, phones[0]));

            await cards.SweptAsync(connection);

            for (var i = 0; i < phones.Length; i++) Assert.Equal(i is 0 or 3 or 7 ? [] : [contacts[i]], await cards.ContactsAsync(project, phones[i]));
            Assert.NotEqual(contacts[3], await cards.DealAtAsync(project, phones[3]));
        }
        finally
        {
            await api.HealAsync();
        }
    }

    [Theory]
    [InlineData("amocrm", true, true)]
    [InlineData("amocrm", true, false)]
    [InlineData("amocrm", false, true)]
    [InlineData("amocrm", false, false)]
    [InlineData("bitrix24", true, true)]
    [InlineData("bitrix24", true, false)]
    [InlineData("bitrix24", false, true)]
    [InlineData("bitrix24", false, false)]
    public async Task Two_cards_made_one_in_the_crm_are_one_client_here_and_the_next_deal_stands_at_the_one_that_stayed(string crm, bool byWebhook, bool olderStays)
    {
        var cards = new Cards(api, crm);
        var (first, second) = (Cards.NewPhone(), Cards.NewPhone());
        var (older, younger) = (await cards.EnterAsync("Мария", first), await cards.EnterAsync("Мария с работы", second));
        var (project, connection) = await cards.ConnectAsync();
        if (byWebhook) await cards.HookAsync(project, connection);
        // Both phones stand behind deals: without a person's word that would keep the two apart.
        Assert.Equal((older, younger), (await cards.DealAtAsync(project, first), await cards.DealAtAsync(project, second)));
        var held = (await api.StateAsync($"{crm}/contacts")).Length;

        var stayed = olderStays ? older : younger;
        await cards.MergeAsync(stayed, olderStays ? younger : older);
        if (!byWebhook) await cards.PolledAsync(connection);

        await Cards.UntilAsync(async () => (await cards.ClientAsync(project, first)).GetProperty("id").GetGuid() == (await cards.ClientAsync(project, second)).GetProperty("id").GetGuid() ? 1 : 0, 1);
        await cards.ReadAsync(connection);
        Assert.Equal([stayed], await cards.ContactsAsync(project, second));
        Assert.Equal((stayed, stayed), (await cards.DealAtAsync(project, first), await cards.DealAtAsync(project, second)));
        Assert.Equal(held - 1, (await api.StateAsync($"{crm}/contacts")).Length);
        Assert.DoesNotContain((await api.ReadAsync(project, "/v1/clients/suggestions")).GetProperty("items").EnumerateArray(), s => s.GetRawText().Contains(first[1..], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task Of_two_cards_with_one_phone_the_one_that_stayed_gets_the_next_deal_though_nothing_in_it_changed(string crm)
    {
        var cards = new Cards(api, crm);
        var phone = Cards.NewPhone();
        var (older, younger) = (await cards.EnterAsync("Пётр", phone), await cards.EnterAsync("Пётр", phone));
        var (project, connection) = await cards.ConnectAsync();
        Assert.Equal(older, await cards.DealAtAsync(project, phone));

        await cards.MergeAsync(younger, older);
        await cards.PolledAsync(connection);
        if (crm == "bitrix24") await cards.SweptAsync(connection);

        Assert.Equal([younger], await cards.ContactsAsync(project, phone));
        Assert.Equal(younger, await cards.DealAtAsync(project, phone));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task Two_living_cards_with_one_phone_do_not_ask_for_each_other_for_ever(string crm)
    {
        var cards = new Cards(api, crm);
        var phone = Cards.NewPhone();
        var (first, second) = (await cards.EnterAsync("Анна", phone), await cards.EnterAsync("Анна", phone));
        var (project, connection) = await cards.ConnectAsync();
        var address = await cards.HookAsync(project, connection);

        foreach (var id in (string[])[first, second, first]) Assert.Equal(200, (int)(await api.Client.PostAsync(address, Body(cards.Event("update", id)))).StatusCode);
        await cards.ReadAsync(connection);
        var asked = (await api.RequestsAsync(crm)).Length;
        await cards.PolledAsync(connection);

        // The poll's own pages, and one look at the other cards.
        Assert.InRange((await api.RequestsAsync(crm)).Length - asked, 1, 12);
        Assert.Equal([first], await cards.ContactsAsync(project, phone));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task Recognising_a_client_that_was_read_costs_no_request(string crm)
    {
        var cards = new Cards(api, crm);
        var phones = Enumerable.Range(0, 6).Select(_ => Cards.NewPhone()).ToArray();
        var contacts = new List<string>();
        foreach (var phone in phones) contacts.Add(await cards.EnterAsync("Постоянный клиент", phone));
        var (project, connection) = await cards.ConnectAsync();
        // Deals are read beside, by connections of other tests too, and that is not what is counted here: nothing is read of them from now on.
        await Cards.UntilAsync(() => api.CountAsync("select count(*) from deal_readings where connection_id = @Id and state = 'done'", new { Id = connection }), 1);
        await api.ExecuteAsync("delete from deal_readings");
        // Fields, users and stages of the account are looked up with the first lead.
        Assert.Equal(contacts[0], await cards.DealAtAsync(project, phones[0]));
        if (crm == "bitrix24")
            foreach (var method in (string[])["crm.duplicate.findbycomm", "crm.contact.list", "crm.contact.get", "crm.contact.add", "crm.item.list"])
                await api.CrmAsync("/_account/bitrix24", new { fail = new { method, code = "ACCESS_DENIED", status = 400, times = 100 } });
        var before = (await api.RequestsAsync(crm)).Length;

        for (var i = 1; i < phones.Length; i++) Assert.Equal(contacts[i], await cards.DealAtAsync(project, phones[i]));

        var asked = (await api.RequestsAsync(crm))[before..];
        await api.CrmAsync("/_account/bitrix24", new { fail = (object?)null });
        Assert.DoesNotContain(asked, r => r.Contains("contacts", StringComparison.Ordinal) || r.Contains("query=", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, r => r.StartsWith("GET", StringComparison.Ordinal));
        // The deal, and in amoCRM the note beside it.
        Assert.InRange(asked.Length, 5, crm == "amocrm" ? 10 : 5);
    }

    [Theory]
    [InlineData("amocrm", 1)]
    [InlineData("amocrm", 2)]
    [InlineData("bitrix24", 3)]
    [InlineData("bitrix24", 4)]
    public async Task Webhooks_repeated_and_in_any_order_end_in_the_same_rows_as_once_and_in_order(string crm, int seed)
    {
        var cards = new Cards(api, crm);
        var dice = new Random(seed);
        var contacts = new List<string>();
        for (var i = 0; i < 12; i++) contacts.Add(await cards.EnterAsync($"Порядок {i}", Cards.NewPhone()));
        var (inOrder, shuffled) = (await cards.ConnectAsync(), await cards.ConnectAsync());
        var addresses = new List<string>();
        foreach (var (project, connection) in (IEnumerable<(TestProject, Guid)>)[inOrder, shuffled])
            addresses.Add((await api.ReadAsync(project, $"/v1/connections/{connection}/webhook")).GetProperty("address").GetString()!);
        Assert.Equal(await SnapshotAsync(inOrder), await SnapshotAsync(shuffled));

        List<string> told = [];
        for (var phase = 0; phase < 3; phase++)
        {
            List<string> events = [];
            foreach (var contact in contacts.Skip(phase * 4).Take(2))
            {
                await cards.GivePhoneAsync(contact, Cards.NewPhone());
                events.AddRange([cards.Event("update", contact), cards.Event("add", contact)]);
            }
            var made = await cards.EnterAsync("Новый", Cards.NewPhone(), Cards.NewPhone());
            events.Add(cards.Event("add", made));
            await cards.DeleteAsync(contacts[(phase * 4) + 2]);
            events.AddRange([cards.Event("update", contacts[(phase * 4) + 2]), cards.Event("delete", contacts[(phase * 4) + 2])]);
            await cards.MergeAsync(contacts[phase * 4], contacts[(phase * 4) + 3]);
            events.AddRange([cards.Event("update", contacts[phase * 4]), cards.Event("delete", contacts[(phase * 4) + 3])]);
            foreach (var body in events) await TellAsync(addresses[0], body);

            told.AddRange(events);
            // Each at least once, many twice, old ones among them.
            var bodies = events.Concat(told.Where(_ => dice.Next(2) == 0)).ToArray();
            dice.Shuffle(bodies);
            await Task.WhenAll(bodies.Chunk(3).Select(async three =>
            {
                foreach (var body in three) await TellAsync(addresses[1], body);
            }));
            await cards.ReadAsync(inOrder.Connection);
            await cards.ReadAsync(shuffled.Connection);
            Assert.Equal(await SnapshotAsync(inOrder), await SnapshotAsync(shuffled));
        }
    }

    [Fact]
    public async Task A_webhook_is_answered_within_a_second_while_the_crm_itself_hangs()
    {
        var cards = new Cards(api, "amocrm");
        var (project, connection) = await cards.ConnectAsync();
        var address = (await api.ReadAsync(project, $"/v1/connections/{connection}/webhook")).GetProperty("address").GetString()!;
        await api.CrmAsync("/_faults", new { crm = "amocrm", kind = "latency", probability = 1, ms = 4000, path = "api/v4/contacts/" });
        try
        {
            for (var i = 1; i <= 20; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await TellAsync(address, cards.Event("update", $"{i}"));
                Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 1);
            }
            Assert.Equal(20, await api.CountAsync("select count(*) from crm_events where connection_id = @Id and body is not null", new { Id = connection }));
            Assert.NotEqual(0, await api.CountAsync("select count(*) from crm_events where connection_id = @Id and pending <> '{}'", new { Id = connection }));
        }
        finally
        {
            await api.HealAsync();
        }
    }

    [Fact]
    public async Task What_cannot_be_stored_is_not_answered_with_yes()
    {
        var cards = new Cards(api, "amocrm");
        var (project, connection) = await cards.ConnectAsync();
        var address = (await api.ReadAsync(project, $"/v1/connections/{connection}/webhook")).GetProperty("address").GetString()!;
        await using var other = new Npgsql.NpgsqlConnection(api.Db);
        await other.OpenAsync();
        await using (var held = await other.BeginTransactionAsync())
        {
            await using var command = new Npgsql.NpgsqlCommand("lock table crm_events in access exclusive mode", other, held);
            await command.ExecuteNonQueryAsync();
            var began = Stopwatch.GetTimestamp();
            await (await api.Client.PostAsync(address, Body(cards.Event("update", "7")))).ProblemAsync(503);
            // The CRMs wait for two seconds and longer.
            Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 2);
        }
        await TellAsync(address, cards.Event("update", "7"));
    }

    private async Task TellAsync(string address, string body) => Assert.Equal(200, (int)(await api.Client.PostAsync(address, Body(body))).StatusCode);

    private static StringContent Body(string text) => Cards.Form(text + "&auth[application_token]=t");

    /// <summary>Who is known by what: the identities of each client, of those merged into it too.</summary>
    private async Task<string?> SnapshotAsync((TestProject Project, Guid Connection) of) => await api.ScalarAsync<string>("""
        select string_agg(who, E'\n' order by who) from (
            select string_agg(i.kind || ' ' || replace(i.value, @Connection, ''), ', ' order by i.kind, replace(i.value, @Connection, '')) as who
            from identities i join clients c on c.project_id = i.project_id and c.id = i.client_id
            where i.project_id = @ProjectId group by coalesce(c.merged_into, c.id)) families
        """, new { of.Project.ProjectId, Connection = of.Connection.ToString() });
}
