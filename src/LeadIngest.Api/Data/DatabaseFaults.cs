using Npgsql;

namespace LeadIngest.Api.Data;

/// <summary>What a failed statement says: that the database is away, that another was first, or that these values can never be stored.</summary>
/// <remarks>Source: PostgreSQL manual, appendix A, "PostgreSQL Error Codes".</remarks>
internal static class DatabaseFaults
{
    /// <summary>The database cannot serve anybody now. Anything else is a fault of one batch alone and must not close the door to others.</summary>
    public static bool IsAway(Exception e) => e switch
    {
        // 08 connection, 53 resources (disk, memory, connections), 57 shutdown and cancelled statements, 58 system, XX internal
        PostgresException refused => refused.SqlState[..2] is "08" or "53" or "57" or "58" or "XX",
        NpgsqlException or OperationCanceledException or TimeoutException or IOException => true,
        _ => false,
    };

    /// <summary>What was read is not so any more: another was first, or each waited for the other. Read again and try again.</summary>
    public static bool IsStale(Exception e) => e is PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
    };

    /// <summary>Somebody else is at work on the same rows: <see cref="IsStale"/>, or a lock that was waited for as long as callers may wait. It may go at the next try.</summary>
    public static bool IsContended(Exception e) => IsStale(e) || e is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>
    /// Classes 22 and 23 (and 54, too big) speak of the values sent; everything else of the database. What has no form on the wire (half a
    /// surrogate pair) the driver refuses before the database sees it.
    /// </summary>
    public static bool IsData(Exception e) => e is PostgresException refused ? refused.SqlState[..2] is "22" or "23" or "54"
        : e is ArgumentException or FormatException or OverflowException or InvalidCastException;

    /// <returns>The server's word, or that of a value that the driver refused.</returns>
    public static string SqlStateOf(Exception e) => (e as PostgresException)?.SqlState ?? PostgresErrorCodes.DataException;
}
