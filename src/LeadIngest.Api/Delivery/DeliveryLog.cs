using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Delivery;

/// <summary>What delivery says: ids, classes and the CRM's words; never a phone, an e-mail or a token.</summary>
internal static partial class DeliveryLog
{
    [LoggerMessage(LogLevel.Information, "delivery.account.taken {AccountKey} token {Token} taken over {TakenOver}")]
    public static partial void AccountTaken(this ILogger log, string accountKey, long token, bool takenOver);

    [LoggerMessage(LogLevel.Warning, "delivery.account.failed {AccountKey}, again in {Pause}")]
    public static partial void AccountFailed(this ILogger log, Exception e, string accountKey, TimeSpan pause);

    [LoggerMessage(LogLevel.Warning, "delivery.orphans.in_doubt {AccountKey} {ConnectionId} {Rows}")]
    public static partial void OrphansInDoubt(this ILogger log, string accountKey, Guid connectionId, int rows);

    [LoggerMessage(LogLevel.Warning, "delivery.fenced {AccountKey} {ConnectionId}")]
    public static partial void Fenced(this ILogger log, string accountKey, Guid connectionId);

    [LoggerMessage(LogLevel.Warning, "delivery.dead {DeliveryId} {ConnectionId}: {Reason}")]
    public static partial void DeliveryDead(this ILogger log, Guid deliveryId, Guid connectionId, string? reason);

    [LoggerMessage(LogLevel.Warning, "delivery.foreign_contact {DeliveryId} {ConnectionId}: the contact belongs to another client")]
    public static partial void ForeignContact(this ILogger log, Guid deliveryId, Guid connectionId);

    [LoggerMessage(LogLevel.Error, "delivery.connection.stopped {ConnectionId} {State}: {Reason}")]
    public static partial void ConnectionStopped(this ILogger log, Guid connectionId, string state, string? reason);

    [LoggerMessage(LogLevel.Information, "delivery.connection.recovered {ConnectionId}: the CRM takes leads again")]
    public static partial void ConnectionRecovered(this ILogger log, Guid connectionId);

    [LoggerMessage(LogLevel.Error, "delivery.connection.unreadable {ConnectionId}: {Reason}")]
    public static partial void ConnectionUnreadable(this ILogger log, Guid connectionId, string reason);

    [LoggerMessage(LogLevel.Error, "delivery.call.threw {ConnectionId}")]
    public static partial void CallThrew(this ILogger log, Exception e, Guid connectionId);

    [LoggerMessage(LogLevel.Warning, "delivery.record.failed {AccountKey}: {Reason}")]
    public static partial void RecordFailed(this ILogger log, string accountKey, string reason);

    [LoggerMessage(LogLevel.Warning, "delivery.{Loop}.down")]
    public static partial void Down(this ILogger log, Exception e, string loop);

    [LoggerMessage(LogLevel.Information, "delivery.{Loop}.up")]
    public static partial void Up(this ILogger log, string loop);

    /// <summary>Counts and logs what became of the rows of one call.</summary>
    public static void Report(this DeliveryTools tools, ConnectionRow connection, IReadOnlyList<Ended> ended, IReadOnlyList<Endings.Written> written, bool fromSending)
    {
        foreach (var ending in ended.Select(e => e.Ending))
        {
            if (fromSending) tools.Metrics.Attempt(connection.Crm, ending.Outcome);
            if (!fromSending || ending.Outcome == "unknown") tools.Metrics.InDoubt(ending.Outcome);
        }
        foreach (var row in written)
        {
            if (row.Latency is { } seconds) tools.Metrics.Delivered(connection.Crm, seconds);
            if (row.ForeignContact) tools.Log.ForeignContact(row.Id, connection.Id);
            if (row.State != Ending.Dead) continue;
            tools.Metrics.Dead();
            tools.Log.DeliveryDead(row.Id, connection.Id, PersonalData.Mask(ended.First(e => e.Claim.Id == row.Id).Ending.Error));
        }
    }
}
