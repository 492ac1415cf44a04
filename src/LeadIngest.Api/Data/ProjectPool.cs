using Npgsql;

namespace LeadIngest.Api.Data;

/// <summary>
/// A pool whose sessions stand behind the <see cref="ProjectWall"/> of whoever opens them: as the role <see cref="WallRole.Name"/>, to which row-level security shows one project. A query that
/// forgot its <c>where project_id = …</c> then finds the rows of its own project only.
/// </summary>
/// <remarks>
/// Role and project are set for the session, in one round trip, and not for a transaction: most readers need none. The driver sends <c>set session authorization default</c> and <c>reset all</c>
/// before a session that was closed is used again, which takes both away.
/// </remarks>
internal sealed class ProjectPool(NpgsqlDataSource pool) : IAsyncDisposable
{
    /// <summary>Behind the wall of the work under way; of work without one: plain.</summary>
    public async ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken ct) =>
        ProjectWall.Current is { } wall ? await BehindAsync(wall.ProjectId, ct) : await pool.OpenConnectionAsync(ct);

    /// <summary>Behind a wall around one project that need not be the one that was asked for: the caller has made sure that it may be seen.</summary>
    public async ValueTask<NpgsqlConnection> OpenForAsync(Guid project, CancellationToken ct) => await BehindAsync(project, ct);

    /// <summary>Plain even within a request. For what belongs to no project, or comes before it is known whose the request is; the test of walls names everybody who may.</summary>
    public ValueTask<NpgsqlConnection> OpenUnwalledAsync(CancellationToken ct) => pool.OpenConnectionAsync(ct);

    /// <inheritdoc cref="OpenUnwalledAsync"/>
    public NpgsqlConnection OpenUnwalled() => pool.OpenConnection();

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    private async Task<NpgsqlConnection> BehindAsync(Guid? project, CancellationToken ct)
    {
        var connection = await pool.OpenConnectionAsync(ct);
        try
        {
            await using var command = new NpgsqlCommand(Wall, connection);
            command.Parameters.Add(new() { Value = project?.ToString() ?? "" });
            await command.ExecuteNonQueryAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // The project first: from the second call on it is the role without rights that speaks.
    private const string Wall = $"select set_config('app.project', $1, false), set_config('role', '{WallRole.Name}', false)";
}
