using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Visits;
using Npgsql;

namespace LeadIngest.Api.Ingest;

/// <summary>Forgets remembered sites and keys when another node changes a setting. A missed notification costs at most the time things are remembered.</summary>
internal sealed class SettingsListener(Database db, SiteDirectory sites, SenderDirectory senders, VisitDirectory visits, ApiKeyCache keys) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await db.Reading.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, notice) => Forget(notice.Channel);
                await using (var listen = new NpgsqlCommand("listen sites; listen projects; listen connections; listen api_keys; listen senders", connection))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true) await connection.WaitAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                sites.Clear();
                senders.Clear();
                visits.Forget();
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Forget(string channel)
    {
        if (channel == "api_keys") keys.Clear();
        else if (channel == "senders") senders.Clear();
        else
        {
            sites.Clear();
            if (channel == "projects") visits.Forget();
        }
    }
}
