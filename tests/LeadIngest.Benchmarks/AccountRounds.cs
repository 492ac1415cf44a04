namespace LeadIngest.Benchmarks;

/// <summary>
/// An agency's size: a thousand accounts, half amoCRM and half Bitrix24, with twenty waiting leads each, under the CRMs' own limits; drained by one service, then by
/// two that share one database.
/// </summary>
internal static class AccountRounds
{
    private const int Accounts = 1000, LeadsEach = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(PostgresUnderTest postgres, Report report, CancellationToken ct)
    {
        await using var emulator = await EmulatorProcess.StartAsync(ct);
        await using var database = await postgres.CreateAsync("accounts", ct);
        await using var service = await WaitingLeads.StartAsync(database, emulator, ct);
        report.Progress($"connecting {Accounts} accounts");
        var connections = new Guid[Accounts];
        await Parallel.ForAsync(0, Accounts, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct },
            async (i, stop) => connections[i] = await WaitingLeads.ConnectAsync(service, emulator, i % 2 == 0 ? "amocrm" : "bitrix24", $"a{i}", stop));

        await FillAsync();
        var before = service.Megabytes();
        report.Progress($"{Accounts * LeadsEach} leads of {Accounts} accounts, one service");
        report.Add("accounts.drained_seconds", (await WaitingLeads.DrainAsync(database, Patience, ct)).TotalSeconds);
        report.Add("accounts.memory_mb", service.Megabytes("VmHWM") - before);

        await using var second = await WaitingLeads.StartAsync(database, emulator, ct);
        await FillAsync();
        await database.ExecuteAsync(CountByProcess, ct);
        report.Progress($"{Accounts * LeadsEach} leads of {Accounts} accounts, two services");
        report.Add("accounts.drained_seconds_two_nodes", (await WaitingLeads.DrainAsync(database, Patience, ct)).TotalSeconds);
        var shares = await database.RowsAsync("select count(*)::float8 from taken group by owner", r => r.GetDouble(0), ct);
        report.Add("accounts.share_of_second_node", shares.Count < 2 ? 0 : shares.Min() / shares.Sum());
        report.Add("accounts.refused_for_rate", (await emulator.RequestsAsync("amocrm", ct)).Concat(await emulator.RequestsAsync("bitrix24", ct)).Count(r => r.IsRefused));

        async Task FillAsync()
        {
            await database.PauseDeliveryAsync(ct);
            foreach (var connection in connections) await WaitingLeads.StoreAsync(database, connection, LeadsEach, ct);
        }
    }

    // A hand-back forgets the owner: who took an account is written down when it happens.
    private const string CountByProcess = """
        create table taken (account_key text, owner text, primary key (account_key, owner));
        create function take() returns trigger language plpgsql as $$
        begin
            insert into taken values (new.account_key, new.lease_owner) on conflict do nothing;
            return null;
        end $$;
        create trigger taken after update of lease_owner on crm_accounts for each row when (new.lease_owner is not null and new.lease_token > old.lease_token) execute function take()
        """;
}
