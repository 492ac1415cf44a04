using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Spend.Cabinets;
using LeadIngest.Crm;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Demo;

/// <summary>
/// Makes the demo project on an empty database: site <c>demo-site</c> that any origin may post to (its limits let a load test from one address
/// through), an API key, people of every role, one connection to each emulated CRM, both emulated advertising cabinets, a few tracking numbers and the emulated PBX as a sender. Every row is marked as a demo.
/// </summary>
internal sealed class DemoProject(Database db, CredentialsCipher cipher, Import.HookSecrets hooks, CabinetStore cabinets, DemoPeople people, TimeProvider clock, IOptions<DemoOptions> options)
{
    public const string SiteKey = "demo-site";
    private const int NoLimit = 50_000_000;

    /// <summary>Ids of the demo are fixed: examples in the documentation can name them.</summary>
    public static readonly Guid ProjectId = Guid.Parse("0190d3e0-0000-7000-8000-000000000001");
    private static readonly Guid SiteId = Guid.Parse("0190d3e0-0000-7000-8000-000000000002");
    private static readonly Guid AmocrmId = Guid.Parse("0190d3e0-0000-7000-8000-000000000003");
    private static readonly Guid Bitrix24Id = Guid.Parse("0190d3e0-0000-7000-8000-000000000004");
    private static readonly Guid KeyId = Guid.Parse("0190d3e0-0000-7000-8000-000000000005");
    private static readonly Guid PbxId = Guid.Parse("0190d3e0-0000-7000-8000-000000000006");
    private static readonly Guid DirectId = Guid.Parse("0190d3e0-0000-7000-8000-000000000007");
    private static readonly Guid VkAdsId = Guid.Parse("0190d3e0-0000-7000-8000-000000000008");

    /// <summary>As far back as the emulated cabinets have spent something.</summary>
    private const int CabinetDays = 60;

    /// <summary>The site's own number and the numbers that may stand in its place: five to lend, one for when they are out, one on a banner.</summary>
    private const string Numbers = """
        update sites set replace_numbers = '[{"number":"+74951234567","region":""}]' where project_id = @ProjectId and id = @SiteId and replace_numbers = '[]';
        insert into tracking_numbers (project_id, id, site_id, number, kind, name, passport, free_at)
        select @ProjectId, ('0190d3e0-0000-7000-8000-0000000001' || lpad(n.last::text, 2, '0'))::uuid, @SiteId, '+749512300' || lpad(n.last::text, 2, '0'), n.kind, n.name,
            n.passport::jsonb, clock_timestamp()
        from (values (1, 'dynamic', null, '{}'), (2, 'dynamic', null, '{}'), (3, 'dynamic', null, '{}'), (4, 'dynamic', null, '{}'), (5, 'dynamic', null, '{}'),
            (50, 'overflow', 'Когда свободных нет', '{}'),
            (90, 'static', 'Баннер на дороге', '{"channel":"offline","source":"Наружная реклама","medium":"banner","campaign":"Баннер на дороге"}')) as n (last, kind, name, passport)
        on conflict do nothing
        """;

    /// <summary>The project was made at this start.</summary>
    public bool IsNew { get; private set; }

    public async Task EnsureAsync(CancellationToken ct)
    {
        var demo = options.Value;
        if (!demo.Enabled) return;
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (await connection.ExecuteScalarAsync<bool>("select exists (select 1 from projects where not is_demo)")) return;
        IsNew = await connection.ExecuteAsync(new CommandDefinition(Project, new { ProjectId, SiteId, SiteKey, NoLimit }, cancellationToken: ct)) > 0;
        var emulator = new Uri(demo.EmulatorUrl);
        await ConnectAsync(connection, AmocrmId, "amocrm", "Демо: amoCRM", new Uri(emulator, "amocrm"), "demo-amocrm-token", new ConnectionSettings(), ct);
        await ConnectAsync(connection, Bitrix24Id, "bitrix24", "Демо: Битрикс24", new Uri(emulator, "bitrix24/rest/1/demo-bitrix-secret/"), null,
            new ConnectionSettings { Plan = "enterprise" }, ct);
        await AskCabinetAsync(connection, DirectId, "yandex_direct", "Демо: Яндекс Директ", "yandex", new Uri(emulator, "yandex-direct/"), new("demo-direct-token", null, null, null), "keyword", ct);
        await AskCabinetAsync(connection, VkAdsId, "vk_ads", "Демо: VK Реклама", "vk_ads", new Uri(emulator, "vk-ads/"), new(null, "demo-vk-client", "demo-vk-secret", null), "group", ct);
        await connection.ExecuteAsync(new CommandDefinition(Numbers, new { ProjectId, SiteId }, cancellationToken: ct));
        if (demo.CallToken is { Length: > 0 } token)
            await connection.ExecuteAsync(new CommandDefinition(Pbx, new
            {
                ProjectId,
                SiteId,
                PbxId,
                Hash = SenderDirectory.Hash(token),
                Credentials = cipher.Encrypt(ProjectId, PbxId, new SenderSecrets { Token = token }.ToBytes()),
            }, cancellationToken: ct));
        if (demo.AdminPassword is { Length: > 0 } password) await people.EnsureAsync(ProjectId, password, [new(AmocrmId, "32"), new(Bitrix24Id, "14")], ct);
        if (demo.ApiKey is { Length: > 0 } key)
            await connection.ExecuteAsync(new CommandDefinition(Key, new { ProjectId, KeyId, Prefix = key[..Math.Min(8, key.Length)], Hash = ApiKeyCache.Hash(key) }, cancellationToken: ct));
    }

