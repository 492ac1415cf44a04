using System.Collections.Concurrent;
using System.Threading.Channels;
using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Senders;

/// <summary>
/// Notes when a sender was last heard of and last tested, at most once a minute and never in a request's way: a note that finds no room or no
/// database is dropped, the next one will do.
/// </summary>
internal sealed class SenderSightings(Database db, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private const int MaxRemembered = 10_000;
    private readonly ConcurrentDictionary<(Guid SenderId, bool IsTest), DateTimeOffset> _noted = new();
    private readonly Channel<(Guid ProjectId, Guid SenderId, bool IsTest, DateTimeOffset At)> _notes =
        Channel.CreateBounded<(Guid, Guid, bool, DateTimeOffset)>(new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <param name="sender">Who was heard of; null: nobody has set it up.</param>
    /// <param name="isTest">A check of the address or a trial.</param>
    public void Note(Sender? sender, bool isTest = false)
    {
        if (sender is null) return;
        var now = clock.GetUtcNow();
        if (_noted.TryGetValue((sender.Id, isTest), out var last) && now - last < Every) return;
        if (_noted.Count >= MaxRemembered) _noted.Clear();
        _noted[(sender.Id, isTest)] = now;
        _notes.Writer.TryWrite((sender.ProjectId, sender.Id, isTest, now));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (project, sender, isTest, at) in _notes.Reader.ReadAllAsync(stoppingToken))
            {
                try
                {
                    await using var connection = await db.Delivery.OpenConnectionAsync(stoppingToken);
                    await connection.ExecuteAsync(new CommandDefinition(Seen, new { Project = project, Sender = sender, IsTest = isTest, At = at.UtcDateTime },
                        cancellationToken: stoppingToken));
                }
                catch (Exception e) when (e is NpgsqlException or TimeoutException)
                {
                    _noted.TryRemove((sender, isTest), out _);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private const string Seen = """
        update senders set last_seen_at = greatest(last_seen_at, @At), last_test_at = case when @IsTest then greatest(last_test_at, @At) else last_test_at end
        where project_id = @Project and id = @Sender
        """;
}
