using System.Diagnostics.CodeAnalysis;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Import;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Imports;

/// <summary>How a CRM tells of its changes.</summary>
/// <param name="Address">To be entered in the CRM; whoever has it may report changes. Null when the stored secret cannot be read: set the webhook up anew.</param>
/// <param name="State"><c>none</c> (not set up), <c>waiting</c>, <c>on</c>, <c>disabled</c> (the CRM has switched it off), <c>manual</c> (to be made by a person in the CRM),
/// <c>refused</c> (no right, or the plan has none) or <c>failed</c> (not now).</param>
/// <param name="Why">In words; null when it is on.</param>
/// <param name="LastSeenAt">When the last webhook came, to the minute.</param>
internal sealed record CrmWebhookAnswer(string? Address, string State, string? Why, DateTimeOffset? LastSeenAt)
{
    public static async Task<CrmWebhookAnswer?> FindAsync(Npgsql.NpgsqlConnection db, Guid projectId, Guid id, HookSecrets secrets, string root, CancellationToken ct)
    {
        var row = await db.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(One, new { ProjectId = projectId, Id = id }, cancellationToken: ct));
        return row is null ? null : new(
            row.HookSecret is null ? null : secrets.HookAddress(projectId, id, row.HookAddress ?? root, row.HookSecret)?.AbsoluteUri,
            row.HookState ?? (row.HookAddress is null ? "none" : "waiting"), row.HookWhy, row.HookSeenAt);
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Row
    {
        public byte[]? HookSecret { get; init; }
        public string? HookAddress { get; init; }
        public string? HookState { get; init; }
        public string? HookWhy { get; init; }
        public DateTimeOffset? HookSeenAt { get; init; }
    }

    private const string One = """
        select i.hook_secret, i.hook_address, i.hook_state, i.hook_why, i.hook_seen_at
        from connections k left join crm_imports i on i.project_id = k.project_id and i.connection_id = k.id where k.project_id = @ProjectId and k.id = @Id
        """;
}

/// <summary>Shows the address for the CRM's own webhooks, and whether it is in use.</summary>
internal sealed class GetCrmWebhook : IEndpoint
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}/webhook", HandleAsync).ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<Results<Ok<CrmWebhookAnswer>, ProblemHttpResult>> HandleAsync(Guid id, ProjectScope scope, Database db, HookSecrets secrets,
        IOptions<PublicAddress> address, HttpRequest request, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return await CrmWebhookAnswer.FindAsync(connection, scope.ProjectId, id, secrets, address.Value.For(request), ct) is { } answer
            ? TypedResults.Ok(answer) : Problems.NotFound("connection");
    }
}

/// <summary>Has the CRM send its webhooks here: registers the address where these credentials allow it, and looks every hour whether it is still in use.</summary>
/// <remarks>
/// With an inbound webhook of Bitrix24 that is impossible: the state becomes <c>manual</c>. Make an outgoing webhook in the portal (Developer resources → Other →
/// Outgoing webhook) with this address and the events of contacts, companies, deals and leads, and send its application token here.
/// </remarks>
internal sealed class SetUpCrmWebhook : IEndpoint
{
    /// <param name="ApplicationToken">Bitrix24: shown by the portal when the outgoing webhook is made; from then on every webhook must carry it. Absent: as it was.</param>
    /// <param name="NewSecret">True: a new address; the old one stops working at once.</param>
    internal sealed record Request(string? ApplicationToken, bool NewSecret);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.ApplicationToken).MaximumLength(500);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/webhook", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound).WithExample("""{"applicationToken":"51856fefc120afa4b628cc82d3935cce","newSecret":false}""");

    internal static async Task<Results<Ok<CrmWebhookAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ProjectScope scope, Database db, HookSecrets secrets,
        IOptions<PublicAddress> address, HttpRequest http, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var root = address.Value.For(http);
        await connection.ExecuteAsync(new CommandDefinition(SetUp, new
        {
            scope.ProjectId,
            Id = id,
            Root = root,
            Secret = secrets.New(scope.ProjectId, id),
            request.NewSecret,
            Proof = request.ApplicationToken is { Length: > 0 } token ? secrets.Keep(scope.ProjectId, id, token) : null,
        }, cancellationToken: ct));
        return await CrmWebhookAnswer.FindAsync(connection, scope.ProjectId, id, secrets, root, ct) is { } answer ? TypedResults.Ok(answer) : Problems.NotFound("connection");
    }

    // A connection that was never imported is not imported by this: it only hears of changes from now on.
    private const string SetUp = """
        insert into crm_imports as i (project_id, connection_id, hook_secret, hook_proof, hook_address, state, read_until)
        select k.project_id, k.id, @Secret, @Proof, @Root, 'cancelled', clock_timestamp() from connections k where k.project_id = @ProjectId and k.id = @Id
        on conflict (project_id, connection_id) do update set hook_address = excluded.hook_address, hook_proof = coalesce(excluded.hook_proof, i.hook_proof),
            hook_secret = case when @NewSecret then excluded.hook_secret else i.hook_secret end, hook_state = null, hook_why = null, hook_checked_at = null, next_at = clock_timestamp();
        insert into deal_readings (project_id, connection_id, state, read_until)
        select k.project_id, k.id, 'cancelled', clock_timestamp() from connections k where k.project_id = @ProjectId and k.id = @Id on conflict do nothing;
        select pg_notify('deliveries', '')
        """;
}
