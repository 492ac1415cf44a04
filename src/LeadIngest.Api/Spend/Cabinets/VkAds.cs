using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using LeadIngest.Core.Spend;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>Asks VK Ads for the spend of its plans (campaigns), groups or banners (ads), by day.</summary>
/// <remarks>Leads name the group in utm_campaign unless somebody changed it: the group's id leads to its plan. Source: <c>ads.vk.com/doc/api</c>.</remarks>
internal sealed class VkAds(CabinetRow cabinet, VkToken token, Uri address, CabinetHttp http) : ICabinet
{
    private const int MostIds = 200;
    private const int Page = 200;
    private const int MostObjects = 200_000;
    private const int MostText = 500;

    /// <summary>Clients have met the limit of two requests a second on statistics.</summary>
    internal static Pace NewPace(TimeProvider clock) => new(2, TimeSpan.FromSeconds(1.1), clock);

    private static readonly string[] Columns = ["id", "date", "spent", "clicks", "shows"];

    private sealed record Named(string Id, string? Name, string? Parent);

    /// <summary>A call that did not bring what was asked for ends the whole question.</summary>
    private sealed class Ended(CabinetEnd end) : Exception
    {
        public CabinetEnd End => end;
    }

    public async Task<CabinetEnd> LoadAsync(DateOnly from, DateOnly to, Guid load, CancellationToken ct)
    {
        try
        {
            var plans = (await ListAsync("ad_plans", "id,name", null, ct)).ToDictionary(p => p.Id);
            var groups = cabinet.Level == "campaign" ? [] : (await ListAsync("ad_groups", "id,name,ad_plan_id", "ad_plan_id", ct)).ToDictionary(g => g.Id);
            var ads = cabinet.Level == "ad" ? (await ListAsync("banners", "id,name,ad_group_id", "ad_group_id", ct)).ToDictionary(b => b.Id) : [];
            var (objects, ids) = cabinet.Level switch
            {
                "campaign" => ("ad_plans", plans.Keys.ToArray()),
                "group" => ("ad_groups", groups.Keys.ToArray()),
                _ => ("banners", ads.Keys.ToArray()),
            };
            var lines = new List<SpendLine>();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var some in ids.Chunk(MostIds))
            {
                var (json, body) = await GetAsync($"statistics/{objects}/day.json?id={string.Join(',', some)}&date_from={from:yyyy-MM-dd}&date_to={to:yyyy-MM-dd}&metrics=base", ct);
                hash.AppendData(body);
                foreach (var item in Items(json))
                {
                    var level = LevelOf(Text(item, "id") ?? throw Unreadable("statistics without an id"), plans, groups, ads);
                    if (!item.TryGetProperty("rows", out var rows) || rows.ValueKind != JsonValueKind.Array) throw Unreadable("statistics without days");
                    foreach (var row in rows.EnumerateArray())
                        if (LineOf(row, lines.Count + 1, level, Text(item, "id")!, from, to) is { } line) lines.Add(line);
                }
            }
            return new CabinetEnd.Loaded(lines, hash.GetHashAndReset(), Columns, []);
        }
        catch (Ended ended)
        {
            return ended.End;
        }
    }

    public async Task<CabinetEnd> CheckAsync(DateOnly day, CancellationToken ct)
    {
        try
        {
            await GetAsync("ad_plans.json?fields=id&limit=1", ct);
            return new CabinetEnd.Loaded([], [], [], []);
        }
        catch (Ended ended)
        {
            return ended.End;
        }
    }

    private SpendLevel LevelOf(string id, Dictionary<string, Named> plans, Dictionary<string, Named> groups, Dictionary<string, Named> ads)
    {
        var ad = cabinet.Level == "ad" ? ads.GetValueOrDefault(id) ?? new(id, null, null) : null;
        var group = cabinet.Level == "campaign" ? null : cabinet.Level == "group" ? groups.GetValueOrDefault(id) ?? new(id, null, null)
            : ad?.Parent is { } parent ? groups.GetValueOrDefault(parent) ?? new(parent, null, null) : null;
        var planId = cabinet.Level == "campaign" ? id : group?.Parent;
        var plan = planId is null ? null : plans.GetValueOrDefault(planId) ?? new(planId, null, null);
        return cabinet.Common with
        {
            CampaignId = plan?.Id,
            CampaignName = plan?.Name,
            GroupId = group?.Id,
            GroupName = group?.Name,
            AdId = ad?.Id,
            AdName = ad?.Name,
        };
    }

    /// <returns>Null: nothing happened on the day.</returns>
    private static SpendLine? LineOf(JsonElement row, int number, SpendLevel level, string id, DateOnly from, DateOnly to)
    {
        if (!DateOnly.TryParseExact(Text(row, "date"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day < from || day > to) throw Unreadable($"statistics of {id} for no day that was asked for");
        if (!row.TryGetProperty("base", out var counts) || counts.ValueKind != JsonValueKind.Object) throw Unreadable($"statistics of {id} without figures");
        // `spent` is a string: no binary fraction ever touches the money.
        var (spent, clicks, shows) = (Text(counts, "spent") ?? "0", Text(counts, "clicks") ?? "0", Text(counts, "shows") ?? "0");
        if (!decimal.TryParse(spent, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) throw Unreadable($"the spend of {id} is not a number");
        if (!long.TryParse(clicks, NumberStyles.None, CultureInfo.InvariantCulture, out var clicked) || !long.TryParse(shows, NumberStyles.None, CultureInfo.InvariantCulture, out var shown)) throw Unreadable($"a count of {id} is not a number");
        return amount == 0 && clicked == 0 && shown == 0 ? null : new(number, day, day, level, amount, clicked, shown, [id, day.ToString("yyyy-MM-dd"), spent, clicks, shows]);
    }

    private async Task<IReadOnlyCollection<Named>> ListAsync(string objects, string fields, string? parent, CancellationToken ct)
    {
        // Offsets shift when something is made between two pages: what is seen twice is one.
        var all = new Dictionary<string, Named>();
        for (var offset = 0; ; offset += Page)
        {
            var (json, _) = await GetAsync($"{objects}.json?fields={fields}&limit={Page}&offset={offset}", ct);
            var count = 0;
            foreach (var item in Items(json))
            {
                count++;
                if (Text(item, "id") is { } id) all[id] = new(id, Core.Identities.Text.CleanLine(Text(item, "name"), MostText), parent is null ? null : Text(item, parent));
            }
            if (count < Page) return all.Values;
            if (all.Count > MostObjects) throw new Ended(new CabinetEnd.TryLater($"VK Ads names more than {MostObjects:N0} {objects}."));
        }
    }

    private async Task<(JsonElement Json, byte[] Body)> GetAsync(string path, CancellationToken ct)
    {
        for (var isFresh = false; ; isFresh = true)
        {
            var access = await token.GetAsync(isFresh, ct) switch
            {
                VkToken.Outcome.Given given => given.AccessToken,
                VkToken.Outcome.NotGiven no => throw new Ended(no.End),
                var other => throw new InvalidOperationException(other.ToString()),
            };
            var reply = await http.SendAsync(token.Account, NewPace, () => new HttpRequestMessage(HttpMethod.Get, new Uri(address, "api/v2/" + path))
            {
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", access) },
            }, mayRepeat: true, ct);
            if (reply.IsTooLong) throw new Ended(new CabinetEnd.TooMuch("The answer of VK Ads is larger than 16 MiB."));
            if (reply.Status == 200) return reply.Json() is { } json ? (json, reply.Body!) : throw Unreadable("it is not JSON");
            // The token may have been taken back before its time, and a new one helps; a new one that is refused too means the login.
            if (reply.Status == 401 && !isFresh) continue;
            throw new Ended(token.Read(reply));
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement json) => json.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : throw Unreadable("it has no `items`");

    private static Ended Unreadable(string why) => new(new CabinetEnd.TryLater($"The answer of VK Ads cannot be read: {why}."));

    private static string? Text(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.String or JsonValueKind.Number && value.ToString() is { Length: > 0 } text ? text : null;
}
