namespace LeadIngest.Api.Data.Embedded;

internal static partial class EmbeddedPostgresLog
{
    [LoggerMessage(EventId = 1100, Level = LogLevel.Information, Message = "postgres_ready version={Major} pid={ProcessId} milliseconds={Milliseconds} data={DataFolder}")]
    public static partial void Ready(this ILogger logger, int major, int processId, long milliseconds, string dataFolder);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "postgres_initdb version={Major} locale={Locale} data={DataFolder}")]
    public static partial void Created(this ILogger logger, int major, string locale, string dataFolder);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "postgres_locale_missing wanted=C.UTF-8 used=C: letters beyond ASCII do not fold case in the database")]
    public static partial void LocaleMissing(this ILogger logger);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "postgres_orphan_stopping pid={ProcessId}: left running by a service that was killed")]
    public static partial void StoppingOrphan(this ILogger logger, int processId);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Warning, Message = "postgres_strays_killed count={Count}: their postmaster is gone")]
    public static partial void KilledStrays(this ILogger logger, int count);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Error, Message = "postgres_died pid={ProcessId} reason={Reason}; starting it again in {Milliseconds} ms")]
    public static partial void Died(this ILogger logger, int processId, string reason, long milliseconds);

    [LoggerMessage(EventId = 1106, Level = LogLevel.Error, Message = "postgres_restart_failed reason={Reason}; next try in {Milliseconds} ms")]
    public static partial void RestartFailed(this ILogger logger, string reason, long milliseconds);

    [LoggerMessage(EventId = 1107, Level = LogLevel.Information, Message = "postgres_stopped pid={ProcessId} milliseconds={Milliseconds}")]
    public static partial void Stopped(this ILogger logger, int processId, long milliseconds);

    [LoggerMessage(EventId = 1108, Level = LogLevel.Warning, Message = "postgres_stop_slow pid={ProcessId}: cut off; it recovers from its log at the next start")]
    public static partial void CutOff(this ILogger logger, int processId);

    [LoggerMessage(EventId = 1109, Message = "postgres_says {Line}")]
    public static partial void ServerSays(this ILogger logger, LogLevel level, string line);
}
