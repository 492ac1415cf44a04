using System.Security.Cryptography;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Rejects;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;

namespace LeadIngest.Api.Calls;

/// <summary>Reads the reject of a call webhook again, with the adapter and the sender's secrets of today, and stores its events. Its time is that of its first arrival.</summary>
internal sealed class CallReplay(Database db, SenderDirectory senders, CallIntake intake, CallStore store)
{
    /// <summary>How the routes of these rejects begin; the provider follows.</summary>
    public const string Route = "calls/";

    /// <param name="Stored">What became of it.</param>
    /// <param name="Errors">By field, when it cannot be stored.</param>
    public sealed record Outcome(CallStored Stored, IReadOnlyDictionary<string, string[]> Errors);

    public async Task<Outcome> ReplayAsync(Guid projectId, Guid rejectId, byte[] body, string? contentType, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleAsync<Row>(new CommandDefinition(Find, new { ProjectId = projectId, Id = rejectId }, cancellationToken: ct));
        var name = row.Route[Route.Length..];
        var headers = new RejectRow { Headers = row.Headers }.HeadersByName();
        Sender? sender;
        try
        {
            sender = KeptRequest.SenderOf(headers) is { } id ? await senders.FindCallAsync(projectId, id, ct) : await senders.FindCallAsync(projectId, row.SiteId, name, ct);
        }
        catch (CryptographicException)
        {
            return No("sender", SenderDirectory.SecretsUnreadable);
        }
        if (sender is null || CallProviders.Find(name) is not { } provider)
            return No("sender", $"The sender ({name}) that brought it is not there any more, or is switched off.");
        var request = KeptRequest.Read(headers, sender, body, contentType, row.ReceivedAt);
        return intake.Read(provider, request) switch
        {
            CallReading.Events events => await store.StoreAsync(request, events, rejectId) switch
            {
                CallStored.NotStorable => No("body", "The database refuses these values."),
                var stored => new(stored, None),
            },
            CallReading.Unreadable unreadable => new(CallStored.NotStorable, unreadable.Errors),
            CallReading.Forbidden forbidden => No("signature", forbidden.Why),
            CallReading.Nothing nothing => No("body", $"There is no call in it: {nothing.Why}."),
            _ => No("body", "There is no call in it."),
        };
    }

    private static readonly Dictionary<string, string[]> None = [];

    private static Outcome No(string field, string reason) => new(CallStored.NotStorable, new Dictionary<string, string[]> { [field] = [reason] });

    private sealed class Row
    {
        public string Route { get; init; } = "";
        public string Headers { get; init; } = "{}";
        public DateTimeOffset ReceivedAt { get; init; }
        public Guid SiteId { get; init; }
    }

    private const string Find = "select route, headers::text as headers, received_at, site_id from rejects where project_id = @ProjectId and id = @Id";
}
