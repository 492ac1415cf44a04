using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Import;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Imports;

/// <summary>The same progress as it moves: a stream of server-sent events <c>progress</c>, closed by the service when the reading is over.</summary>
/// <remarks>One event at once, then one when something changed, at most one a second; an event <c>still</c> every 15 seconds otherwise.</remarks>
internal sealed class WatchImport : IEndpoint
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SpeakEvery = TimeSpan.FromSeconds(15);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}/import/events", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<ServerSentEventsResult<ImportProgress>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, IOptions<ImportOptions> options,
        TimeProvider clock, IHostApplicationLifetime life, CancellationToken ct)
    {
        ImportProgress? first;
        await using (var connection = await db.Reading.OpenConnectionAsync(ct)) first = await ImportProgress.FindAsync(connection, scope.ProjectId, id, options.Value.Deals, ct);
        return first is null ? Problems.NotFound("connection") : TypedResults.ServerSentEvents(FollowAsync(first, id, scope.ProjectId, options.Value.Deals, db, clock, life.ApplicationStopping, ct));
    }

    private static async IAsyncEnumerable<SseItem<ImportProgress>> FollowAsync(ImportProgress progress, Guid id, Guid projectId, bool withDeals, Database db, TimeProvider clock,
        CancellationToken stopping, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return new(progress, "progress");
        var spokeAt = clock.GetTimestamp();
        while (!progress.IsOver)
        {
            // A watcher must not hold up the stop of the process.
            await Task.Delay(LookEvery, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested || ct.IsCancellationRequested) yield break;
            ImportProgress? now;
            await using (var connection = await db.Reading.OpenConnectionAsync(ct)) now = await ImportProgress.FindAsync(connection, projectId, id, withDeals, ct);
            if (now is null) yield break;
            var moved = now != progress;
            progress = now;
            if (!moved && clock.GetElapsedTime(spokeAt) < SpeakEvery) continue;
            spokeAt = clock.GetTimestamp();
            yield return new(progress, moved ? "progress" : "still");
        }
    }
}
