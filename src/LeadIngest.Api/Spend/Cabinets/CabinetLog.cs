namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>What loading says: ids, days and the vendors' words; never a token.</summary>
internal static partial class CabinetLog
{
    [LoggerMessage(LogLevel.Information, "cabinets.loaded {AccountId} {Kind} {Reason} {From:yyyy-MM-dd} – {To:yyyy-MM-dd}: {Rows} rows")]
    public static partial void Loaded(this ILogger log, Guid accountId, string kind, string reason, DateOnly from, DateOnly to, int rows);

    [LoggerMessage(LogLevel.Warning, "cabinets.failed {AccountId} {Kind} {From:yyyy-MM-dd} – {To:yyyy-MM-dd}: {Why}")]
    public static partial void Failed(this ILogger log, Guid accountId, string kind, DateOnly from, DateOnly to, string why);

    [LoggerMessage(LogLevel.Error, "cabinets.stopped {AccountId} {Kind}: {Why}")]
    public static partial void Stopped(this ILogger log, Guid accountId, string kind, string why);

    [LoggerMessage(LogLevel.Error, "cabinets.threw {AccountId}, again in {Pause}")]
    public static partial void Threw(this ILogger log, Exception e, Guid accountId, TimeSpan pause);
}
