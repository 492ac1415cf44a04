using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Http;
using LeadIngest.Api.Import;
using Npgsql;

namespace LeadIngest.Api.Features.Imports;

/// <summary>Takes a webhook of a CRM. Answers 200 once it is stored; the cards it speaks of are read again after that, over the CRM's API.</summary>
internal sealed class AcceptCrmEvent : IEndpoint
{
    /// <summary>The CRMs wait for a second or two; what is not stored by then is read by the next look at what changed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes)
    {
        var route = routes.MapPost("/v1/crm/{connectionId:guid}/{secret}", (Delegate)HandleAsync).AllowAnonymous().DisableAntiforgery()
            .Accepts<Dictionary<string, string>>("application/x-www-form-urlencoded", MediaTypes.Any).Produces(StatusCodes.Status200OK);
        foreach (var status in (int[])[401, 404, 413, 503]) route.ProducesProblem(status);
        return route;
    }

    internal static async Task<IResult> HandleAsync(Guid connectionId, string secret, HttpContext context, Database db, HookSecrets secrets, HookMetrics metrics,
        DeliverySignal signal, TimeProvider clock)
    {
        var crm = "unknown";
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            using var limit = new CancellationTokenSource(Patience, clock);
            await using var connection = await db.Ingest.OpenConnectionAsync(limit.Token);
            var hook = await connection.QuerySingleOrDefaultAsync<Hook>(new CommandDefinition(Find, new { Id = connectionId }, cancellationToken: limit.Token));
            if (hook is null || !secrets.IsRight(hook.ProjectId, connectionId, hook.HookSecret, secret))
            {
                metrics.Hook(crm, "wrong_secret");
                return Problems.NotFound("address");
            }
            crm = hook.Crm;
            var read = CrmEvent.Read(crm, body.GetBuffer().AsSpan(0, (int)body.Length));
            if (hook.HookProof is { } proof && crm == "bitrix24" && !secrets.IsRight(hook.ProjectId, connectionId, proof, read.Proof))
            {
                metrics.Hook(crm, "wrong_proof");
                return Problems.Of(401, "wrong-application-token", "Wrong application token", "auth[application_token] is not the one that was entered here.");
            }
            var kept = CrmEvent.WithoutProof(body.GetBuffer().AsSpan(0, (int)body.Length));
            await connection.ExecuteAsync(new CommandDefinition(Keep, new
            {
                hook.ProjectId,
                Id = connectionId,
                EventId = Guid.CreateVersion7(clock.GetUtcNow()),
                context.Request.ContentType,
                Body = kept,
                Hash = SHA256.HashData(kept),
                Cards = read.Cards.ToArray(),
                Deals = read.Deals.ToArray(),
            }, cancellationToken: limit.Token));
            metrics.Hook(crm, "stored");
            if (read.Cards.Count + read.Deals.Count > 0) signal.Wake();
            return Results.Ok();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException || (e is OperationCanceledException && !context.RequestAborted.IsCancellationRequested))
        {
            metrics.Hook(crm, "unavailable");
            return Problems.Of(503, "unavailable", "Come again", "The service cannot store anything just now.");
        }
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Hook
    {
        public required Guid ProjectId { get; init; }
        public required string Crm { get; init; }
        public required byte[] HookSecret { get; init; }
        public byte[]? HookProof { get; init; }
    }

    private const string Find = """
        select i.project_id, k.crm, i.hook_secret, i.hook_proof
        from crm_imports i join connections k on k.project_id = i.project_id and k.id = i.connection_id where i.connection_id = @Id
        """;

    // The same message again asks for the same cards again: harmless, and a card that was deleted, restored and deleted says the same twice.
    private const string Keep = """
        insert into crm_events (project_id, id, connection_id, content_type, body, body_sha256, pending, deals)
        values (@ProjectId, @EventId, @Id, left(@ContentType, 200), @Body, @Hash, @Cards, @Deals)
        on conflict (project_id, connection_id, body_sha256) do update set received_at = clock_timestamp(), pending = excluded.pending, deals = excluded.deals;
        update crm_imports set hook_seen_at = date_trunc('minute', clock_timestamp()),
            next_at = case when cardinality(@Cards) > 0 then least(next_at, clock_timestamp()) else next_at end
        where project_id = @ProjectId and connection_id = @Id
            and (hook_seen_at is distinct from date_trunc('minute', clock_timestamp()) or (cardinality(@Cards) > 0 and (next_at is null or next_at > clock_timestamp())));
        update deal_readings set next_at = clock_timestamp()
        where project_id = @ProjectId and connection_id = @Id and cardinality(@Deals) > 0 and (next_at is null or next_at > clock_timestamp());
        select pg_notify('deliveries', '') where cardinality(@Cards) + cardinality(@Deals) > 0
        """;
}
