using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Sites;
using LeadIngest.Core.Clients;
using LeadIngest.Core.Junk;
using Npgsql;

namespace LeadIngest.Api.Ingest;

/// <summary>A site with everything of its project that ingest needs, read together and never changed.</summary>
internal sealed record SiteEntry
{
    public required Guid ProjectId { get; init; }
    public required Guid SiteId { get; init; }
    public required string SiteKey { get; init; }
    public required FrozenSet<string> AllowedOrigins { get; init; }
    public required IReadOnlyList<string> OwnHosts { get; init; }
    public required string DefaultCountry { get; init; }
    public required IReadOnlyDictionary<string, string> FieldMap { get; init; }
    public required int RatePerSecond { get; init; }
    public required int RatePerIpPerMinute { get; init; }
    public TrackerSettings Tracker { get; init; } = TrackerSettings.Default;
    public required TimeSpan DuplicateWindow { get; init; }
    public required string RepeatPolicy { get; init; }
    public required IReadOnlyList<Guid> Connections { get; init; }
    public required FrozenSet<Identity> SharedContacts { get; init; }

    /// <summary>Of the project.</summary>
    public StopList StopList { get; init; } = StopList.Empty;

    /// <summary>Numbers shown on the site that are to be replaced.</summary>
    public IReadOnlyList<ReplacedNumber> ReplacedNumbers { get; init; } = [];

