using LeadIngest.CrmEmulator.Faults;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Doors;

/// <summary><c>/_faults</c>: switch trouble on and off.</summary>
internal static class FaultsDoor
{
    public static async Task<IResult> AddAsync(HttpContext http, FaultBoard faults)
    {
        if (await DoorBody.ReadAsync(http) is not { } body)
            return Refuse("a JSON object is needed");
        var crm = Json.Text(body["crm"]) ?? "both";
        var kind = Json.Text(body["kind"]) ?? "";
        var (probability, seconds) = (Json.Decimal(body["probability"]), Json.Decimal(body["seconds"]));
        var (ms, status) = (Json.Integer(body["ms"]), Json.Integer(body["status"]));
        if (crm is not ("amocrm" or "bitrix24" or "both"))
            return Refuse("crm is one of amocrm, bitrix24, both");
        if (!FaultKinds.All.Contains(kind))
            return Refuse("kind is one of " + string.Join(", ", FaultKinds.All));
        if (probability is < 0 or > 1 || ms is < 0 or > int.MaxValue || seconds is < 0 or > 1_000_000 || status is < 100 or > 599)
            return Refuse("probability 0..1, ms and seconds not negative, status 100..599");
        var times = Json.Integer(body["times"]);
        if (times is < 1 or > int.MaxValue)
            return Refuse("times is at least 1");
        var account = Json.Text(body["account"]) is { Length: > 0 } host ? AccountHosts.Named(host) : null;
        var fault = faults.Add(crm, kind, (double?)probability, (int?)ms, (int?)status, (double?)seconds, account, Json.Text(body["path"]), (int?)times);
        return Results.Json(Shape(fault), statusCode: 201);
    }

    public static IResult List(FaultBoard faults) => Results.Json(faults.List().Select(Shape));

    public static IResult Clear(FaultBoard faults)
    {
        faults.Clear();
        return Results.NoContent();
    }

    private static object Shape(Fault f) =>
        new { id = f.Id, crm = f.Crm, kind = f.Kind, probability = f.Probability, ms = f.Ms, status = f.Status, since = f.Since, until = f.Until, account = f.Account, path = f.Path, left = f.Left };

    private static IResult Refuse(string why) => Results.Json(new { error = why }, statusCode: 400);
}
