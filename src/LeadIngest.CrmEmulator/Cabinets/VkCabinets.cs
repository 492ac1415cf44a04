using System.Globalization;
using System.Security.Cryptography;

namespace LeadIngest.CrmEmulator.Cabinets;

/// <summary><c>/vk-ads/api/v2</c>: tokens, lists of plans, groups and banners, and their statistics. A client's id is its cabinet.</summary>
internal sealed class VkCabinets(CabinetBook book, EmulatorOptions options)
{
    private const int MostTokens = 5;
    private const int MostIds = 200;
    private const int MostDays = 366;
    private const int MostPage = 250;
    private static readonly TimeSpan Lives = TimeSpan.FromDays(1);

    private sealed record Token(string Client, string Refresh, DateTimeOffset Ends);

    private readonly Dictionary<string, Token> _tokens = [];

    public async Task<IResult> TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (client, grant) = (form["client_id"].ToString(), form["grant_type"].ToString());
        var (status, answer) = Give(client, form["client_secret"].ToString(), grant, form["refresh_token"].ToString());
        return Logged(http, client, $"?grant_type={grant}", status, answer);
    }

    public async Task<IResult> DeleteTokensAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var client = form["client_id"].ToString();
        var isKnown = IsClient(client, form["client_secret"].ToString());
        if (isKnown)
            Drop(client);
        return Logged(http, client, "", isKnown ? 204 : 401, isKnown ? null : new { error = "invalid_client" });
    }

    public IResult List(HttpContext http, string objects) => Checked(http, client =>
    {
        if (objects is not ("ad_plans" or "ad_groups" or "banners"))
            return (404, Error("not_found", "Unknown resource"));
        var query = http.Request.Query;
        var fields = (query["fields"].ToString() is { Length: > 0 } named ? named : "id,name").Split(',');
        if (!Number(query["limit"], 20, out var limit) || limit is < 1 or > MostPage || !Number(query["offset"], 0, out var offset))
            return (400, Error("validation_failed", "limit, offset"));
        var all = Objects(client, objects);
        return (200, new
        {
            count = all.Count,
            offset,
            items = all.Skip(offset).Take(limit).Select(o => o.Where(p => fields.Contains(p.Key)).ToDictionary()),
        });
    });

    public IResult Statistics(HttpContext http, string objects) => Checked(http, client =>
    {
        var query = http.Request.Query;
        var ids = query["id"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (objects is not ("ad_plans" or "ad_groups" or "banners"))
            return (404, Error("not_found", "Unknown resource"));
        if (ids.Length is 0 or > MostIds)
            return (400, Error("validation_failed", "id: 1 to 200"));
        if (!Day(query["date_from"], out var from) || !Day(query["date_to"], out var to) || to < from || to.DayNumber - from.DayNumber >= MostDays)
            return (400, Error("validation_failed", "date_from, date_to"));
        var rows = book.Of(client, from, to).ToLookup(r => (Id(r, objects)?.ToString(CultureInfo.InvariantCulture), r.Day));
        return (200, new
        {
            items = ids.Select(id => new
            {
                id = long.Parse(id, CultureInfo.InvariantCulture),
                rows = Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).Select(DateOnly.FromDayNumber).Select(day => new { date = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), @base = Base(rows[(id, day)]) }),
                total = new { @base = Base(Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).SelectMany(n => rows[(id, DateOnly.FromDayNumber(n))])) },
            }),
            total = new { @base = Base(rows.SelectMany(r => r).Where(r => ids.Contains(Id(r, objects)?.ToString(CultureInfo.InvariantCulture)))) },
        });
    });

    public int LiveTokens(string client)
    {
        lock (book.Gate)
            return _tokens.Values.Count(t => t.Client == client && t.Ends > book.Now);
    }

    public void Drop(string? client)
    {
        lock (book.Gate)
        {
            foreach (var token in _tokens.Where(t => client is null || t.Value.Client == client).Select(t => t.Key).ToList())
                _tokens.Remove(token);
        }
    }

    private bool IsClient(string client, string secret) => client.Length > 0 && options.Cabinets.VkSecrets.Split(',').Contains(secret) && book.Faults.Find(client, CabinetFault.BadToken) is null;

    private (int Status, object Answer) Give(string client, string secret, string grant, string refresh)
    {
        if (book.Faults.Hit(client, CabinetFault.OfStatus) is { } broken)
            return (broken.Status ?? 500, new { });
        if (!IsClient(client, secret))
            return (401, new { error = "invalid_client", error_description = "Bad credentials" });
        lock (book.Gate)
        {
            if (grant == "refresh_token")
            {
                var old = _tokens.FirstOrDefault(t => t.Value.Client == client && t.Value.Refresh == refresh);
                if (old.Key is null)
                    return (401, new { error = "invalid_grant", error_description = "Unknown refresh token" });
                _tokens.Remove(old.Key);
            }
            else if (grant != "client_credentials")
                return (400, new { error = "unsupported_grant_type" });
            foreach (var ended in _tokens.Where(t => t.Value.Ends <= book.Now).Select(t => t.Key).ToList())
                _tokens.Remove(ended);
            if (_tokens.Values.Count(t => t.Client == client) >= MostTokens)
                return (403, new { error = "token_limit_exceeded", error_description = "Active access token limit reached" });
            var (access, next) = (Made(), grant == "refresh_token" ? refresh : Made());
            _tokens[access] = new(client, next, book.Now + Lives);
            return (200, new { access_token = access, token_type = "bearer", scope = "read_ads read_payments", expires_in = "86400", refresh_token = next });
        }
    }

    private IResult Checked(HttpContext http, Func<string, (int Status, object Answer)> work)
    {
        var bearer = http.Request.Headers.Authorization.ToString();
        Token? token;
        lock (book.Gate)
            token = bearer.StartsWith("Bearer ", StringComparison.Ordinal) && _tokens.TryGetValue(bearer[7..], out var known) && known.Ends > book.Now ? known : null;
        var client = token?.Client ?? "";
        var (status, answer) = token is null ? (401, Error("invalid_token", "Unknown access token"))
            : book.Faults.Hit(client, CabinetFault.Drop, CabinetFault.OfStatus) is { } broken ? (broken.Kind == CabinetFault.Drop ? 0 : broken.Status ?? 500, (object)new { })
            : book.Faults.Hit(client, CabinetFault.BadToken) is not null ? (401, Error("invalid_token", "Unknown access token"))
            : book.Faults.Hit(client, CabinetFault.Error) is { } fault ? (fault.Status ?? 403, Error("permission_denied", "Access denied"))
            : work(client);
        return Logged(http, client, http.Request.QueryString.Value ?? "", status, answer);
    }

    private IResult Logged(HttpContext http, string client, string query, int status, object? answer)
    {
        book.Log.Add(client, http.Request.Method, http.Request.Path, query, status, book.Now);
        if (status == 0)
        {
            http.Abort();
            return Results.Empty;
        }
        return answer is null ? Results.StatusCode(status) : Results.Json(answer, statusCode: status);
    }

    private List<Dictionary<string, object?>> Objects(string client, string objects) =>
    [
        .. book.Of(client).Where(r => Id(r, objects) is not null).GroupBy(r => Id(r, objects)).OrderBy(g => g.Key).Select(g => objects switch
        {
            "ad_plans" => new Dictionary<string, object?> { ["id"] = g.Key, ["name"] = g.Last().Campaign },
            "ad_groups" => new() { ["id"] = g.Key, ["name"] = g.Last().Group, ["ad_plan_id"] = g.Last().CampaignId },
            _ => new() { ["id"] = g.Key, ["name"] = g.Last().Ad, ["ad_group_id"] = g.Last().GroupId },
        }),
    ];

    private static long? Id(SpentRow row, string objects) => objects switch { "ad_plans" => row.CampaignId, "ad_groups" => row.GroupId, _ => row.AdId };

    private static object Base(IEnumerable<SpentRow> rows)
    {
        var all = rows.ToArray();
        var (shows, clicks, spent) = (all.Sum(r => r.Impressions), all.Sum(r => r.Clicks), all.Sum(r => r.Cost));
        static string Money(decimal value) => value.ToString("0.00", CultureInfo.InvariantCulture);
        return new
        {
            shows,
            clicks,
            spent = Money(spent),
            cpm = Money(shows == 0 ? 0 : spent * 1000 / shows),
            cpc = Money(clicks == 0 ? 0 : spent / clicks),
            ctr = shows == 0 ? 0 : Math.Round((double)clicks * 100 / shows, 3),
            vk = new { goals = 0, cpa = "0" },
        };
    }

    private static object Error(string code, string message) => new { error = new { code, message } };

    private static bool Day(string? text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static bool Number(string? text, int otherwise, out int number)
    {
        number = otherwise;
        return string.IsNullOrEmpty(text) || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static string Made() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
