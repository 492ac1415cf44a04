namespace LeadIngest.Api.Import;

/// <summary>What reading says: ids, counts and the CRM's words; never a phone or an e-mail.</summary>
internal static partial class ImportLog
{
    [LoggerMessage(LogLevel.Warning, "import.failed {ConnectionId}: {Reason}")]
    public static partial void ReadingFailed(this ILogger log, Guid connectionId, string? reason);

    [LoggerMessage(LogLevel.Error, "import.threw {ConnectionId}")]
    public static partial void ReadingThrew(this ILogger log, Exception e, Guid connectionId);

    [LoggerMessage(LogLevel.Information, "import.stale {ConnectionId}")]
    public static partial void ReadingStale(this ILogger log, Guid connectionId);

    [LoggerMessage(LogLevel.Information, "import.pass.read {ConnectionId} {Pass}")]
    public static partial void PassRead(this ILogger log, Guid connectionId, string pass);

    [LoggerMessage(LogLevel.Information, "import.events.read {ConnectionId} found {Found} gone {Gone}")]
    public static partial void EventsRead(this ILogger log, Guid connectionId, int found, int gone);

    [LoggerMessage(LogLevel.Warning, "import.hook.off {ConnectionId} {State}: {Reason}")]
    public static partial void HookOff(this ILogger log, Guid connectionId, string state, string? reason);

    [LoggerMessage(LogLevel.Information, "import.deals.events.read {ConnectionId} found {Found} gone {Gone}")]
    public static partial void DealEventsRead(this ILogger log, Guid connectionId, int found, int gone);

    [LoggerMessage(LogLevel.Warning, "import.deals.refused {ConnectionId} {Part}")]
    public static partial void PartRefused(this ILogger log, Guid connectionId, string part);

    [LoggerMessage(LogLevel.Warning, "import.deals.differ {ConnectionId} {Part} months {Months}")]
    public static partial void MonthsDiffer(this ILogger log, Guid connectionId, string part, int months);
}
