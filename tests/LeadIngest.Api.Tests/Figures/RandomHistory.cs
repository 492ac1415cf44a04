using LeadIngest.Api.Tests.Reports.Team;

namespace LeadIngest.Api.Tests.Figures;

/// <summary>Changes a project in one random way after another: whatever may come from senders, CRMs, cabinets and people.</summary>
internal sealed class RandomHistory(ApiFixture api, TestProject project, int seed)
{
    private static readonly (string Channel, string? Source, string? Medium, string? Campaign)[] Origins =
    [
        ("paid_search", "Яндекс.Директ", "cpc", "1001"), ("paid_search", "Яндекс.Директ", "cpc", "brand"), ("paid_social", "VK Реклама", "cpc", "2002"), ("organic_search", "Яндекс", "organic", null),
        ("direct", "Прямые заходы", null, null), ("referral", "otzovik.ru", "referral", null), ("display", "РСЯ", "cpm", null), ("unknown", null, null, null),
    ];

    private readonly Random _random = new(seed);
    private readonly List<Guid> _clients = [], _visitors = [], _leads = [], _deals = [], _merges = [], _spend = [], _calls = [];
    private Guid _connection;
    private long _remote;

    public DateTimeOffset From { get; } = new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task BeginAsync()
    {
        _connection = await api.ConnectionAsync(project);
        await api.StagesAsync(project, _connection);
        for (var i = 0; i < 5; i++) await NewClientAsync();
    }

    public async Task StepAsync()
    {
        switch (_random.Next(22))
        {
            case 0: await NewClientAsync(); break;
            case 1 or 2 or 3: await LeadAsync(); break;
            case 4 or 5: await VisitAsync(); break;
            case 6 or 7 or 8: await DealAsync(); break;
            case 9: await WithDealAsync(d => MoveAsync(d, "142", "won")); break;
            case 10: await WithDealAsync(d => MoveAsync(d, _random.Next(2) == 0 ? "143" : "1", null)); break;
            case 11: await WithDealAsync(RepriceAsync); break;
            case 12: await WithDealAsync(d => ExecuteAsync("update deals set deleted_at = case when deleted_at is null then clock_timestamp() end where project_id = @P and id = @Id", d)); break;
            case 13: await WithDealAsync(d => ExecuteAsync("update deals set client_id = @Client where project_id = @P and id = @Id", d)); break;
            case 14: await MergeAsync(); break;
            case 15: await UndoAsync(); break;
            case 16 or 17: await SpendAsync(); break;
            case 18: await StatusAsync(); break;
            case 19: await CallAsync(); break;
            case 20: await OutcomeAsync(); break;
            default: await SettingsAsync(); break;
        }
    }

    private async Task NewClientAsync()
    {
        var client = await api.ClientAsync(project);
        var visitor = Guid.CreateVersion7();
        await api.IdentityAsync(project, client, "visitor", visitor.ToString());
        _clients.Add(client);
        _visitors.Add(visitor);
    }

    private async Task LeadAsync()
    {
        var origin = Pick(Origins);
        _leads.Add(await api.TouchAsync(project, _random.Next(10) == 0 ? null : Pick(_clients), When(), origin.Channel, origin.Source, origin.Medium, origin.Campaign, keyword: _random.Next(3) == 0 ? "цена" : null,
            status: _random.Next(8) switch { 0 => "spam", 1 => "duplicate", 2 => "repeat", _ => "new" }, passport: Passport(origin.Campaign)));
    }

    private async Task CallAsync()
    {
        var origin = Pick(Origins);
        var at = When();
        _leads.Add(await api.TouchAsync(project, Pick(_clients), at, origin.Channel, origin.Source, origin.Medium, origin.Campaign, status: _random.Next(4) switch { 0 => "spam", 1 => "duplicate", _ => "new" },
            passport: Passport(origin.Campaign), kind: "call"));
        // The clock of the PBX may be days off. Only its lead tells whose it was: a client's calls are touches, which SlowFigures does not know.
        _calls.Add(await api.HeardAsync(project, at.AddDays(_random.Next(3) == 0 ? 2 : 0), Pick<string>(["answered", "missed", "unknown"]), lead: _leads[^1]));
    }

    private async Task OutcomeAsync()
    {
        if (_calls.Count > 0)
            await api.ExecuteAsync("update calls set outcome = @Outcome where project_id = @P and id = @Id", new { P = project.ProjectId, Id = Pick(_calls), Outcome = Pick<string>(["answered", "missed"]) });
    }

    private async Task VisitAsync()
    {
        var origin = Pick(Origins);
        await api.VisitAsync(project, Pick(_visitors), When(), origin.Channel, origin.Source, origin.Medium, origin.Campaign, bot: _random.Next(10) == 0, passport: Passport(origin.Campaign),
            agent: _random.Next(2) == 0 ? "Mozilla/5.0 (iPhone) Mobile" : "Mozilla/5.0 (Windows NT 10.0)");
    }

    private async Task DealAsync()
    {
        var client = _random.Next(6) == 0 ? (Guid?)null : Pick(_clients);
        var won = _random.Next(2) == 0;
        _deals.Add(await api.DealAsync(project, _connection, ++_remote, client, _leads.Count > 0 && _random.Next(2) == 0 ? Pick(_leads) : null, state: won ? "won" : "open", amount: Amount(),
            currency: _random.Next(8) == 0 ? "USD" : "RUB", pipeline: "9100", stage: won ? "142" : "1", createdAt: When()));
    }

