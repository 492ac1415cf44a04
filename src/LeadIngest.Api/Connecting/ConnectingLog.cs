namespace LeadIngest.Api.Connecting;

/// <summary>What logins say: ids, hosts and the vendors' words; never a token, a code or a secret.</summary>
internal static partial class ConnectingLog
{
    [LoggerMessage(LogLevel.Information, "connecting.token.refreshed {ConnectionId} {Crm}")]
    public static partial void TokenRefreshed(this ILogger log, Guid connectionId, string crm);

    [LoggerMessage(LogLevel.Warning, "connecting.token.failed {ConnectionId} {Crm}: {Reason}")]
    public static partial void TokenFailed(this ILogger log, Guid connectionId, string crm, string reason);

    [LoggerMessage(LogLevel.Error, "connecting.connection.stopped {ConnectionId} {State}: {Reason}")]
    public static partial void Stopped(this ILogger log, Guid connectionId, string state, string reason);

    [LoggerMessage(LogLevel.Warning, "connecting.account.moved {ConnectionId} to {Host}")]
    public static partial void Moved(this ILogger log, Guid connectionId, string host);

    [LoggerMessage(LogLevel.Error, "connecting.token.unsaved {ConnectionId}: the CRM gave a new login, and it could not be stored; tried again")]
    public static partial void Unsaved(this ILogger log, Exception e, Guid connectionId);

    [LoggerMessage(LogLevel.Warning, "connecting.endpoint.foreign {ConnectionId}: the address in the vendor's answer is none to trust and was passed over")]
    public static partial void ForeignEndpoint(this ILogger log, Guid connectionId);

    [LoggerMessage(LogLevel.Information, "connecting.connected {ConnectionId} {Crm} {Host}")]
    public static partial void Connected(this ILogger log, Guid connectionId, string crm, string host);

    [LoggerMessage(LogLevel.Warning, "connecting.refused {Crm}: {Reason}")]
    public static partial void Refused(this ILogger log, string crm, string reason);
}
