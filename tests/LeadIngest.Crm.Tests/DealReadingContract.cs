using System.Globalization;
using System.Text.Json.Nodes;

namespace LeadIngest.Crm.Tests;

/// <summary>What the mirror of deals relies on, whichever CRM stands behind the port.</summary>
public abstract class DealReadingContract : IAsyncLifetime
{
    private static readonly SocketsHttpHandler Handler = CrmAccounts.CreateHandler();

    private readonly Guard _guard = new();
    private EmulatedCrm _crm = null!;
    private ICrmAccount _account = null!;

    private protected abstract string Kind { get; }

    /// <summary>The most requests that so many cards, and their history, may cost.</summary>
    private protected abstract (int Cards, int History) RequestsFor(int deals, int changes);

    private IDealReader Reader => _account.Deals!;

    private bool IsAmocrm => Kind == "amocrm";

    public async Task InitializeAsync()
    {
        _crm = await EmulatedCrm.StartAsync(Kind);
        _account = Account(new ConnectionSettings());
    }

    public async Task DisposeAsync()
    {
        await _account.DisposeAsync();
        await _crm.DisposeAsync();
    }

    [Fact]
    public async Task All_deals_and_their_history_are_read_in_few_requests()
    {
        await _crm.PostAsync($"_seed/{Kind}", new { contacts = 900, deals = 1500, closed = 1 });
        await ReadAllAsync(DealPart.Directories);
        var before = await _crm.CallsAsync();
        var deals = (await ReadAllAsync(DealPart.Deals)).SelectMany(p => p.Deals).ToList();
        var askedForCards = await _crm.CallsAsync() - before;
        var pages = await ReadAllAsync(DealPart.History);
        var askedForHistory = await _crm.CallsAsync() - before - askedForCards;
        var moves = pages.SelectMany(p => p.Moves).ToLookup(m => m.Deal);

        Assert.Equal((1500, 1500), (deals.Count, deals.Select(d => d.Key).Distinct().Count()));
        Assert.Equal((500, 500, 500), (deals.Count(d => d.State == "open"), deals.Count(d => d.State == "won"), deals.Count(d => d.State == "lost")));
        Assert.Equal(900, deals.SelectMany(d => d.ContactIds).Distinct().Count());
        Assert.All(deals, d =>
        {
            Assert.True(d is { Name.Length: > 0, Currency: "RUB", PipelineId: not null, ResponsibleId: not null, CreatedAt: not null, UpdatedAt: not null, Amount: >= 1000 });
            Assert.Equal(d.State != "open", d.ClosedAt is not null);
            Assert.Equal(d.State == "lost", d.LostReasonId is not null);
            var course = moves[d.Key].OrderBy(m => m.At).ThenBy(m => m.Order, StringComparer.Ordinal).ToList();
            Assert.Equal((IsAmocrm ? 1 : 2) + (d.State == "open" ? 0 : 1), course.Count);
            Assert.Equal((d.PipelineId, d.StageId), (course[^1].To.PipelineId, course[^1].To.StageId));
            Assert.Equal(!IsAmocrm, course[0].IsCreation);
            Assert.Equal(IsAmocrm, course[0].From is not null && course[0].By is not null);
        });
        // Bitrix24 keeps no history of amounts.
        Assert.Equal(IsAmocrm ? 1500 : 0, pages.SelectMany(p => p.Prices).Count(p => p.From == 0 && p.To >= 1000));
        var (cards, history) = RequestsFor(1500, 4000);
        Assert.InRange(askedForCards, 1, cards);
        Assert.InRange(askedForHistory, 1, history);
    }

    [Fact]
    public async Task An_empty_account_is_one_empty_page_of_each_part()
    {
        foreach (var part in Reader.Parts.Where(p => p != DealPart.Directories))
        {
            var page = Assert.IsType<DealsRead.Page>(await Reader.ReadAsync(new DealQuery(part), _guard, default));
            Assert.Null(page.Next);
            Assert.Empty(page.Deals);
        }
    }

