using System.Globalization;
using LeadIngest.CrmEmulator.Doors;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Cabinets;

/// <summary>The advertising cabinets with their own doors: what was spent, what goes wrong, what was asked.</summary>
internal sealed class CabinetDoors
{
    private const int MostRows = 500_000;

    private readonly CabinetBook _direct;
    private readonly CabinetBook _vk;
    private readonly DirectReports _reports;
    private readonly VkCabinets _cabinets;

    public CabinetDoors(EmulatorOptions options, TimeProvider clock)
    {
        (_direct, _vk) = (new(CabinetKinds.Direct, clock, options.RequestLogSize), new(CabinetKinds.Vk, clock, options.RequestLogSize));
        (_reports, _cabinets) = (new(_direct, options), new(_vk, options));
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var version in new[] { "v5", "v501" })
            routes.MapPost($"/yandex-direct/json/{version}/reports", (Delegate)((HttpContext http) => _reports.AskAsync(http)));
        routes.MapPost("/vk-ads/api/v2/oauth2/token.json", (Delegate)((HttpContext http) => _cabinets.TokenAsync(http)));
        routes.MapPost("/vk-ads/api/v2/oauth2/token/delete.json", (Delegate)((HttpContext http) => _cabinets.DeleteTokensAsync(http)));
        routes.MapGet("/vk-ads/api/v2/{objects}.json", (HttpContext http, string objects) => _cabinets.List(http, objects));
        routes.MapGet("/vk-ads/api/v2/statistics/{objects}/day.json", (HttpContext http, string objects) => _cabinets.Statistics(http, objects));
        routes.MapGet("/_state/vk-ads/tokens", (HttpContext http) => Results.Json(new { live = _cabinets.LiveTokens(AccountOf(http, _vk)) }));
        foreach (var book in new[] { _direct, _vk })
        {
            routes.MapPost($"/_seed/{book.Kind}", (Delegate)((HttpContext http) => SeedAsync(http, book)));
            routes.MapGet($"/_state/{book.Kind}/rows", (HttpContext http) => Results.Json(book.Of(AccountOf(http, book))));
            routes.MapGet($"/_requests/{book.Kind}", (HttpContext http) => RequestsDoor.GetAsync(http, book.Log));
            routes.MapPost($"/_faults/{book.Kind}", (Delegate)((HttpContext http) => FaultAsync(http, book)));
            routes.MapDelete($"/_faults/{book.Kind}", () =>
            {
                book.Faults.Clear();
                return Results.NoContent();
            });
        }
    }

    /// <summary>Back to what every emulator begins with.</summary>
    public void Clear()
    {
        _direct.Clear();
        _vk.Clear();
        _reports.Clear();
    }

    public void ClearFaults()
    {
        _direct.Faults.Clear();
        _vk.Faults.Clear();
    }

    private static string AccountOf(HttpContext http, CabinetBook book) => http.Request.Query["account"].ToString() is { Length: > 0 } account ? account : CabinetKinds.Standard(book.Kind);

    private static async Task<IResult> SeedAsync(HttpContext http, CabinetBook book)
    {
        if (await DoorBody.ReadAsync(http) is not { } body)
            return Refuse("a JSON object is needed");
        var mode = Json.Text(body["mode"]) ?? "add";
        if (mode is not ("add" or "days" or "all"))
            return Refuse("mode is one of add, days, all");
        var nodes = Json.Items(body["rows"]).ToArray();
        if (nodes.Length > MostRows)
            return Refuse($"rows: {MostRows} at a time");
        var rows = new List<SpentRow>(nodes.Length);
        foreach (var node in nodes)
        {
            var (row, error) = SpentRow.Read(node);
            if (row is null)
                return Refuse($"rows[{rows.Count}]: {error}");
            rows.Add(row);
        }
        var days = new List<DateOnly>();
        foreach (var node in Json.Items(body["days"]))
        {
            if (!DateOnly.TryParseExact(Json.Text(node), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return Refuse("days: 2026-08-01");
            days.Add(day);
        }
        var account = Json.Text(body["account"]) ?? CabinetKinds.Standard(book.Kind);
        book.Put(account, mode, rows, days);
        return Results.Json(new { account, rows = book.Of(account).Length });
    }

    private async Task<IResult> FaultAsync(HttpContext http, CabinetBook book)
    {
        if (await DoorBody.ReadAsync(http) is not { } body)
            return Refuse("a JSON object is needed");
        var kind = Json.Text(body["kind"]) ?? "";
        if (!CabinetFault.All.Contains(kind))
            return Refuse("kind is one of " + string.Join(", ", CabinetFault.All));
        var (times, status) = (Json.Integer(body["times"]), Json.Integer(body["status"]));
        if (times is < 1 or > 1_000_000 || status is < 100 or > 599)
            return Refuse("times is at least 1, status 100..599");
        var account = Json.Text(body["account"]);
        if (kind == CabinetFault.ExpireTokens)
            _cabinets.Drop(account);
        else
            book.Faults.Add(new(kind, account, (int?)Json.Integer(body["code"]), (int?)status, (int)Math.Clamp(Json.Integer(body["retryIn"]) ?? 1, 0, 3600), (int)Math.Clamp(Json.Integer(body["ms"]) ?? 1000, 0, 600_000)) { Left = (int?)times ?? int.MaxValue });
        return Results.Json(new { kind, account, times }, statusCode: 201);
    }

    private static IResult Refuse(string why) => Results.Json(new { error = why }, statusCode: 400);
}