    private async Task MoveAsync(Guid deal, string stage, string? state) =>
        await api.MoveAsync(project, deal, stage, state ?? (stage == "143" ? "lost" : "open"),
            (await api.ScalarAsync<DateTime>("select max(at) from stage_changes where project_id = @P and deal_id = @D", new { P = project.ProjectId, D = deal })).ToUniversalTime().AddHours(_random.Next(1, 200)));

    private Task RepriceAsync(Guid deal) => api.ExecuteAsync("""
        insert into deal_changes (project_id, deal_id, n, at, from_amount, amount, currency, origin)
        select @P, @Id, 0, d.created_at, null, d.amount, d.currency, 'seen' from deals d where d.project_id = @P and d.id = @Id and not exists (select 1 from deal_changes where project_id = @P and deal_id = @Id);
        insert into deal_changes (project_id, deal_id, n, at, from_amount, amount, currency, origin)
        select @P, @Id, m.n + 1, m.at + make_interval(hours => @Hours), d.amount, @Amount, d.currency, 'history' from deals d
            cross join (select max(n) as n, max(at) as at from deal_changes where project_id = @P and deal_id = @Id) m where d.project_id = @P and d.id = @Id;
        update deals set amount = @Amount where project_id = @P and id = @Id
        """, new { P = project.ProjectId, Id = deal, Amount = Amount(), Hours = _random.Next(1, 300) });

    private async Task MergeAsync()
    {
        var answer = await api.PostAsync(project, $"/v1/clients/{Pick(_clients)}/merge", new { otherId = Pick(_clients) });
        if (answer.IsSuccessStatusCode) _merges.Add((await answer.JsonAsync()).GetProperty("mergeId").GetGuid());
    }

    private async Task UndoAsync()
    {
        if (_merges.Count > 0) await api.PostAsync(project, $"/v1/clients/merges/{Pick(_merges)}/undo");
    }

    private async Task SpendAsync()
    {
        if (_spend.Count > 0 && _random.Next(3) == 0)
        {
            await api.ExecuteAsync(_random.Next(2) == 0 ? "update spend set amount = @Amount where project_id = @P and id = @Id" : "delete from spend where project_id = @P and id = @Id",
                new { P = project.ProjectId, Id = Pick(_spend), Amount = Amount() / 7 });
            return;
        }
        var campaign = Pick<string>(["1001", "2002", "3003", "4004"]);
        var day = DateOnly.FromDateTime(When().UtcDateTime);
        if (await api.CountAsync("select count(*) from spend where project_id = @P and day = @Day::date and campaign_id = @Campaign", new { P = project.ProjectId, Day = day.ToString("O"), Campaign = campaign }) == 0)
            _spend.Add(await api.SpendRowAsync(project, day, Amount() / 3, campaign, "Кампания " + campaign, campaign == "4004" ? "" : "yandex"));
    }

    private async Task StatusAsync()
    {
        if (_leads.Count > 0)
            await api.ExecuteAsync("update leads set status = @Status where project_id = @P and id = @Id", new { P = project.ProjectId, Id = Pick(_leads), Status = Pick<string>(["new", "spam", "duplicate"]) });
    }

    private Task<int> SettingsAsync() => _random.Next(4) switch
    {
        0 => api.ExecuteAsync("update projects set time_zone = @Zone where project_id = @P", new { P = project.ProjectId, Zone = Pick<string>(["Europe/Moscow", "Asia/Vladivostok", "UTC"]) }),
        1 => api.ExecuteAsync("update projects set attribution = @Rules::jsonb where project_id = @P",
            new { P = project.ProjectId, Rules = Pick<string>(["{}", """{"model":"linear"}""", """{"dealWindowDays":10}""", """{"leaveOutDirect":true,"halfLifeDays":3}"""]) }),
        2 => api.ExecuteAsync("insert into rates values (@P, 'USD', @Day::date, 80 + @N, 1) on conflict (project_id, currency, day) do update set rubles = excluded.rubles",
            new { P = project.ProjectId, Day = When().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), N = _random.Next(20) }),
        _ => api.ExecuteAsync("insert into spend_mappings (project_id, id, lead_campaign, campaign_id) values (@P, gen_random_uuid(), 'brand', @Campaign) on conflict (project_id, campaign_name_key(lead_campaign)) do update set campaign_id = excluded.campaign_id",
            new { P = project.ProjectId, Campaign = Pick<string>(["1001", "3003"]) }),
    };

    private Task<int> ExecuteAsync(string sql, Guid id) => api.ExecuteAsync(sql, new { P = project.ProjectId, Id = id, Client = Pick(_clients) });

    private async Task WithDealAsync(Func<Guid, Task> change)
    {
        if (_deals.Count > 0) await change(Pick(_deals));
    }

    private static string Passport(string? campaign) => campaign is null ? "{}" : $$$"""{"utm":{"utm_campaign":"{{{campaign}}}"},"landingPage":"https://okna-plus.ru/ceny?x=1"}""";

    private decimal Amount() => _random.Next(1, 1_000_000) / 100m;

    private DateTimeOffset When() => From.AddMinutes(_random.Next(60 * 24 * 90));

    private T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
