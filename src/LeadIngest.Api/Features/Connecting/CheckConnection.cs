using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Dapper;
using LeadIngest.Api.Connecting;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Http;
using LeadIngest.Crm;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ConnectionRow = LeadIngest.Api.Delivery.ConnectionRow;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>Looks at the CRM account and says in words what is missing; with <c>repair</c> it makes our own fields there, read-only for people.</summary>
/// <remarks>Asks the CRM a few questions within its limits and sends no lead. Without <c>repair</c> nothing is changed.</remarks>
internal sealed class CheckConnection : IEndpoint
{
    /// <param name="Repair">True: the account's owner allows to make fields for source, campaign, keyword, channel, landing page and lead id.</param>
    internal sealed record Request(bool? Repair);

    /// <param name="Ok">True when leads can be delivered now.</param>
    /// <param name="State">The connection's own state: <c>active</c>, <c>paused</c>, <c>needs_reauth</c> or <c>blocked</c>.</param>
    /// <param name="Items">What was looked at: <c>state</c> is <c>ok</c>, <c>warning</c> or <c>failed</c>.</param>
    /// <param name="Fields">Our own fields that are there: part of the passport to the CRM's code of the field.</param>
    internal sealed record Response(bool Ok, string State, IReadOnlyList<CheckItem> Items, IReadOnlyDictionary<string, string> Fields);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/check", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).WithExample("""{"repair":true}""");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Guid id, Request? request, HttpContext context, ProjectScope scope, Database db,
        CredentialsCipher cipher, TokenKeeper keeper, ICrmAccountFactory accounts, IOptions<PublicAddress> address, TimeProvider clock, CancellationToken ct)
    {
        Stored? row;
        await using (var connection = await db.Reading.OpenConnectionAsync(ct))
            row = await connection.QuerySingleOrDefaultAsync<Stored>(new CommandDefinition(Find, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        if (row is null) return Problems.NotFound("connection");

        var check = await LookAsync(new ConnectionRow(scope.ProjectId, id, row.Crm, row.Credentials, row.Settings, row.State == "active"),
            new CheckRequest(request?.Repair ?? false, address.Value.For(context.Request) + "/v1/crm/"), cipher, keeper, accounts, clock, ct);
        await using (var connection = await db.Reading.OpenConnectionAsync(ct))
        {
            if (check.Fields.Count > 0)
                await connection.ExecuteAsync(new CommandDefinition(Remember,
                    new { scope.ProjectId, Id = id, Fields = JsonSerializer.Serialize(check.Fields) }, cancellationToken: ct));
            // The look itself may have found that the login is over.
            row = await connection.QuerySingleOrDefaultAsync<Stored>(new CommandDefinition(Find, new { scope.ProjectId, Id = id }, cancellationToken: ct)) ?? row;
        }
        var own = row.State switch
        {
            "active" => new CheckItem("connection", CheckItem.Good, "The connection is working."),
            "paused" => new CheckItem("connection", CheckItem.Warning, "The connection was paused by a person: leads wait until it is resumed."),
            _ => new CheckItem("connection", CheckItem.Failed, $"The connection was stopped: {row.StateReason ?? "the CRM refused it"} Leads wait. {(check.Ok ? "The account answers now: resume the connection." : "Connect the account anew.")}"),
        };
        return TypedResults.Ok(new Response(check.Ok && row.State == "active", row.State, [own, .. check.Items], check.Fields));
    }

    private static async Task<AccountCheck> LookAsync(ConnectionRow connection, CheckRequest request, CredentialsCipher cipher, TokenKeeper keeper, ICrmAccountFactory accounts,
        TimeProvider clock, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            var credentials = Credentials.FromBytes(cipher.Decrypt(connection.ProjectId, connection.Id, connection.Credentials));
            // Its own, beside the one that delivery uses: that one may be replaced at any moment. Limits and login are shared.
            await using var account = accounts.Create(CrmAccountPool.Connection(connection, credentials), keeper.Of(connection.ProjectId, connection.Id, connection.Crm, credentials));
            return await account.CheckAsync(request, Anybody.MayAsk, either.Token);
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or InvalidCredentialsException or JsonException or ArgumentException)
        {
            return Failed("credentials", "The stored credentials cannot be read: enter them anew, or connect again.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Failed("reachable", $"The account could not be looked at within {Patience.TotalSeconds:0} seconds.");
        }
    }

    private static AccountCheck Failed(string name, string why) => new([new CheckItem(name, CheckItem.Failed, why)], new Dictionary<string, string>());

    [SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record Stored(string Crm, byte[] Credentials, string Settings, string State, string? StateReason);

    private const string Find = """
        select crm, credentials, settings::text as settings, state, state_reason from connections where project_id = @ProjectId and id = @Id
        """;

    private const string Remember = "update connections set own_fields = @Fields::jsonb where project_id = @ProjectId and id = @Id and own_fields <> @Fields::jsonb";
}