    /// <summary>A visit holds its number for so long after its last message.</summary>
    public TimeSpan NumberHold { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>A number that was held is lent to nobody else for so long.</summary>
    public TimeSpan NumberRest { get; init; } = TimeSpan.FromSeconds(30);
}

/// <param name="Number">E.164, as the site shows it to those who are given no other.</param>
/// <param name="Region">Its place is taken by numbers of this region's pool; empty: of the pool without a region.</param>
internal sealed record ReplacedNumber(string Number, string Region);

/// <summary>
/// Sites by key, remembered for <see cref="Fresh"/> and forgotten at once when a setting changes (<see cref="Clear"/> on this node,
/// <c>NOTIFY sites|projects|connections</c> on the others). While the database is away a stale entry is better than none.
/// </summary>
internal sealed class SiteDirectory(Database db, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(2);
    private const int MaxRemembered = 100_000;
    private const int LongestKey = 100;
    private readonly ConcurrentDictionary<string, Remembered> _sites = new(StringComparer.Ordinal);
    private readonly StopLists _stopLists = new();
    private int _generation;

    private sealed class Remembered(SiteEntry? site, DateTimeOffset until, int generation)
    {
        private int _refreshing;

        public SiteEntry? Site => site;
        public DateTimeOffset Until => until;
        public int Generation => generation;

        public bool TakeRefresh() => Interlocked.Exchange(ref _refreshing, 1) == 0;

        public void GiveRefreshBack() => Volatile.Write(ref _refreshing, 0);
    }

    /// <summary>Leads of these sites are brought to no CRM: a history's deals are there already.</summary>
    public bool WithoutConnections { get; init; }

    public void Clear() => Interlocked.Increment(ref _generation);

    /// <returns>Null when no site has this key.</returns>
    /// <exception cref="NpgsqlException">Not remembered, and the database is away.</exception>
    public ValueTask<SiteEntry?> FindAsync(string siteKey, CancellationToken ct)
    {
        // No site has such a key, and a flood of them must not fill the memory.
        if (siteKey.Length > LongestKey) return ValueTask.FromResult<SiteEntry?>(null);
        if (_sites.TryGetValue(siteKey, out var known) && known.Generation == Volatile.Read(ref _generation))
        {
            if (known.Until > clock.GetUtcNow()) return ValueTask.FromResult(known.Site);
            // Only time has passed, nothing is known to have changed: one caller's turn brings the refresh, and nobody waits for it.
            if (known.Site is not null)
            {
                if (known.TakeRefresh()) _ = RefreshAsync(siteKey, known);
                return ValueTask.FromResult<SiteEntry?>(known.Site);
            }
        }
        return new(ReadAsync(siteKey, known, ct));
    }

    private async Task RefreshAsync(string siteKey, Remembered known)
    {
        await ((Task)ReadAsync(siteKey, known, CancellationToken.None)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        known.GiveRefreshBack(); // in vain while the database is away: the next caller tries again
    }

    private async Task<SiteEntry?> ReadAsync(string siteKey, Remembered? stale, CancellationToken ct)
    {
        var generation = Volatile.Read(ref _generation);
        try
        {
            var site = await QueryAsync(siteKey, ct);
            if (_sites.Count >= MaxRemembered) _sites.Clear();
            _sites[siteKey] = new(site, clock.GetUtcNow() + (site is null ? UnknownFor : Fresh), generation);
            return site;
        }
        catch (Exception e) when (stale?.Site is not null && e is NpgsqlException or TimeoutException)
        {
            return stale!.Site;
        }
    }

    private async Task<SiteEntry?> QueryAsync(string siteKey, CancellationToken ct)
    {
        await using var connection = await db.Ingest.OpenConnectionAsync(ct);
        var row = await connection.QueryFirstOrDefaultAsync<Row>(new CommandDefinition(Find, new { SiteKey = siteKey }, cancellationToken: ct));
        if (row is null) return null;
        var connections = await connection.QueryAsync<Guid>(new CommandDefinition(
            "select id from connections where project_id = @ProjectId order by id", new { row.ProjectId }, cancellationToken: ct));
        var shared = await connection.QueryAsync<(string Kind, string Value)>(new CommandDefinition(
            "select kind, value from shared_contacts where project_id = @ProjectId", new { row.ProjectId }, cancellationToken: ct));
        var stopList = await _stopLists.ReadAsync(connection, row.ProjectId, row.StopListVersion, ct);
        return new SiteEntry
        {
            StopList = stopList,
            ProjectId = row.ProjectId,
            SiteId = row.Id,
            SiteKey = siteKey,
            // As browsers send them, though the owner may have typed https://окна.рф/.
            AllowedOrigins = row.AllowedOrigins.Select(o => Uri.TryCreate(o, UriKind.Absolute, out var uri) ? PublicSite.Authority(uri) : o).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            OwnHosts = [.. row.AllowedOrigins.Select(o => Uri.TryCreate(o, UriKind.Absolute, out var uri) ? uri.IdnHost : o)],
            DefaultCountry = row.DefaultCountry,
            FieldMap = JsonSerializer.Deserialize<Dictionary<string, string>>(row.FieldMap) ?? [],
            RatePerSecond = row.RatePerSecond,
            RatePerIpPerMinute = row.RatePerIpPerMinute,
            Tracker = TrackerSettings.Read(row.Tracker),
            DuplicateWindow = TimeSpan.FromSeconds(row.DuplicateWindowSeconds),
            RepeatPolicy = row.RepeatPolicy,
            Connections = WithoutConnections ? [] : [.. connections],
            SharedContacts = shared.Select(s => new Identity(Identity.ParseKind(s.Kind), s.Value)).ToFrozenSet(),
            ReplacedNumbers = JsonSerializer.Deserialize<ReplacedNumber[]>(row.ReplaceNumbers, JsonSerializerOptions.Web) ?? [],
            NumberHold = TimeSpan.FromSeconds(row.NumberHoldSeconds),
            NumberRest = TimeSpan.FromSeconds(row.NumberRestSeconds),
        };
    }

    // Properties, not a constructor: Dapper finds no constructor for an array column.
    private sealed class Row
    {
        public Guid ProjectId { get; init; }
        public Guid Id { get; init; }
        public string[] AllowedOrigins { get; init; } = [];
        public string DefaultCountry { get; init; } = "";
        public string FieldMap { get; init; } = "{}";
        public int RatePerSecond { get; init; }
        public int RatePerIpPerMinute { get; init; }
        public string Tracker { get; init; } = "{}";
        public int DuplicateWindowSeconds { get; init; }
        public string RepeatPolicy { get; init; } = "";
        public int StopListVersion { get; init; }
        public string ReplaceNumbers { get; init; } = "[]";
        public int NumberHoldSeconds { get; init; }
        public int NumberRestSeconds { get; init; }
    }

    private const string Find = """
        select s.project_id, s.id, s.allowed_origins, s.default_country, s.field_map::text as field_map, s.rate_per_second,
               s.rate_per_ip_per_minute, p.duplicate_window_seconds, p.repeat_policy, p.stop_list_version,
               s.replace_numbers::text as replace_numbers, s.number_hold_seconds, s.number_rest_seconds,
               s.tracker::text as tracker
        from sites s join projects p on p.project_id = s.project_id
        where s.site_key = @SiteKey
        """;
}
