using System.Data;
using Dapper;
using Npgsql;

namespace LeadIngest.Api.Data;

/// <summary>
/// The pools to one PostgreSQL, apart by purpose so that a slow report or a stuck delivery never starves ingest. Statement time-outs: ingest 3 s,
/// delivery 15 s, import 15 s, reading 30 s, reports 60 s, tokens 15 s, figures 120 s, access 10 s; a lock is waited
/// for 1 s (ingest, delivery, import) or 10 s (tokens, access).
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    public NpgsqlDataSource Ingest { get; }
    public NpgsqlDataSource Delivery { get; }

    /// <summary>For logged-in requests, each behind the wall of its project, and for what else reads a little now and then.</summary>
    public ProjectPool Reading { get; }

    /// <summary>For reports, which only read and may take long; of a replica where <c>ConnectionStrings:PostgresReports</c> names one. Behind walls like <see cref="Reading"/>.</summary>
    public ProjectPool Reports { get; }

    /// <summary>For what is read out of the CRMs: pages of a thousand cards, resolved as leads are.</summary>
    public NpgsqlDataSource Import { get; }

    /// <summary>
    /// For refreshing logins: the connection's row stays locked while the CRM's token endpoint is asked, and a slow endpoint must take no session
    /// from delivery. A process that is frozen in the middle keeps the row for a minute, because letting go earlier would spend the token twice.
    /// </summary>
    public NpgsqlDataSource Tokens { get; }

    /// <summary>For what reports are made of: long statements over the history of a project, one project a session.</summary>
    public NpgsqlDataSource Figures { get; }

    /// <summary>For who signs in and what they may do, and for the audit log: a long report must not keep people out.</summary>
    public NpgsqlDataSource Access { get; }

    /// <summary>Sessions of <see cref="Import"/>: whoever wants one waits for its turn before.</summary>
    public const int ImportPlaces = 4;

    static Database()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        // Without this Dapper cannot fill a record with DateTimeOffset, and the driver refuses offsets other than UTC.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new UtcHandler());
        SqlMapper.AddTypeHandler(new DayHandler());
    }

    /// <summary>As it was given, for whoever needs pools of their own.</summary>
    public string ConnectionString { get; }

    /// <param name="connectionString">The primary.</param>
    /// <param name="reports">Null: the primary too.</param>
    public Database(string connectionString, string? reports = null)
    {
        ConnectionString = connectionString;
        Ingest = Pool(connectionString, "ingest", 16, 3);
        Delivery = Pool(connectionString, "delivery", 8, 15);
        Reading = new(Pool(connectionString, "reading", 8, 30));
        Reports = new(Pool(string.IsNullOrEmpty(reports) ? connectionString : reports, "reports", 4, 60));
        Tokens = Pool(connectionString, "tokens", 4, 15);
        Import = Pool(connectionString, "import", ImportPlaces, 15);
        Figures = Pool(connectionString, "figures", 4, 120);
        Access = Pool(connectionString, "access", 6, 10);
    }

    private static NpgsqlDataSource Pool(string connectionString, string purpose, int size, int statementSeconds)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "leadingest-" + purpose,
            MaxPoolSize = size,
            Timeout = 2,
            CommandTimeout = statementSeconds + 2,
            KeepAlive = 15,
            TcpKeepAlive = true,
            // Ingest leaves nothing behind in a session that a reset would have to clear, and opens one twice a batch.
            NoResetOnClose = purpose == "ingest",
            // A report's plan depends on what is asked: one that is kept for all campaigns reads years of rows for one of them.
            MaxAutoPrepare = purpose == "reports" ? 0 : 50,
            AutoPrepareMinUsages = 2,
        };
        // Both do look-ups by key. A plan made while a table was empty, and kept, must not read all of it later.
        const string ByKey = " -c enable_seqscan=off -c jit=off";
        settings.Options = $"{settings.Options} -c statement_timeout={statementSeconds}s -c idle_in_transaction_session_timeout={(purpose is "tokens" or "figures" ? 60 : 10)}s"
            + (purpose is "reading" or "reports" or "figures" ? "" : $" -c lock_timeout={(purpose is "tokens" or "access" ? 10 : 1)}s")
            // The planner cannot know how few rows an array parameter holds and would hash a whole table for a batch of sixty; these
            // sessions do look-ups by key only, for which nested loops over the index are always right.
            + (purpose is "ingest" or "import" ? ByKey + " -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan" : purpose is "delivery" or "figures" ? ByKey
                // Compiling a plan takes longer than most of these run; a report of the whole of a project sorts in memory.
                : purpose == "reading" ? " -c jit=off" : purpose == "reports" ? " -c default_transaction_read_only=on -c jit=off -c work_mem=64MB -c plan_cache_mode=force_custom_plan" : "");
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    public async ValueTask DisposeAsync()
    {
        await Ingest.DisposeAsync();
        await Delivery.DisposeAsync();
        await Reading.DisposeAsync();
        await Reports.DisposeAsync();
        await Tokens.DisposeAsync();
        await Import.DisposeAsync();
        await Figures.DisposeAsync();
        await Access.DisposeAsync();
    }

    private sealed class UtcHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;

        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
            DateTimeOffset time => time,
            _ => throw new DataException($"Not a time: {value.GetType()}"),
        };
    }

    private sealed class DayHandler : SqlMapper.TypeHandler<DateOnly>
    {
        public override void SetValue(IDbDataParameter parameter, DateOnly value) => parameter.Value = value;

        public override DateOnly Parse(object value) => value switch
        {
            DateOnly day => day,
            DateTime time => DateOnly.FromDateTime(time),
            _ => throw new DataException($"Not a day: {value.GetType()}"),
        };
    }
}
