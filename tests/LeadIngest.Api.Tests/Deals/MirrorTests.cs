using System.Text.Json;
using LeadIngest.Api.Tests.EndToEnd;
using LeadIngest.Api.Tests.Imports;

namespace LeadIngest.Api.Tests.Deals;

/// <summary>What people do with deals in a CRM is known here, with the moment of it.</summary>
public sealed class MirrorTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task A_deal_of_the_past_is_read_with_its_course_its_client_and_the_names_of_the_crm(string crm)
    {
        var sales = new Sales(api, crm);
        var phone = Cards.NewPhone();
        var deal = await sales.MakeAsync("Печать каталога", 1000, await sales.Cards.EnterAsync("Анна", phone));
        foreach (var stage in sales.Stages.Skip(1).Take(2)) await sales.MoveAsync(deal, stage);
        await sales.PriceAsync(deal, 40_000.50m);
        await sales.MoveAsync(deal, sales.Won);

        var (project, connection) = await sales.ConnectAsync();

        var shown = await sales.ShowAsync(project, connection, deal);
        Assert.Equal([sales.Stages[0], sales.Stages[1], sales.Stages[2], sales.Won], Sales.Course(shown));
        var card = shown.GetProperty("deal");
        Assert.Equal(("Печать каталога", "won", 40_000.50m, "RUB", deal), (card.GetProperty("name").GetString(), Sales.State(shown), card.GetProperty("amount").GetDecimal(),
            card.GetProperty("currency").GetString(), card.GetProperty("remoteId").GetString()));
        Assert.NotEqual(JsonValueKind.Null, card.GetProperty("closedAt").ValueKind);
        Assert.NotEqual("", card.GetProperty("stage").GetProperty("name").GetString());
        Assert.NotNull(card.GetProperty("pipeline").GetProperty("name").GetString());
        Assert.NotNull(card.GetProperty("responsible").GetProperty("name").GetString());
        Assert.Equal(phone, shown.GetProperty("client").GetProperty("phones")[0].GetString());
        // Bitrix24 keeps no history of amounts.
        Assert.Equal(sales.IsAmocrm ? [1000, 40_000.50m] : [40_000.50m], Sales.Amounts(shown));
        Assert.All(shown.GetProperty("stages").EnumerateArray().Skip(1), s => Assert.Equal("history", s.GetProperty("origin").GetString()));

        var client = await api.ReadAsync(project, $"/v1/clients/{shown.GetProperty("client").GetProperty("id").GetGuid()}");
        Assert.Equal(deal, Assert.Single(client.GetProperty("deals").EnumerateArray()).GetProperty("remoteId").GetString());
        Assert.Equal((40_000.50m, 1), (client.GetProperty("won")[0].GetProperty("amount").GetDecimal(), client.GetProperty("won")[0].GetProperty("deals").GetInt32()));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task A_deal_worked_on_today_is_followed_by_webhooks_and_steps_back_reopenings_and_new_prices_keep_their_moments(string crm)
    {
        var sales = new Sales(api, crm);
        var (project, connection) = await sales.ConnectAsync();
        await sales.Cards.HookAsync(project, connection);
        var deal = await sales.MakeAsync("Вывеска", 10_000);
        await sales.UntilAsync(project, connection, deal, d => Sales.State(d) == "open");

        List<string> course = [sales.Stages[0]];
        foreach (var stage in (string[])[sales.Stages[2], sales.Stages[1], sales.Won, sales.Stages[3], sales.Lost])
        {
            await (stage == sales.Lost ? sales.LoseAsync(deal) : sales.MoveAsync(deal, stage));
            await sales.UntilAsync(project, connection, deal, d => d.GetProperty("deal").GetProperty("stage").GetProperty("id").GetString() == stage);
            course.Add(stage);
        }
        // A refund: part of the amount, then the whole deal is not won any more.
        foreach (var price in (decimal[])[25_000, 20_000])
        {
            await sales.PriceAsync(deal, price);
            await sales.UntilAsync(project, connection, deal, d => d.GetProperty("deal").GetProperty("amount").GetDecimal() == price);
        }
        await sales.PolledAsync(connection);

        var shown = await sales.ShowAsync(project, connection, deal);
        Assert.Equal(course, Sales.Course(shown));
        Assert.All(shown.GetProperty("stages").EnumerateArray(), s => Assert.NotEqual("inferred", s.GetProperty("origin").GetString()));
        Assert.Equal([10_000, 25_000, 20_000], Sales.Amounts(shown));
        Assert.NotNull(shown.GetProperty("deal").GetProperty("lostReason").GetProperty("name").GetString());
        var moments = shown.GetProperty("stages").EnumerateArray().Concat(shown.GetProperty("amounts").EnumerateArray()).Select(s => s.GetProperty("at").GetDateTimeOffset());
        Assert.All(moments, at => Assert.InRange(at, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddSeconds(5)));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task What_no_webhook_told_of_is_made_good_by_a_poll_and_a_deletion_by_the_nightly_comparison(string crm)
    {
        var sales = new Sales(api, crm);
        var deals = new List<string>();
        for (var i = 0; i < 6; i++) deals.Add(await sales.MakeAsync($"Без вебхука {i}", 100));
        var (project, connection) = await sales.ConnectAsync();
        // amoCRM: no right to the log, as with a token of a person with few rights.
        await api.CrmAsync("/_faults", new { crm = "amocrm", kind = "status_before", probability = 1, status = 403, path = "api/v4/events" });
        try
        {
            await sales.MoveAsync(deals[1], sales.Won);
            var late = await sales.MakeAsync("Новая", 500);
            foreach (var i in (int[])[0, 3, 5]) await sales.DeleteAsync(deals[i]);
            await sales.PolledAsync(connection);
            Assert.Equal("won", Sales.State(await sales.ShowAsync(project, connection, deals[1])));
            Assert.Equal(500m, (await sales.ShowAsync(project, connection, late)).GetProperty("deal").GetProperty("amount").GetDecimal());
            Assert.Equal(JsonValueKind.Null, (await sales.ShowAsync(project, connection, deals[3])).GetProperty("deal").GetProperty("deletedAt").ValueKind);
            var progress = await api.ReadAsync(project, $"/v1/connections/{connection}/import");
            Assert.Equal(sales.IsAmocrm ? ["history"] : [], progress.GetProperty("deals").GetProperty("refused").EnumerateArray().Select(r => r.GetString()));

            await sales.SweptAsync(connection);

            for (var i = 0; i < deals.Count; i++)
                Assert.Equal(i is 0 or 3 or 5, (await sales.ShowAsync(project, connection, deals[i])).GetProperty("deal").GetProperty("deletedAt").ValueKind != JsonValueKind.Null);
            Assert.DoesNotContain((await api.ReadAsync(project, $"/v1/deals?limit=500&connectionId={connection}")).GetProperty("items").EnumerateArray(), d => d.GetProperty("remoteId").GetString() == deals[0]);
            Assert.Equal(3, (await api.ReadAsync(project, $"/v1/deals?limit=500&deleted=true&connectionId={connection}")).GetProperty("items").GetArrayLength());
        }
        finally
        {
            await api.HealAsync();
        }
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task A_deal_made_by_hand_joins_the_client_whose_phone_its_contact_has_and_merges_and_their_undoing_are_followed(string crm)
    {
        var sales = new Sales(api, crm);
        var (project, connection) = await sales.ConnectAsync();
        await sales.Cards.HookAsync(project, connection);
        var phone = Cards.NewPhone();
        var lead = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { name = "Иван", phone, page = "https://example.ru/?utm_source=yandex&utm_medium=cpc" }), connections: 1);
        var (client, made) = (lead.GetProperty("clientId").GetGuid(), lead.GetProperty("deliveries")[0]);
        // The deal that the delivery made is the lead's.
        var own = await sales.UntilAsync(project, connection, made.GetProperty("remoteLeadId").GetString()!, d => d.GetProperty("lead").ValueKind == JsonValueKind.Object);
        Assert.Equal((lead.GetProperty("id").GetGuid(), client), (own.GetProperty("lead").GetProperty("id").GetGuid(), own.GetProperty("deal").GetProperty("clientId").GetGuid()));
        Assert.Single((await api.ReadAsync(project, $"/v1/deals?leadId={lead.GetProperty("id").GetGuid()}")).GetProperty("items").EnumerateArray());

        // Half a year later somebody enters a deal at the same contact, and another at a contact of their own with the same phone.
        var byHand = await sales.MakeAsync("Повторный заказ", 70_000, made.GetProperty("remoteContactId").GetString());
        var shown = await sales.UntilAsync(project, connection, byHand, d => d.GetProperty("deal").GetProperty("clientId").ValueKind == JsonValueKind.String);
        Assert.Equal((client, JsonValueKind.Null), (shown.GetProperty("deal").GetProperty("clientId").GetGuid(), shown.GetProperty("lead").ValueKind));
        await sales.MoveAsync(byHand, sales.Won);
        await sales.UntilAsync(project, connection, byHand, d => Sales.State(d) == "won");
        Assert.Equal(70_000m, (await api.ReadAsync(project, $"/v1/clients/{client}")).GetProperty("won")[0].GetProperty("amount").GetDecimal());

        var (otherPhone, other) = (Cards.NewPhone(), Cards.NewPhone());
        var stranger = await sales.MakeAsync("Чужая", 30_000, await sales.Cards.EnterAsync("Пётр", otherPhone, other));
        await sales.MoveAsync(stranger, sales.Won);
        var theirs = (await sales.UntilAsync(project, connection, stranger, d => Sales.State(d) == "won" && d.GetProperty("deal").GetProperty("clientId").ValueKind == JsonValueKind.String)).GetProperty("deal").GetProperty("clientId").GetGuid();
        Assert.NotEqual(client, theirs);
        var merge = (await (await api.PostAsync(project, $"/v1/clients/{client}/merge", new { otherId = theirs })).JsonAsync()).GetProperty("mergeId").GetGuid();
        Assert.Equal(100_000m, (await api.ReadAsync(project, $"/v1/clients/{client}")).GetProperty("won")[0].GetProperty("amount").GetDecimal());
        Assert.Equal(client, (await sales.ShowAsync(project, connection, stranger)).GetProperty("deal").GetProperty("clientId").GetGuid());
        Assert.Equal(3, (await api.ReadAsync(project, $"/v1/deals?clientId={theirs}")).GetProperty("items").GetArrayLength());
        await (await api.PostAsync(project, $"/v1/clients/merges/{merge}/undo")).JsonAsync();
        Assert.Equal(30_000m, (await api.ReadAsync(project, $"/v1/clients/{theirs}")).GetProperty("won")[0].GetProperty("amount").GetDecimal());
    }

    [Fact]
    public async Task A_contact_that_gets_its_phone_later_brings_its_deals_along()
    {
        var sales = new Sales(api, "bitrix24");
        var (project, connection) = await sales.ConnectAsync();
        await sales.Cards.HookAsync(project, connection);
        var contact = await sales.Cards.EnterAsync("Без телефона");
        var deal = await sales.MakeAsync("Заказ", 5_000, contact);
        await sales.UntilAsync(project, connection, deal, d => d.GetProperty("deal").GetProperty("contactId").GetString() == contact && d.GetProperty("client").ValueKind == JsonValueKind.Null);
        var phone = Cards.NewPhone();
        await sales.Cards.GivePhoneAsync(contact, phone);

        var shown = await sales.UntilAsync(project, connection, deal, d => d.GetProperty("client").ValueKind == JsonValueKind.Object);
        Assert.Equal(phone, shown.GetProperty("client").GetProperty("phones")[0].GetString());
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task A_merged_deal_is_gone_and_points_at_the_one_that_took_over_its_lead_or_stood_at_the_same_contact(string crm)
    {
        var sales = new Sales(api, crm);
        var (project, connection) = await sales.ConnectAsync();
        var lead = await api.DeliveredAsync(project, await api.PostLeadAsync(project, new { name = "Иван", phone = Cards.NewPhone() }), connections: 1);
        var (ours, contact) = (lead.GetProperty("deliveries")[0].GetProperty("remoteLeadId").GetString()!, lead.GetProperty("deliveries")[0].GetProperty("remoteContactId").GetString());
        var byHand = await sales.MakeAsync("Его же", 900, contact);
        await sales.PolledAsync(connection);

        await sales.MergeAsync(byHand, ours);
        await sales.PolledAsync(connection);
        await sales.SweptAsync(connection);

        var (gone, stays) = (await sales.ShowAsync(project, connection, ours), await sales.ShowAsync(project, connection, byHand));
        Assert.NotEqual(JsonValueKind.Null, gone.GetProperty("deal").GetProperty("deletedAt").ValueKind);
        Assert.Equal(stays.GetProperty("deal").GetProperty("id").GetGuid(), gone.GetProperty("deal").GetProperty("mergedInto").GetGuid());
        Assert.Equal(lead.GetProperty("id").GetGuid(), stays.GetProperty("deal").GetProperty("leadId").GetGuid());
    }

    [Fact]
    public async Task In_amocrm_a_deletion_has_the_moment_that_the_log_tells_and_a_deal_taken_out_of_the_trash_is_back()
    {
        var sales = new Sales(api, "amocrm");
        var deal = await sales.MakeAsync("Удалённая", 100);
        var (project, connection) = await sales.ConnectAsync();
        await sales.DeleteAsync(deal);
        await sales.PolledAsync(connection);
        var told = await api.ScalarAsync<DateTime>("select told_deleted_at from deals where connection_id = @C and remote_id = @Id", new { C = connection, Id = Sales.Number(deal) });
        Assert.Equal(told, (await sales.ShowAsync(project, connection, deal)).GetProperty("deal").GetProperty("deletedAt").GetDateTimeOffset().UtcDateTime);

        await sales.ActAsync(new { entity = "deal", restore = Sales.Number(deal) });
        await sales.PolledAsync(connection);
        Assert.Equal(JsonValueKind.Null, (await sales.ShowAsync(project, connection, deal)).GetProperty("deal").GetProperty("deletedAt").ValueKind);
    }

    [Fact]
    public async Task A_portal_that_forgets_the_stages_of_a_left_pipeline_does_not_make_the_mirror_forget_them()
    {
        var sales = new Sales(api, "bitrix24");
        var (project, connection) = await sales.ConnectAsync();
        var deal = await sales.MakeAsync("Две воронки", 100);
        await sales.MoveAsync(deal, "EXECUTING");
        await sales.PolledAsync(connection);
        await sales.MoveAsync(deal, "C4:NEW", "4");
        await sales.PolledAsync(connection);

        var shown = await sales.ShowAsync(project, connection, deal);
        Assert.Equal(["NEW", "EXECUTING", "C4:NEW"], Sales.Course(shown));
        Assert.Equal("4", shown.GetProperty("deal").GetProperty("pipeline").GetProperty("id").GetString());
        // Somebody who connects only now sees what the portal still tells.
        var fresh = await sales.ConnectAsync();
        Assert.Equal(["C4:NEW"], Sales.Course(await sales.ShowAsync(fresh.Project, fresh.Connection, deal)));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task A_removed_pipeline_and_a_dismissed_user_keep_their_names_and_an_unknown_user_has_none(string crm)
    {
        var host = $"names.{(crm == "amocrm" ? "amocrm" : "bitrix24")}.ru";
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectAtAsync(project, crm, host);
        var amocrm = crm == "amocrm";
        var deal = (await api.CrmAsync($"/_act/{crm}?account={host}", new
        {
            entity = "deal",
            create = amocrm
            ? (object)new { name = "Старая воронка", pipeline_id = 9200, status_id = 9203, responsible_user_id = 32 } : new { TITLE = "Старая воронка", CATEGORY_ID = 4, STAGE_ID = "C4:EXECUTING", ASSIGNED_BY_ID = 14 }
        })).GetProperty("id").ToString();
        var sales = new Sales(api, crm);
        await sales.ReadAsync(project, connection);

        await api.CrmAsync($"/_account/{crm}?account={host}", amocrm ? new { remove_pipeline = 9200, remove_user = 32 } : new { remove_category = 4, dismiss_user = 14 });
        await api.ExecuteAsync("update deal_readings set directories_at = null where connection_id = @Id", new { Id = connection });
        await sales.PolledAsync(connection);

        var card = (await sales.ShowAsync(project, connection, deal)).GetProperty("deal");
        Assert.Equal("Повторные продажи", card.GetProperty("pipeline").GetProperty("name").GetString());
        Assert.Equal("В работе", card.GetProperty("stage").GetProperty("name").GetString());
        Assert.StartsWith("Борис", card.GetProperty("responsible").GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal((1, 1), (await api.CountAsync("select count(*) from crm_pipelines where connection_id = @Id and removed_at is not null", new { Id = connection }),
            await api.CountAsync("select count(*) from crm_users where connection_id = @Id and (removed_at is not null or (not is_active and id = '14'))", new { Id = connection })));
        await api.ExecuteAsync("update deals set responsible_id = '999' where connection_id = @Id", new { Id = connection });
        card = (await sales.ShowAsync(project, connection, deal)).GetProperty("deal");
        Assert.Equal(("999", JsonValueKind.Null), (card.GetProperty("responsible").GetProperty("id").GetString(), card.GetProperty("responsible").GetProperty("name").ValueKind));
    }

    [Fact]
    public async Task Another_currency_of_the_account_is_that_of_all_its_deals_from_the_day_it_was_seen()
    {
        const string host = "valuta.amocrm.ru";
        var project = await api.CreateProjectAsync();
        var connection = await api.ConnectAtAsync(project, "amocrm", host);
        var deal = (await api.CrmAsync($"/_act/amocrm?account={host}", new { entity = "deal", create = new { name = "Экспорт", price = 1000 } })).GetProperty("id").ToString();
        var sales = new Sales(api, "amocrm");
        await sales.ReadAsync(project, connection);
        await sales.PolledAsync(connection);

        await api.CrmAsync($"/_account/amocrm?account={host}", new { currency = "KZT" });
        await api.ExecuteAsync("update deal_readings set directories_at = null where connection_id = @Id", new { Id = connection });
        await sales.PolledAsync(connection);

        var shown = await sales.ShowAsync(project, connection, deal);
        Assert.Equal("KZT", shown.GetProperty("deal").GetProperty("currency").GetString());
        Assert.Equal(["RUB", "KZT"], shown.GetProperty("amounts").EnumerateArray().Select(a => a.GetProperty("currency").GetString()));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task Tasks_products_and_contacts_stand_at_their_deal_and_no_word_of_what_was_said_is_kept(string crm)
    {
        var sales = new Sales(api, crm);
        var (project, connection) = await sales.ConnectAsync();
        var deal = await sales.MakeAsync("Каталоги", 2_000);
        var id = Sales.Number(deal);
        var yesterday = TimeProvider.System.GetUtcNow().AddDays(-1);
        string task;
        if (sales.IsAmocrm)
        {
            task = (await sales.ActAsync(new { entity = "task", create = new { text = "СЕКРЕТ", complete_till = yesterday.ToUnixTimeSeconds(), entity_id = id, entity_type = "leads" } })).GetProperty("id").ToString();
            await sales.ActAsync(new { entity = "note", create = new { entity_id = id, note_type = "call_in", @params = new { text = "СЕКРЕТ", phone = "+79161234567" } } });
            var product = (await sales.ActAsync(new { entity = "product", create = new { name = "Каталог А4", price = 200 } })).GetProperty("id").GetInt64();
            await sales.ActAsync(new { entity = "deal", id, products = new[] { new { id = product, quantity = 10 } } });
        }
        else
        {
            task = (await sales.ActAsync(new { entity = "activity", create = new { ownerTypeId = 2, ownerId = id, title = "СЕКРЕТ", deadline = yesterday.ToString("O", System.Globalization.CultureInfo.InvariantCulture) } })).GetProperty("id").ToString();
            await sales.ActAsync(new { entity = "activity", create = new { OWNER_TYPE_ID = 2, OWNER_ID = id, TYPE_ID = 2, SUBJECT = "СЕКРЕТ", COMPLETED = "Y", DIRECTION = 1, COMMUNICATIONS = new[] { new { VALUE = "+79161234567" } } } });
            await api.CrmAsync("/bitrix24/rest/1/demo-bitrix-secret/crm.item.productrow.set", new { ownerType = "D", ownerId = id, productRows = new[] { new { productName = "Каталог А4", price = 200, quantity = 10 } } });
            await sales.PriceAsync(deal, 2_001);
        }
        await sales.PolledAsync(connection);

        var shown = await sales.ShowAsync(project, connection, deal);
        var open = Assert.Single(shown.GetProperty("tasks").EnumerateArray());
        Assert.Equal((task, true, false), (open.GetProperty("id").GetString(), open.GetProperty("isOverdue").GetBoolean(), open.GetProperty("isDone").GetBoolean()));
        var touch = Assert.Single(shown.GetProperty("touches").EnumerateArray());
        Assert.Equal(("call", "in"), (touch.GetProperty("kind").GetString(), touch.GetProperty("direction").GetString()));
        var row = Assert.Single(shown.GetProperty("products").EnumerateArray());
        Assert.Equal(("Каталог А4", 200m, 10m), (row.GetProperty("name").GetString(), row.GetProperty("price").GetDecimal(), row.GetProperty("quantity").GetDecimal()));
        foreach (var table in (string[])["crm_tasks", "crm_touches", "deals", "deal_products"])
            Assert.Equal(0, await api.CountAsync($"select count(*) from {table} t where t.project_id = @P and t::text like '%СЕКРЕТ%'", new { P = project.ProjectId }));

        // A task that was removed is told of by nobody: the comparison finds that it is not open any more.
        await sales.ActAsync(sales.IsAmocrm ? new { entity = "task", delete = Sales.Number(task) } : new { entity = "activity", delete = Sales.Number(task) });
        await sales.SweptAsync(connection);
        open = Assert.Single((await sales.ShowAsync(project, connection, deal)).GetProperty("tasks").EnumerateArray());
        Assert.Equal((false, true), (open.GetProperty("isOverdue").GetBoolean(), open.GetProperty("removedAt").ValueKind != JsonValueKind.Null));
    }
}