    [Fact]
    public async Task Only_what_changed_since_is_read()
    {
        await _crm.PostAsync($"_seed/{Kind}", new { deals = 1200 });
        var some = (await ReadAllAsync(DealPart.Deals)).SelectMany(p => p.Deals).Where((_, i) => i % 500 == 0).ToList();
        await _crm.PostAsync("_clock", new { seconds = 7200 });
        foreach (var deal in some) await SetAsync(deal.Key, IsAmocrm ? new { status_id = 9103, price = 700 } : new { STAGE_ID = "EXECUTING", OPPORTUNITY = 700 });
        var since = TimeProvider.System.GetUtcNow().AddHours(1);
        var before = await _crm.CallsAsync();

        var changed = (await ReadAllAsync(DealPart.Deals, since)).SelectMany(p => p.Deals).ToList();
        var history = (await ReadAllAsync(DealPart.History, since)).ToList();

        Assert.Equal(2, await _crm.CallsAsync() - before);
        Assert.Equal(some.Select(d => d.Key).ToHashSet(), changed.Select(d => d.Key).ToHashSet());
        Assert.All(changed, d => Assert.Equal((700m, IsAmocrm ? "9103" : "EXECUTING"), (d.Amount, d.StageId)));
        Assert.Equal(some.Select(d => d.Key).ToHashSet(), history.SelectMany(p => p.Moves).Select(m => m.Deal).ToHashSet());
        if (IsAmocrm) Assert.All(history.SelectMany(p => p.Prices), p => Assert.Equal((0m, 700m), (p.From, p.To)));
    }

    [Fact]
    public async Task Deals_are_found_by_id_and_those_removed_or_merged_are_gone()
    {
        var contact = Id(await _crm.ActAsync(new { entity = "contact", create = IsAmocrm ? (object)new { name = "Анна" } : new { NAME = "Анна" } }));
        var second = Id(await _crm.ActAsync(new { entity = "contact", create = IsAmocrm ? (object)new { name = "Борис" } : new { NAME = "Борис" } }));
        var keys = new List<DealKey>();
        for (var i = 0; i < 4; i++)
            keys.Add(new(DealKind.Deal, Id(await _crm.ActAsync(new
            {
                entity = "deal",
                create = IsAmocrm
                ? (object)new { name = "Сделка", _embedded = new { contacts = new[] { new { id = Number(second), is_main = false }, new { id = Number(contact), is_main = true } } } }
                : new { TITLE = "Сделка", CONTACT_IDS = new[] { Number(contact), Number(second) } }
            }))));
        await _crm.RemoveAsync("deal", keys[0].Id);
        await _crm.ActAsync(new { entity = "deal", merge = new[] { Number(keys[2].Id), Number(keys[1].Id) } });

        var page = Assert.IsType<DealsRead.Page>(await Reader.GetAsync(keys, _guard, default));

        Assert.Equal([keys[2], keys[3]], page.Deals.Select(d => d.Key));
        Assert.Equal([keys[0], keys[1]], page.Gone);
        Assert.All(page.Deals, d => Assert.Equal(contact, d.ContactIds[0]));
        if (!IsAmocrm) return;
        var told = (await ReadAllAsync(DealPart.History)).SelectMany(p => p.Told).Select(t => (t.Deal, t.What)).ToHashSet();
        Assert.Equal(new HashSet<(DealKey, string)> { (keys[0], "deleted"), (keys[2], "merged") }, told);
    }

