using LeadIngest.Crm;

namespace LeadIngest.Api.Tests.Delivery;

/// <summary>Reading never stands between a lead and the CRM.</summary>
public sealed class ReadingTurnTests : IAsyncLifetime
{
    private DeliveryFixture _f = null!;

    public async Task InitializeAsync() => _f = await DeliveryFixture.CreateAsync();

    public async Task DisposeAsync() => await _f.DisposeAsync();

    /// <param name="level">Requests that have not drained yet: the next page has its turn in a second, or in thirteen.</param>
    [Theory]
    [InlineData(24)]
    [InlineData(46)]
    public async Task A_page_is_not_asked_for_before_the_limit_has_room_for_it_and_leads_go_out_meanwhile(double level)
    {
        var reader = new CountingReader();
        _f.Crm.Reader = reader;
        _f.Crm.Health = Used(level);
        var connection = await _f.ConnectionAsync("bitrix24", "bitrix24/okna.bitrix24.ru");
        await _f.ExecuteAsync("insert into crm_imports (project_id, connection_id, hook_secret) values (@Project, @Connection, '')", new { _f.Project, Connection = connection });
        await _f.StartAsync();

        for (var i = 0; i < 3; i++) await _f.StateAsync((await _f.LeadAsync(connection)).Delivery, "delivered");
        Assert.Equal(0, reader.Asked);

        _f.Crm.Health = Used(0);
        await _f.UntilAsync(async () => await _f.SingleAsync<string>("select state from crm_imports") == "done");
        Assert.Equal(2, reader.Asked);
    }

    private static AccountHealth Used(double level) => new(false, null) { Rate = new RateUse(level, PerSecond: 1.8, Burst: 45, 0, 0) };

    /// <summary>An account without anybody in it.</summary>
    private sealed class CountingReader : IContactReader
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public Task<ContactsRead> ReadAsync(ContactQuery query, ICallGuard guard, CancellationToken ct)
        {
            Interlocked.Increment(ref _asked);
            return Task.FromResult<ContactsRead>(new ContactsRead.Page([], null));
        }

        public Task<ContactsRead> GetAsync(IReadOnlyList<ContactKey> keys, ICallGuard guard, CancellationToken ct) => Task.FromResult<ContactsRead>(new ContactsRead.Page([], null) { Gone = keys });

        public Task<ContactsRead> ReadLogAsync(DateTimeOffset since, string? cursor, ICallGuard guard, CancellationToken ct) => Task.FromResult<ContactsRead>(new ContactsRead.Page([], null));

        public Task<HookSubscription> SubscribeAsync(Uri address, ICallGuard guard, CancellationToken ct) => Task.FromResult(new HookSubscription("on"));
    }
}
