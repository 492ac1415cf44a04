using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Figures;
using LeadIngest.Core.Attribution;
using LeadIngest.Core.Passports;
using Npgsql;

namespace LeadIngest.Api.Journeys;

/// <summary>Reads what may be touches of a client and of all those merged with it; see <see cref="DealPath"/> for the rule.</summary>
internal static class FamilyTouches
{
    /// <summary>Touches of one client; a greater history than this is a robot's or a shared contact's, and its oldest ones are left out.</summary>
    public const int Most = 10_000;

    /// <param name="client">Any of the family.</param>
    /// <returns>The newest first; at most <see cref="Most"/>.</returns>
    public static async Task<IReadOnlyList<DealTouch>> ReadAsync(NpgsqlConnection connection, Guid project, Guid client, CancellationToken ct) =>
        [.. (await connection.QueryAsync<TouchRow>(new CommandDefinition(Of, new { ProjectId = project, ClientId = client, Most }, cancellationToken: ct))).Select(r => r.Touch())];

    private static readonly string Of = $"""
        with members as (select f.id, @ClientId::uuid as root from unnest(array{ClientFamily.Ids}) f (id))
        select * from ({ClientTouches.Of("@ProjectId")}) t order by at desc, id desc limit @Most
        """;
}

/// <summary>A row of what <see cref="FamilyTouches"/> reads.</summary>
internal sealed class TouchRow
{
    public int Kind { get; init; }
    public Guid Id { get; init; }
    public DateTimeOffset At { get; init; }
    public string Channel { get; init; } = "unknown";
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }
    public string? Content { get; init; }
    public string? Keyword { get; init; }
    public Guid? VisitId { get; init; }
    public Guid? CallId { get; init; }

    public DealTouch Touch()
    {
        _ = PassportNames.TryParse(Channel, out Channel channel);
        return new(Kind switch { 0 => TouchKind.Visit, 1 => TouchKind.Call, _ => TouchKind.Lead }, Id, At, new(channel, Source, Medium, Campaign, Content, Keyword), VisitId, CallId);
    }
}