    [Fact]
    public async Task Tasks_and_contacts_with_the_client_come_without_what_was_said()
    {
        var deal = Id(await _crm.ActAsync(new { entity = "deal", create = IsAmocrm ? (object)new { name = "Сделка" } : new { TITLE = "Сделка" } }));
        var due = TimeProvider.System.GetUtcNow().AddDays(-1);
        var open = Id(await _crm.ActAsync(IsAmocrm
            ? new { entity = "task", create = (object)new { text = "СЕКРЕТ", complete_till = due.ToUnixTimeSeconds(), entity_id = Number(deal), entity_type = "leads", responsible_user_id = 32 } }
            : new { entity = "activity", create = (object)new { ownerTypeId = 2, ownerId = Number(deal), title = "СЕКРЕТ", deadline = due.ToString("O", CultureInfo.InvariantCulture), responsibleId = 14 } }));
        var done = Id(await _crm.ActAsync(IsAmocrm
            ? new { entity = "task", create = (object)new { text = "СЕКРЕТ", complete_till = due.ToUnixTimeSeconds(), entity_id = Number(deal), entity_type = "leads" } }
            : new { entity = "activity", create = (object)new { ownerTypeId = 2, ownerId = Number(deal), title = "СЕКРЕТ", deadline = due.ToString("O", CultureInfo.InvariantCulture) } }));
        await _crm.ActAsync(IsAmocrm ? new { entity = "task", id = Number(done), set = (object)new { is_completed = true } } : new { entity = "activity", id = Number(done), set = (object)new { COMPLETED = "Y" } });
        if (IsAmocrm)
        {
            await _crm.ActAsync(new { entity = "note", create = new { entity_id = Number(deal), note_type = "call_out", @params = new { uniq = "1", phone = "+79161234567" }, created_by = 32 } });
            await _crm.ActAsync(new { entity = "chat", create = new { entity_id = Number(deal), direction = "in" } });
        }
        else
        {
            await _crm.ActAsync(new
            {
                entity = "activity",
                create = new
                {
                    OWNER_TYPE_ID = 2,
                    OWNER_ID = Number(deal),
                    TYPE_ID = 2,
                    SUBJECT = "СЕКРЕТ",
                    COMPLETED = "Y",
                    DIRECTION = 2,
                    RESPONSIBLE_ID = 14,
                    COMMUNICATIONS = new[] { new { VALUE = "+79161234567" } },
                    START_TIME = due.ToString("O", CultureInfo.InvariantCulture)
                }
            });
            await _crm.ActAsync(new
            {
                entity = "activity",
                create = new
                {
                    OWNER_TYPE_ID = 2,
                    OWNER_ID = Number(deal),
                    TYPE_ID = 2,
                    SUBJECT = "Запланирован",
                    COMPLETED = "N",
                    DIRECTION = 2,
                    COMMUNICATIONS = new[] { new { VALUE = "+79161234567" } },
                    END_TIME = due.ToString("O", CultureInfo.InvariantCulture)
                }
            });
        }

        var tasks = (await ReadAllAsync(DealPart.Tasks)).ToList();
        var touches = tasks.Concat(IsAmocrm ? await ReadAllAsync(DealPart.History) : []).SelectMany(p => p.Touches).ToList();

        var all = tasks.SelectMany(p => p.Tasks).ToDictionary(t => t.Id);
        Assert.Equal(IsAmocrm ? 2 : 3, all.Count);
        Assert.Equal((false, IsAmocrm ? "32" : "14", new RemoteOwner("deal", deal)), (all[open].IsDone, all[open].ResponsibleId, all[open].Owner!.Value));
        Assert.Equal(due.ToUnixTimeSeconds(), all[open].DueAt!.Value.ToUnixTimeSeconds());
        Assert.True(all[done] is { IsDone: true, DoneAt: not null });
        var call = Assert.Single(touches, t => t.Kind == "call");
        Assert.Equal(("out", IsAmocrm ? "32" : "14", new RemoteOwner("deal", deal)), (call.Direction, call.By, call.Owner));
        if (IsAmocrm) Assert.Equal("in", Assert.Single(touches, t => t.Kind == "message").Direction);
        var openOnly = Assert.IsType<DealsRead.Page>(await Reader.ReadAsync(new DealQuery(DealPart.Tasks) { OpenOnly = true }, _guard, default));
        Assert.DoesNotContain(openOnly.Tasks, t => t.IsDone);
        Assert.Contains(openOnly.Tasks, t => t.Id == open);
    }