    private async Task ConnectAsync(NpgsqlConnection connection, Guid id, string crm, string name, Uri address, string? token, ConnectionSettings settings,
        CancellationToken ct)
    {
        var credentials = cipher.Encrypt(ProjectId, id, new Credentials(address.AbsoluteUri, token).ToBytes());
        await connection.ExecuteAsync(new CommandDefinition(Connection, new
        {
            ProjectId,
            Id = id,
            Crm = crm,
            Name = name,
            AccountKey = $"{crm}/{address.Authority}/{crm}",
            Host = address.Authority,
            Credentials = credentials,
            Settings = JsonSerializer.Serialize(settings, JsonSerializerOptions.Web),
            HookSecret = hooks.New(ProjectId, id),
        }, cancellationToken: ct));
    }

    private async Task AskCabinetAsync(NpgsqlConnection connection, Guid id, string kind, string name, string source, Uri address, CabinetCredentials credentials, string level, CancellationToken ct)
    {
        await using var tx = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Account, new { ProjectId, Id = id, Kind = kind, Name = name, Source = source }, tx, cancellationToken: ct));
        await cabinets.WriteAsync(connection, tx, ProjectId, id, new CabinetSettings
        {
            Credentials = credentials,
            BaseAddress = address,
            Level = level,
            TimeZone = "Europe/Moscow",
            LoadFrom = new CabinetClock("Europe/Moscow").Today(clock.GetUtcNow()).AddDays(1 - CabinetDays),
            IsDemo = true,
        }, ct);
        await tx.CommitAsync(ct);
    }

    private const string Account = """
        insert into spend_accounts (project_id, id, kind, name, source, medium) values (@ProjectId, @Id, @Kind, @Name, @Source, 'cpc') on conflict (project_id, id) do nothing
        """;

    private const string Project = """
        insert into projects (project_id, name, is_demo) values (@ProjectId, 'Демо', true) on conflict do nothing;
        insert into sites (project_id, id, site_key, name, rate_per_second, rate_per_ip_per_minute, is_demo)
        values (@ProjectId, @SiteId, @SiteKey, 'Демо-сайт', @NoLimit, @NoLimit, true) on conflict do nothing;
        """;

    private const string Connection = """
        insert into connections (project_id, id, crm, name, account_key, account_host, credentials, settings, is_demo)
        values (@ProjectId, @Id, @Crm, @Name, @AccountKey, @Host, @Credentials, @Settings::jsonb, true)
        on conflict (project_id, id) do update set account_key = excluded.account_key, account_host = excluded.account_host, credentials = excluded.credentials;
        insert into crm_imports (project_id, connection_id, hook_secret) values (@ProjectId, @Id, @HookSecret) on conflict do nothing;
        insert into deal_readings (project_id, connection_id) values (@ProjectId, @Id) on conflict do nothing
        """;

    private const string Pbx = """
        insert into senders (project_id, id, site_id, kind, provider, name, token_hash, credentials, is_demo)
        values (@ProjectId, @PbxId, @SiteId, 'call', 'generic', 'Демо: АТС', @Hash, @Credentials, true)
        on conflict (project_id, id) do update set token_hash = excluded.token_hash, credentials = excluded.credentials
        """;

    private const string Key = """
        insert into api_keys (project_id, id, name, prefix, key_hash) values (@ProjectId, @KeyId, 'demo', @Prefix, @Hash)
        on conflict (project_id, id) do update set prefix = excluded.prefix, key_hash = excluded.key_hash, revoked_at = null
        """;
}
