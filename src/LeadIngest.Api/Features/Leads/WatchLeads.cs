using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.Leads.Feed;
using LeadIngest.Api.Features.Operations;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Http.Masks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Leads;

/// <summary>Leads as they come: a stream of server-sent events that the service does not end by itself.</summary>
/// <remarks>
/// Events: <c>lead</c>, a lead that is new, as <c>GET /v1/leads/{id}</c> shows it, with its id as the event's; <c>changed</c>, the same of a lead of the last hour whose status, client,
/// deliveries or deals have changed; <c>gap</c>, more happened than is told: read the list again; <c>ping</c>, at the beginning and every 15 seconds.
/// With <c>Last-Event-ID</c> (browsers send it when they connect again) up to 200 leads since that one come first. The stream ends when the service stops and when the login ends.
/// </remarks>
internal sealed class WatchLeads : IEndpoint
{
    private const int MostCaughtUp = 200;

    /// <summary>How soon a listener notices that the service is stopping.</summary>
    private static readonly TimeSpan LooksUp = TimeSpan.FromSeconds(1);

    /// <summary>A database that is away: the browser comes again by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/feed", HandleAsync)
        .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable).Needs(Right.Leads);

    internal static async Task<Results<ServerSentEventsResult<JsonElement>, ProblemHttpResult>> HandleAsync([FromHeader(Name = "Last-Event-ID")] string? lastEventId, HttpContext context, Caller caller,
        LeadFeed feed, Telling telling, CancellationToken ct)
    {
        if (feed.Join(caller.ProjectId) is not { } listener)
        {
            context.Response.Headers.RetryAfter = "10";
            return Problems.Of(429, "too-many-listeners", "Too many listeners", "As many streams of leads are open as may be. Close one, or read the list.");
        }
        context.Response.RegisterForDispose(listener);
        try
        {
            await listener.Ready.WaitAsync(Patience, ct);
        }
        catch (TimeoutException)
        {
            context.Response.Headers.RetryAfter = "5";
            return Problems.Of(503, "unavailable", "Come again", "Leads cannot be read just now.");
        }
        // A proxy that gathers an answer before it passes it on would make news old.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(telling.TellAsync(context, caller, Guid.TryParse(lastEventId, out var last) ? last : null, listener, ct));
    }

    /// <summary>What a listener is told.</summary>
    internal sealed class Telling(Database db, Draining draining, IOptions<FeedOptions> options, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json, TimeProvider clock, IHostApplicationLifetime life)
    {
        private readonly JsonSerializerOptions _masked = MaskedJson.Of(json.Value.SerializerOptions);

        public async IAsyncEnumerable<SseItem<JsonElement>> TellAsync(HttpContext context, Caller caller, Guid? last, FeedListener listener, [EnumeratorCancellation] CancellationToken ct)
        {
            var told = new HashSet<Guid>();
            if (last is { } since)
            {
                var (leads, isAll) = await SinceAsync(caller, since, ct);
                if (!isAll) yield return Event(caller, "gap");
                foreach (var lead in leads)
                {
                    told.Add(lead.Id);
                    yield return Event(caller, "lead", lead);
                }
            }
            yield return Event(caller, "ping");
            var (spokeAt, checkedAt) = (clock.GetTimestamp(), clock.GetTimestamp());
            while (!ct.IsCancellationRequested)
            {
                var next = listener.Next;
                var news = listener.Take(out var missed);
                if (news.Count == 0 && !missed)
                {
                    await next.AtMostAsync(Least(LooksUp, options.Value.PingEvery, options.Value.RecheckEvery), clock, ct);
                    // A listener must not hold up the stop of the process.
                    if (life.ApplicationStopping.IsCancellationRequested || draining.HasBegun) yield break;
                    news = listener.Take(out missed);
                }
                if (clock.GetElapsedTime(checkedAt) >= options.Value.RecheckEvery)
                {
                    if (await CallerAgain.AskAsync(context, caller, Right.Leads) is not { } again) yield break;
                    (caller, checkedAt) = (again, clock.GetTimestamp());
                }
                if (missed) yield return Event(caller, "gap");
                if (news.Count > 0)
                {
                    await using var connection = await db.Reading.OpenConnectionAsync(ct);
                    var leads = (await ListLeads.OfAsync(connection, caller, [.. news.Select(n => n.Id)], ct)).ToDictionary(l => l.Id);
                    foreach (var (id, isNew) in news)
                    {
                        if (!leads.Remove(id, out var lead)) continue;
                        // A lead becomes a manager's with its deal: that is when the manager first hears of it.
                        var isFirst = isNew ? told.Add(id) : caller.OnlyOf is not null && told.Add(id);
                        yield return Event(caller, isFirst ? "lead" : "changed", lead);
                    }
                    if (told.Count > 10 * LeadFeed.MostLooked) told.Clear();
                }
                else if (clock.GetElapsedTime(spokeAt) < options.Value.PingEvery) continue;
                else yield return Event(caller, "ping");
                spokeAt = clock.GetTimestamp();
            }
        }

        private async Task<(IReadOnlyList<LeadAnswer> Leads, bool IsAll)> SinceAsync(Caller caller, Guid last, CancellationToken ct)
        {
            await using var connection = await db.Reading.OpenConnectionAsync(ct);
            var ids = (await connection.QueryAsync<Guid>(new CommandDefinition(Since, new { caller.ProjectId, Last = last, Most = MostCaughtUp + 1 }, cancellationToken: ct))).AsList();
            var leads = await ListLeads.OfAsync(connection, caller, [.. ids.Take(MostCaughtUp)], ct);
            return ([.. leads.Reverse()], ids.Count <= MostCaughtUp);
        }

        private SseItem<JsonElement> Event(Caller caller, string name, LeadAnswer? lead = null) =>
            new(JsonSerializer.SerializeToElement(lead, caller.SeesContacts ? json.Value.SerializerOptions : _masked), name) { EventId = name == "lead" ? lead!.Id.ToString() : null };

        private static TimeSpan Least(params ReadOnlySpan<TimeSpan> times)
        {
            var least = times[0];
            foreach (var time in times)
                if (time < least) least = time;
            return least;
        }

        private const string Since = "select id from leads where project_id = @ProjectId and id > @Last order by id desc limit @Most";
    }
}
