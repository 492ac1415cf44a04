using LeadIngest.CrmEmulator.Faults;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Pbx;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Doors;

/// <summary>The doors beside the CRMs. Faults never touch them.</summary>
internal static class DoorRoutes
{
    public static void MapDoors(this IEndpointRouteBuilder routes, FaultBoard faults, IReadOnlyList<(ICrm Crm, RequestLog Log)> crms, PbxCalls pbx, Cabinets.CabinetDoors cabinets, MovableClock clock)
    {
        routes.MapGet("/", () => IndexPage.Get(crms.Select(c => c.Crm)));
        routes.MapGet("/_faults", () => FaultsDoor.List(faults));
        routes.MapPost("/_faults", (Delegate)((HttpContext http) => FaultsDoor.AddAsync(http, faults)));
        routes.MapDelete("/_faults", () =>
        {
            cabinets.ClearFaults();
            return FaultsDoor.Clear(faults);
        });
        routes.MapDelete("/_state", () =>
        {
            foreach (var (crm, log) in crms)
            {
                crm.Clear();
                log.Clear();
            }
            pbx.Clear();
            cabinets.Clear();
            return Results.NoContent();
        });
        routes.MapPost("/_clock", (Delegate)((HttpContext http) => AccountDoors.MoveClockAsync(http, clock)));
        routes.MapPost("/_act/pbx", (Delegate)((HttpContext http) => PbxDoor.CallAsync(http, pbx)));
        routes.MapGet("/_state/pbx/calls", () => Results.Json(pbx.Calls));
        routes.MapGet("/_pbx/records/{file}", PbxDoor.Record);
        foreach (var (crm, log) in crms)
        {
            routes.MapGet($"/_state/{crm.Name}/{{noun}}", async (HttpContext http, string noun) =>
                await StateDoor.GetAsync(http, crm, noun) is { } refusal ? refusal : Results.Empty);
            routes.MapGet($"/_accounts/{crm.Name}", () => AccountDoors.List(crm));
            routes.MapGet($"/_account/{crm.Name}", (HttpContext http) => AccountDoors.Show(http, crm));
            routes.MapPost($"/_account/{crm.Name}", (Delegate)((HttpContext http) => AccountDoors.ChangeAsync(http, crm)));
            routes.MapDelete($"/_account/{crm.Name}", () =>
            {
                crm.Forget();
                return Results.NoContent();
            });
            routes.MapGet($"/_logins/{crm.Name}", (HttpContext http) => AccountDoors.Logins(http, crm));
            routes.MapPost($"/_seed/{crm.Name}", (Delegate)((HttpContext http) => AccountDoors.SeedAsync(http, crm)));
            routes.MapGet($"/_requests/{crm.Name}", (HttpContext http) => RequestsDoor.GetAsync(http, log));
            routes.MapPost($"/_act/{crm.Name}", (Delegate)((HttpContext http) => ActAsync(http, crm)));
        }
    }

    private static async Task<IResult> ActAsync(HttpContext http, ICrm crm) =>
        new Sent(await DoorBody.ReadAsync(http) is { } act ? crm.At(DoorBody.TakeHost(act, crm, http)).Act(act) : crm.Malformed("a JSON object is needed"));

    private sealed class Sent(Answer answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = answer.Status;
            httpContext.Response.ContentType = answer.ContentType;
            return httpContext.Response.BodyWriter.WriteAsync(answer.Body, httpContext.RequestAborted).AsTask();
        }
    }
}
