using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Doors;

/// <summary><c>/_accounts</c>, <c>/_account</c>, <c>/_logins</c>, <c>/_seed</c>, <c>/_clock</c>: what an administrator, a vendor or time does to an account.</summary>
internal static class AccountDoors
{
    public static IResult List(ICrm crm) => Results.Json(crm.Accounts.Select(account =>
    {
        lock (account.Gate)
            return new { host = account.Host, counts = crm.Nouns.ToDictionary(noun => noun, noun => account.Holdings(noun)!.Count) };
    }));

    public static IResult Show(HttpContext http, ICrm crm)
    {
        var account = crm.At(AccountHosts.OfDoor(crm.Name, http.Request));
        lock (account.Gate)
            return Results.Json(account.Settings());
    }

    public static IResult Logins(HttpContext http, ICrm crm)
    {
        var logins = crm.At(AccountHosts.OfDoor(crm.Name, http.Request)).Logins;
        return Results.Json(new { codes = logins.Codes, refreshes = logins.Refreshes, refused = logins.Refused, reused = logins.Reused, refreshed_at = logins.RefreshedAt });
    }

    public static async Task<IResult> ChangeAsync(HttpContext http, ICrm crm)
    {
        if (await DoorBody.ReadAsync(http) is not { } change)
            return Refuse("a JSON object is needed");
        var host = DoorBody.TakeHost(change, crm, http);
        var account = crm.At(host);
        var baseUrl = $"{http.Request.Scheme}://{http.Request.Host}/{crm.Name}" + (host == AccountHosts.Standard(crm.Name) ? "" : "@" + host);
        try
        {
            if (account.Change(change, baseUrl) is { } why)
                return Refuse(why);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return Refuse(e.Message);
        }
        lock (account.Gate)
            return Results.Json(account.Settings());
    }

    public static async Task<IResult> SeedAsync(HttpContext http, ICrm crm)
    {
        if (await DoorBody.ReadAsync(http) is not { } body)
            return Refuse("a JSON object is needed");
        var host = DoorBody.TakeHost(body, crm, http);
        if (body["past"] is JsonObject past && body.Count == 1)
            return crm.At(host).Remember(past) is { } why ? Refuse(why) : Results.Json(new { account = host });
        if (SeedPlan.Read(body) is not { } plan)
            return Refuse("contacts, companies, deals and first_phone are whole numbers, two million records at most");
        crm.At(host).Seed(plan);
        return Results.Json(new { account = host, contacts = plan.Contacts, companies = plan.Companies, deals = plan.Deals });
    }

    public static async Task<IResult> MoveClockAsync(HttpContext http, MovableClock clock)
    {
        if (await DoorBody.ReadAsync(http) is not { } body || Json.Decimal(body["seconds"]) is not (>= 0 and <= 1_000_000_000 and var seconds))
            return Refuse("seconds is how far to move ahead, not negative");
        clock.Move(TimeSpan.FromSeconds((double)seconds));
        return Results.Json(new { now = clock.GetUtcNow(), ahead = clock.Ahead.TotalSeconds });
    }

    private static IResult Refuse(string why) => Results.Json(new { error = why }, statusCode: 400);
}
