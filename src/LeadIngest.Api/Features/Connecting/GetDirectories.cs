using System.Diagnostics.CodeAnalysis;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Http;
using LeadIngest.Crm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>Asks the CRM for what the settings of a connection choose from: pipelines with their stages, people, and custom fields.</summary>
/// <remarks>
/// Read live and within the account's limits, then remembered for 5 minutes; <c>fresh=true</c> asks anew. The CRM is changed in nothing. 503
/// <c>crm-unavailable</c>: it does not answer now; 422 <c>crm-refused</c>: the credentials do not work or lack the right. Settings can be written all the same, by ids.
/// </remarks>
internal sealed class GetDirectories : IEndpoint
{
    /// <param name="Crm"><c>amocrm</c> or <c>bitrix24</c>.</param>
    /// <param name="ReadAt">When the CRM was asked.</param>
    /// <param name="Pipelines">In the CRM's order, without those that were put away.</param>
    /// <param name="Users">Null when the credentials have no right to see them.</param>
    /// <param name="Fields">Custom fields of the cards and of contacts; null when the credentials have no right to see them.</param>
    /// <param name="Unread">The lists that are null, and why.</param>
    internal sealed record Response(string Crm, DateTimeOffset ReadAt, IReadOnlyList<ListedPipeline> Pipelines, IReadOnlyList<ListedUser>? Users, IReadOnlyList<ListedField>? Fields,
        IReadOnlyList<UnreadList> Unread);

    /// <param name="Id">As <c>pipelineId</c> of the settings. Empty for the only pipeline of Bitrix24's leads.</param>
    /// <param name="Of"><c>deal</c>, or <c>lead</c> for Bitrix24's leads.</param>
    /// <param name="IsMain">Where cards go that name none.</param>
    /// <param name="Stages">In their order.</param>
    internal sealed record ListedPipeline(string Id, string Of, string Name, bool IsMain, IReadOnlyList<ListedStage> Stages);

    /// <param name="Id">As <c>stageId</c> of the settings.</param>
    /// <param name="Color">As in the CRM, <c>#99ccff</c>; null when it says none.</param>
    /// <param name="State"><c>open</c>, <c>won</c> or <c>lost</c>.</param>
    /// <param name="IsIncoming">amoCRM's incoming leads: cannot be chosen.</param>
    internal sealed record ListedStage(string Id, string Name, string? Color, string State, bool IsIncoming);

    internal sealed record ListedUser(string Id, string Name, bool IsActive);

    /// <param name="Of">Whose field: <c>deal</c>, <c>lead</c> (Bitrix24) or <c>contact</c>.</param>
    /// <param name="Key">As rules name it.</param>
    /// <param name="Id">amoCRM's id, which rules may name instead.</param>
    /// <param name="Type"><c>text</c>, <c>number</c>, <c>flag</c>, <c>date</c>, <c>moment</c>, <c>link</c>, <c>choice</c>, or <c>other</c>: nothing that a text could fill.</param>
    /// <param name="CrmType">The CRM's own word for the type.</param>
    /// <param name="Choices">Of a choice.</param>
    internal sealed record ListedField(string Of, string Key, string Id, string Name, string Type, string CrmType, bool IsMultiple, IReadOnlyList<ListedChoice> Choices);

    /// <param name="Value">What a template has to come out as: amoCRM takes the words, Bitrix24 the id.</param>
    internal sealed record ListedChoice(string Value, string Name);

    /// <param name="List"><c>users</c> or <c>fields</c>.</param>
    /// <param name="Why">For people.</param>
    internal sealed record UnreadList(string List, string Why);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}/directories", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, bool? fresh, HttpContext context, ProjectScope scope, Database db, KnownDirectories known, CancellationToken ct)
    {
        Stored? row;
        await using (var connection = await db.Reading.OpenConnectionAsync(ct))
            row = await connection.QuerySingleOrDefaultAsync<Stored>(new CommandDefinition(Find, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        if (row is null) return Problems.NotFound("connection");
        try
        {
            var (at, read) = await known.GetAsync(new ConnectionRow(scope.ProjectId, id, row.Crm, row.Credentials, row.Settings, Active: true), fresh ?? false, ct);
            switch (read)
            {
                case DirectoriesRead.Found found:
                    return TypedResults.Ok(Of(row.Crm, at, found.Directories));
                case DirectoriesRead.Refused refused:
                    return Problems.Of(422, "crm-refused", "The CRM refuses access", refused.Why);
                case DirectoriesRead.Failed failed:
                    if (failed.After is { } after) context.Response.Headers.RetryAfter = $"{Math.Ceiling(after.TotalSeconds):0}";
                    return Problems.Of(503, "crm-unavailable", "The CRM does not answer", failed.Why);
                default:
                    throw new InvalidOperationException(read.GetType().Name);
            }
        }
        catch (Exception e) when (e is InvalidCredentialsException or ArgumentException)
        {
            return Problems.Conflict("credentials-unreadable", "The credentials cannot be read", "Enter them anew.");
        }
    }

    private static Response Of(string crm, DateTimeOffset at, AccountDirectories read) => new(crm, at,
        [.. read.Pipelines.Where(p => !p.IsArchived).Select(p => new ListedPipeline(p.Id, p.Kind == DealKind.Lead ? "lead" : "deal", p.Name, p.IsMain,
            [.. p.Stages.Select(s => new ListedStage(s.Id, s.Name, s.Color, s.State, s.IsIncoming))]))],
        read.Users is null ? null : [.. read.Users.Select(u => new ListedUser(u.Id, u.Name, u.IsActive))],
        read.Fields is null ? null : [.. read.Fields.Select(f => new ListedField(f.Of, f.Key, f.Id, f.Name, f.Type, f.CrmType, f.IsMultiple, [.. f.Choices.Select(c => new ListedChoice(c.Value, c.Name))]))],
        [.. read.Unread.Select(u => new UnreadList(u.Key, u.Value))]);

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Stored(string Crm, byte[] Credentials, string Settings);

    private const string Find = "select crm, credentials, settings::text as settings from connections where project_id = @ProjectId and id = @Id";
}