    [Fact]
    public async Task Pipelines_stages_people_and_reasons_come_with_their_meaning()
    {
        var read = Assert.IsType<DealsRead.Page>(await Reader.ReadAsync(new DealQuery(DealPart.Directories), _guard, default)).Directories!;

        var main = read.Pipelines!.First(p => p.Kind == DealKind.Deal);
        Assert.Equal(2, read.Pipelines!.Count(p => p.Kind == DealKind.Deal));
        Assert.Equal(main.Stages.OrderBy(s => s.Sort).Select(s => s.Id), main.Stages.Select(s => s.Id));
        Assert.Equal((1, true), (main.Stages.Count(s => s.State == "won"), main.Stages.Any(s => s.State == "lost")));
        Assert.Equal(!IsAmocrm, read.Pipelines!.Any(p => p.Kind == DealKind.Lead));
        Assert.Contains(read.Users!, u => u.Name == "Борис Менеджер" && u.IsActive);
        Assert.NotEmpty(read.LostReasons!);
        Assert.Equal(IsAmocrm ? "RUB" : null, read.Currency);
    }

    [Fact]
    public async Task Products_come_with_names_prices_and_quantities()
    {
        var deal = new DealKey(DealKind.Deal, Id(await _crm.ActAsync(new { entity = "deal", create = IsAmocrm ? (object)new { name = "Сделка" } : new { TITLE = "Сделка" } })));
        IReadOnlyList<RemoteProduct> products;
        if (IsAmocrm)
        {
            var first = Id(await _crm.ActAsync(new { entity = "product", create = new { name = "Каталог А4", price = 120.5 } }));
            await _crm.ActAsync(new { entity = "deal", id = Number(deal.Id), products = new[] { new { id = Number(first), quantity = 2.5 } } });
            products = Assert.IsType<DealsRead.Page>(await Reader.GetAsync([deal], _guard, default)).Deals[0].Products!;
            Assert.True(Reader.CardsHaveProducts);
        }
        else
        {
            await _crm.PostAsync("bitrix24/rest/1/demo-bitrix-secret/crm.item.productrow.set", new { ownerType = "D", ownerId = Number(deal.Id), productRows = new[] { new { productName = "Каталог А4", price = 120.5, quantity = 2.5 } } });
            var page = Assert.IsType<DealsRead.Page>(await Reader.ReadProductsAsync([deal], _guard, default));
            products = page.Products[deal];
        }
        var product = Assert.Single(products);
        Assert.Equal(("Каталог А4", 120.5m, 2.5m), (product.Name, product.Price!.Value, product.Quantity));
    }

    [Fact]
    public async Task Deals_of_a_month_are_counted_or_it_is_said_that_they_are_not()
    {
        await _crm.PostAsync($"_seed/{Kind}", new { deals = 130 });
        var now = TimeProvider.System.GetUtcNow();
        Period[] periods = [new(now.AddDays(-60), now.AddDays(-30)), new(now.AddDays(-1), now.AddDays(1))];

        var read = await Reader.CountAsync(DealKind.Deal, periods, _guard, default);

        if (IsAmocrm) Assert.IsType<DealsRead.Refused>(read);
        else Assert.Equal([0, 130], Assert.IsType<DealsRead.Page>(read).Counts);
    }

    [Fact]
    public async Task Trouble_is_told_apart_and_never_thrown()
    {
        await _crm.FailAsync("status_before", status: 500);
        Assert.IsType<DealsRead.Failed>(await Reader.ReadAsync(new DealQuery(DealPart.Deals), _guard, default));
        await WellAgainAsync();
        await _crm.FailAsync("truncated");
        Assert.IsType<DealsRead.Failed>(await Reader.GetAsync([new DealKey(DealKind.Deal, "1")], _guard, default));
        await WellAgainAsync();
        await _crm.PostAsync($"_account/{Kind}", new { paid = false });
        Assert.IsType<DealsRead.AccountBlocked>(await Reader.ReadAsync(new DealQuery(DealPart.History), _guard, default));
        await _crm.PostAsync($"_account/{Kind}", new { paid = true });
        await WellAgainAsync();
        await _crm.FailAsync("expire_tokens");
        Assert.IsType<DealsRead.CredentialsRefused>(await Reader.ReadAsync(new DealQuery(DealPart.Deals), _guard, default));
        Assert.Equal("lease lost", Assert.IsType<DealsRead.Failed>(await Reader.ReadAsync(new DealQuery(DealPart.Deals), new Guard(mayCall: false), default)).Why);
    }

