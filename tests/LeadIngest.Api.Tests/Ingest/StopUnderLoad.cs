using Npgsql;

namespace LeadIngest.Api.Tests.Ingest;

/// <summary>Sixteen senders post without a pause, and the service is stopped in the midst of it.</summary>
internal static class StopUnderLoad
{
    /// <param name="api">The service; it is stopped when 200 posts were answered.</param>
    /// <param name="post">One post of a sender: the id that was promised, null when it was told to come again.</param>
    /// <returns>What was promised.</returns>
    public static async Task<HashSet<Guid>> PromisedAsync(ApiFixture api, Func<int, int, Task<Guid?>> post)
    {
        using var enough = new SemaphoreSlim(0);
        using var stopped = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 16).Select(async sender =>
        {
            var taken = new List<Guid>();
            for (var i = 0; !stopped.IsCancellationRequested; i++)
            {
                try
                {
                    if (await post(sender, i).WaitAsync(TimeSpan.FromSeconds(30)) is { } id) taken.Add(id);
                    enough.Release();
                }
                catch (HttpRequestException)
                {
                    break; // the door is shut
                }
            }
            return taken;
        }).ToArray();
        for (var i = 0; i < 200; i++) Assert.True(await enough.WaitAsync(TimeSpan.FromSeconds(60)));

        await api.App.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await stopped.CancelAsync();
        return (await Task.WhenAll(senders).WaitAsync(TimeSpan.FromSeconds(60))).SelectMany(t => t).ToHashSet();
    }

    /// <summary>What is stored, asked of the database: the service is not there any more.</summary>
    public static async Task<HashSet<Guid>> StoredAsync(string db, string table)
    {
        await using var connection = new NpgsqlConnection(db);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select id from {table}", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var stored = new HashSet<Guid>();
        while (await rows.ReadAsync()) stored.Add(rows.GetGuid(0));
        return stored;
    }
}
