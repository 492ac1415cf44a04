namespace LeadIngest.Api.Data.Embedded;

/// <summary>How the private PostgreSQL is run. Every value has a default that suits a laptop and a small server.</summary>
public sealed class EmbeddedPostgresOptions
{
    /// <summary>Where the data live; made when absent. Relative paths start at the working directory. Default <c>.data/postgres</c>.</summary>
    /// <remarks>Inside: <c>cluster/</c> (PostgreSQL's own files), <c>socket/</c> and <c>lock</c>. To back up, stop the service and copy <c>cluster/</c>.</remarks>
    public string DataFolder { get; init; } = Path.Combine(".data", "postgres");

    /// <summary>Server settings by name, for example <c>max_connections</c>; they win over the built-in ones. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the server may take to answer, crash recovery included. Default 5 minutes.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a clean stop may take before the server is cut off (it then recovers from its log at the next start). Default 30 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Built-in settings: nothing acknowledged is lost (fsync, synchronous commit), and few checkpoints under load.</summary>
    /// <remarks>Server messages are terse and never quote statements or rows: those hold phones and e-mails.</remarks>
    internal static readonly IReadOnlyDictionary<string, string> Defaults = new Dictionary<string, string>
    {
        ["fsync"] = "on",
        ["synchronous_commit"] = "on",
        ["full_page_writes"] = "on",
        ["wal_compression"] = "on",
        ["wal_buffers"] = "16MB",
        ["max_wal_size"] = "4GB",
        ["checkpoint_timeout"] = "15min",
        ["shared_buffers"] = "256MB",
        ["max_connections"] = "100",
        ["autovacuum"] = "on",
        ["jit"] = "off",
        ["timezone"] = "UTC",
        ["log_timezone"] = "UTC",
        ["lc_messages"] = "C",
        ["log_destination"] = "stderr",
        ["logging_collector"] = "off",
        ["log_line_prefix"] = "",
        ["log_error_verbosity"] = "terse",
        ["log_min_messages"] = "log",
        ["log_min_error_statement"] = "panic",
    };
}