    /// <summary>The trouble is over, and the breaker that it opened is closed.</summary>
    private async Task WellAgainAsync()
    {
        await _crm.HealAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await Reader.ReadAsync(new DealQuery(DealPart.Tasks), _guard, limit.Token) is not DealsRead.Page) await Task.Delay(20, limit.Token);
    }

    private protected ICrmAccount Account(ConnectionSettings settings) => CrmAccounts.Create(
        IsAmocrm
            ? new CrmConnection { Kind = Kind, BaseAddress = new Uri(_crm.Address, "amocrm"), Token = "demo-amocrm-token", Settings = settings }
            : new CrmConnection { Kind = Kind, BaseAddress = new Uri(_crm.Address, "bitrix24/rest/1/demo-bitrix-secret/"), Settings = settings },
        new CrmTimings { RequestsPerSecond = 1000, BreakerPause = TimeSpan.FromMilliseconds(1), ReadTimeout = TimeSpan.FromSeconds(5) }, new RequestBudgets(TimeProvider.System), Handler, TimeProvider.System);

    private protected EmulatedCrm Crm => _crm;

    private protected Guard Always => _guard;

    private protected static string Id(JsonNode done) => done["id"]!.ToString();

    private protected static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);

    private async Task<List<DealsRead.Page>> ReadAllAsync(DealPart part, DateTimeOffset? since = null)
    {
        var all = new List<DealsRead.Page>();
        for (string? cursor = null; ;)
        {
            var page = Assert.IsType<DealsRead.Page>(await Reader.ReadAsync(new DealQuery(part, since, cursor), _guard, default));
            all.Add(page);
            if ((cursor = page.Next) is null) return all;
        }
    }

    private Task<JsonNode> SetAsync(DealKey key, object set) => _crm.ActAsync(new { entity = "deal", id = Number(key.Id), set });
}

public sealed class AmocrmDealReading : DealReadingContract
{
    private protected override string Kind => "amocrm";

    private protected override (int Cards, int History) RequestsFor(int deals, int changes) => ((deals / 250) + 1, (changes / 100) + 1);
}

public sealed class Bitrix24DealReading : DealReadingContract
{
    private protected override string Kind => "bitrix24";

    // A thousand a request.
    private protected override (int Cards, int History) RequestsFor(int deals, int changes) => ((deals / 1000) + 1, (changes / 1000) + 1);

    [Fact]
    public async Task The_reason_of_a_loss_is_the_lost_stage_or_a_field_that_the_business_has_made_for_it()
    {
        await Crm.PostAsync("bitrix24/rest/1/demo-bitrix-secret/crm.deal.userfield.add", new { fields = new { FIELD_NAME = "LOST_REASON", USER_TYPE_ID = "enumeration", LIST = new[] { new { VALUE = "Дорого" }, new { VALUE = "Долго" } } } });
        await using var account = Account(new ConnectionSettings { LostReasonField = "UF_CRM_LOST_REASON" });
        var reasons = Assert.IsType<DealsRead.Page>(await account.Deals!.ReadAsync(new DealQuery(DealPart.Directories), Always, default)).Directories!.LostReasons!;
        Assert.Equal(["Дорого", "Долго"], reasons.Select(r => r.Name));
        var id = Id(await Crm.ActAsync(new { entity = "deal", create = new { TITLE = "Сделка", STAGE_ID = "LOSE", UF_CRM_LOST_REASON = reasons[1].Id } }));

        var byField = Assert.IsType<DealsRead.Page>(await account.Deals!.GetAsync([new(DealKind.Deal, id)], Always, default)).Deals[0];
        await using var plain = Account(new ConnectionSettings());
        var byStage = Assert.IsType<DealsRead.Page>(await plain.Deals!.GetAsync([new(DealKind.Deal, id)], Always, default)).Deals[0];

        Assert.Equal((reasons[1].Id, "LOSE"), (byField.LostReasonId, byStage.LostReasonId));
    }
}
