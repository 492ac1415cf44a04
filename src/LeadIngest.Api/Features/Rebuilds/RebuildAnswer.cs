using System.Text.Json;
using Dapper;
using LeadIngest.Api.Rebuilds;
using Npgsql;

namespace LeadIngest.Api.Features.Rebuilds;

/// <summary>Work on a project's whole history.</summary>
/// <param name="What">What had changed: <c>dictionary</c>, <c>clients</c>, <c>attribution</c>, <c>cost</c>, <c>all</c>; <c>preview</c> changes nothing.</param>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Phase">Where it is: <c>before</c> (keeping the figures), <c>visits</c>, <c>leads</c>, <c>figures</c>, <c>after</c>.</param>
/// <param name="Done">Visits and leads looked at.</param>
/// <param name="Total">Of so many; null until they are counted.</param>
/// <param name="Changed">Whose passports became others.</param>
/// <param name="Kept">Whose evidence is not all kept: they stay as they were.</param>
/// <param name="KeyId">The API key that asked for it; null: the service itself.</param>
/// <param name="Error">What stopped it last; it is tried again while it runs.</param>
/// <param name="Preview">Of a preview that is done; in lists null.</param>
internal sealed record RebuildAnswer(Guid Id, string What, string State, string Phase, long Done, long? Total, long Changed, long Kept, Guid? KeyId, string? Error,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, PreviewAnswer? Preview)
{
    public static async Task<RebuildAnswer?> FindAsync(NpgsqlConnection connection, Guid project, Guid id, CancellationToken ct) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"select {Row.Columns}, result::text as result from rebuilds where project_id = @Project and id = @Id",
            new { Project = project, Id = id }, cancellationToken: ct)))?.Answer();

    internal sealed class Row
    {
        public const string Columns = "id, what, state, phase, done, total, changed, kept, key_id, error, created_at, started_at, finished_at";

        public Guid Id { get; init; }
        public string What { get; init; } = "";
        public string State { get; init; } = "";
        public string Phase { get; init; } = "";
        public long Done { get; init; }
        public long? Total { get; init; }
        public long Changed { get; init; }
        public long Kept { get; init; }
        public Guid? KeyId { get; init; }
        public string? Error { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? StartedAt { get; init; }
        public DateTimeOffset? FinishedAt { get; init; }
        public string? Result { get; init; }

        public RebuildAnswer Answer() => new(Id, What, State, Phase, Done, Total, Changed, Kept, KeyId, Error, CreatedAt, StartedAt, FinishedAt,
            Result is null ? null : JsonSerializer.Deserialize<PreviewAnswer>(Result, PreviewQuestion.Json));
    }
}
