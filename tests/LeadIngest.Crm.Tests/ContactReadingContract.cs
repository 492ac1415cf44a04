using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Tests;

/// <summary>What an import relies on, whichever CRM stands behind the port.</summary>
public abstract class ContactReadingContract : IAsyncLifetime
{
    private static readonly SocketsHttpHandler Handler = CrmAccounts.CreateHandler();

    private readonly Guard _guard = new();
    private EmulatedCrm _crm = null!;
    private ICrmAccount _account = null!;

    private protected abstract string Kind { get; }

    /// <summary>The most requests that so many people's cards may cost.</summary>
    private protected abstract int RequestsFor(int cards);

    private IContactReader Reader => _account.Contacts!;

    public async Task InitializeAsync()
    {
        _crm = await EmulatedCrm.StartAsync(Kind);
        var connection = Kind == "amocrm"
            ? new CrmConnection { Kind = Kind, BaseAddress = new Uri(_crm.Address, "amocrm"), Token = "demo-amocrm-token" }
            : new CrmConnection { Kind = Kind, BaseAddress = new Uri(_crm.Address, "bitrix24/rest/1/demo-bitrix-secret/") };
        _account = CrmAccounts.Create(connection, new CrmTimings { RequestsPerSecond = 1000, BreakerPause = TimeSpan.FromMilliseconds(1), ReadTimeout = TimeSpan.FromSeconds(5) }, new RequestBudgets(TimeProvider.System), Handler, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _account.DisposeAsync();
        await _crm.DisposeAsync();
    }

    [Fact]
    public async Task All_people_and_firms_are_read_once_with_their_phones_in_few_requests()
    {
        await _crm.PostAsync($"_seed/{Kind}", new { contacts = 2620, companies = 70, first_phone = 79030000000 });
        var before = await _crm.CallsAsync();

        var people = await AllAsync(ContactKind.Contact);
        var asked = await _crm.CallsAsync() - before;
        var firms = await AllAsync(ContactKind.Company);

        Assert.Equal(2620, people.Select(p => p.Key).Distinct().Count());
        Assert.Equal(2620, people.Count);
        Assert.Equal(Enumerable.Range(0, 2620).Select(i => $"+{79030000000 + i}").ToHashSet(), people.SelectMany(p => p.Phones).ToHashSet());
        Assert.All(people, p => Assert.True(p is { Name.Length: > 0, Emails.Count: 1, UpdatedAt: not null, Key.Kind: ContactKind.Contact }));
        Assert.Equal(70, firms.Select(f => f.Key).Distinct().Count());
        Assert.All(firms, f => Assert.True(f is { Name.Length: > 0, Phones.Count: 1, Key.Kind: ContactKind.Company }));
        Assert.InRange(asked, 1, RequestsFor(2620));
    }

    [Fact]
    public async Task An_empty_account_is_one_empty_page()
    {
        var page = Assert.IsType<ContactsRead.Page>(await Reader.ReadAsync(new ContactQuery(ContactKind.Contact), _guard, default));
        Assert.Empty(page.Contacts);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task Gaps_in_the_ids_hide_nobody()
    {
        await _crm.PostAsync($"_seed/{Kind}", new { contacts = 400 });
        var all = await AllAsync(ContactKind.Contact);
        var gone = all.OrderBy(c => long.Parse(c.Key.Id, System.Globalization.CultureInfo.InvariantCulture)).Skip(30).Take(340).Select(c => c.Key).ToHashSet();
        foreach (var key in gone) await _crm.RemoveAsync("contact", key.Id);

        Assert.Equal(all.Select(c => c.Key).Where(k => !gone.Contains(k)).ToHashSet(), (await AllAsync(ContactKind.Contact)).Select(c => c.Key).ToHashSet());
    }

    [Fact]
    public async Task Only_what_changed_since_is_read_and_without_walking_through_the_rest()
    {
        await _crm.PostAsync($"_seed/{Kind}", new { contacts = 2000 });
        var some = (await AllAsync(ContactKind.Contact)).Where((_, i) => i % 900 == 0).Select(c => c.Key).ToHashSet();
        await _crm.PostAsync("_clock", new { seconds = 3600 });
        foreach (var key in some) await RenameAsync(key, "Новое имя");
        var before = await _crm.CallsAsync();

        var changed = await AllAsync(ContactKind.Contact, TimeProvider.System.GetUtcNow().AddMinutes(30));

        Assert.Equal(some, changed.Select(c => c.Key).ToHashSet());
        Assert.All(changed, c => Assert.Equal("Новое имя", c.Name));
        Assert.Equal(1, await _crm.CallsAsync() - before);
    }

    [Fact]
    public async Task Cards_are_found_by_id_even_while_lists_lag_and_those_removed_are_gone()
    {
        await _crm.PostAsync($"_seed/{Kind}", new { contacts = 3, companies = 1 });
        var people = await AllAsync(ContactKind.Contact);
        var firm = Assert.Single(await AllAsync(ContactKind.Company));
        await _crm.RemoveAsync("contact", people[0].Key.Id);
        await _crm.FailAsync("search_lag", ms: 60_000);

        var page = Assert.IsType<ContactsRead.Page>(await Reader.GetAsync([.. people.Select(p => p.Key), firm.Key], _guard, default));

        Assert.Equal([people[1].Key, people[2].Key, firm.Key], page.Contacts.Select(c => c.Key));
        Assert.Equal([people[0].Key], page.Gone);
    }

    [Fact]
    public async Task Trouble_is_told_apart_and_never_thrown()
    {
        await _crm.FailAsync("status_before", status: 500);
        Assert.IsType<ContactsRead.Failed>(await Reader.ReadAsync(new ContactQuery(ContactKind.Contact), _guard, default));
        await HealAsync();
        await _crm.FailAsync("html", status: 502);
        Assert.IsType<ContactsRead.Failed>(await Reader.GetAsync([new ContactKey(ContactKind.Contact, "1")], _guard, default));
        await HealAsync();
        await _crm.PostAsync($"_account/{Kind}", new { paid = false });
        Assert.IsType<ContactsRead.AccountBlocked>(await Reader.ReadAsync(new ContactQuery(ContactKind.Contact), _guard, default));
        await _crm.PostAsync($"_account/{Kind}", new { paid = true });
        await _crm.FailAsync("expire_tokens");
        Assert.IsType<ContactsRead.CredentialsRefused>(await Reader.ReadAsync(new ContactQuery(ContactKind.Contact), _guard, default));
        var lost = Assert.IsType<ContactsRead.Failed>(await Reader.ReadAsync(new ContactQuery(ContactKind.Contact), new Guard(mayCall: false), default));
        Assert.Equal("lease lost", lost.Why);
    }

    [Fact]
    public async Task The_log_names_what_lists_do_not_show_or_there_is_none()
    {
        await _crm.PostAsync($"_seed/{Kind}", new { contacts = 250, companies = 3 });
        var (people, firms) = (await AllAsync(ContactKind.Contact), await AllAsync(ContactKind.Company));
        await _crm.RemoveAsync("contact", people[9].Key.Id);
        await _crm.PostAsync("_clock", new { seconds = 7200 });
        var since = TimeProvider.System.GetUtcNow().AddHours(1);
        // More than a page of the log.
        foreach (var card in people.Skip(10).Take(150)) await _crm.RemoveAsync("contact", card.Key.Id);
        await _crm.RemoveAsync("company", firms[1].Key.Id);
        if (Kind != "amocrm")
        {
            Assert.IsType<ContactsRead.Refused>(await Reader.ReadLogAsync(since, null, _guard, default));
            return;
        }
        await _crm.ActAsync(new { entity = "contact", restore = Number(people[12].Key) });
        await _crm.ActAsync(new { entity = "contact", merge = new[] { Number(people[0].Key), Number(people[1].Key) } });

        var (gone, told) = (new List<ContactKey>(), new List<ContactKey>());
        for (string? cursor = null; ;)
        {
            var page = Assert.IsType<ContactsRead.Page>(await Reader.ReadLogAsync(since, cursor, _guard, default));
            gone.AddRange(page.Gone);
            told.AddRange(page.Told);
            if ((cursor = page.Next) is null) break;
        }

        Assert.Equal(people.Skip(10).Take(150).Select(p => p.Key).Append(firms[1].Key).ToHashSet(), gone.ToHashSet());
        Assert.Equal(new HashSet<ContactKey> { people[12].Key, people[0].Key }, told.ToHashSet());
        await _crm.PostAsync("_account/amocrm", new { blocked = true });
        Assert.IsType<ContactsRead.AccountBlocked>(await Reader.ReadLogAsync(since, null, _guard, default));
    }

    private static long Number(ContactKey key) => long.Parse(key.Id, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The trouble is over, and the breaker that it may have opened is closed again.</summary>
    private async Task HealAsync()
    {
        await _crm.HealAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await Reader.ReadAsync(new ContactQuery(ContactKind.Contact), _guard, default) is not ContactsRead.Page) await Task.Delay(50, limit.Token);
    }

    private async Task<List<RemoteContact>> AllAsync(ContactKind kind, DateTimeOffset? since = null)
    {
        var all = new List<RemoteContact>();
        for (string? cursor = null; ;)
        {
            var page = Assert.IsType<ContactsRead.Page>(await Reader.ReadAsync(new ContactQuery(kind, since, cursor), _guard, default));
            all.AddRange(page.Contacts);
            if ((cursor = page.Next) is null) return all;
        }
    }

    private async Task RenameAsync(ContactKey key, string name)
    {
        var id = long.Parse(key.Id, System.Globalization.CultureInfo.InvariantCulture);
        await _crm.ActAsync(Kind == "amocrm"
            ? new { entity = "contact", id, set = (object)new Dictionary<string, string> { ["name"] = name } }
            : new { entity = "contact", id, set = (object)new Dictionary<string, string> { ["NAME"] = name } });
    }
}

public sealed class AmocrmContactReading : ContactReadingContract
{
    private protected override string Kind => "amocrm";

    private protected override int RequestsFor(int cards) => (cards / 250) + 1;
}

public sealed class Bitrix24ContactReading : ContactReadingContract
{
    private protected override string Kind => "bitrix24";

    // A thousand a request.
    private protected override int RequestsFor(int cards) => (cards / 1000) + 1;
}

public sealed class BackgroundBudgetTests
{
    [Fact]
    public void Reading_takes_half_of_a_burst_and_leads_still_go_out_at_once()
    {
        var bucket = new LeakyBucket(drain: 1.8, threshold: 45, new StandingClock());
        var taken = 0;
        while (bucket.TryTake(TimeSpan.Zero, out _, isBackground: true)) taken++;

        Assert.Equal(22, taken);
        for (var i = 0; i < 23; i++) Assert.True(bucket.TryTake(TimeSpan.Zero, out _));
        Assert.False(bucket.TryTake(TimeSpan.Zero, out _));
    }

    [Fact]
    public void An_even_pace_is_shared_turn_by_turn()
    {
        var bucket = new LeakyBucket(drain: 5, threshold: 1, new StandingClock());

        Assert.True(bucket.TryTake(TimeSpan.Zero, out _, isBackground: true));
        Assert.True(bucket.TryTake(TimeSpan.FromSeconds(1), out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(200), wait);
    }
}
