using LeadIngest.Api.Data.Embedded;

namespace LeadIngest.Api.Data;

/// <summary>Which PostgreSQL the service uses: the one of <c>ConnectionStrings:Postgres</c>, else, outside Production, a private one of its own.</summary>
internal sealed class PostgresSource : IAsyncDisposable
{
    private readonly EmbeddedPostgres? _embedded;

    public string ConnectionString { get; }

    private PostgresSource(string connectionString, EmbeddedPostgres? embedded) => (ConnectionString, _embedded) = (connectionString, embedded);

    /// <exception cref="SettingException">Production without a connection string.</exception>
    /// <exception cref="EmbeddedPostgresException">The private server cannot start; the message says what to do.</exception>
    public static async Task<PostgresSource> OpenAsync(IConfiguration configuration, string environment, ILogger log, CancellationToken ct)
    {
        if (configuration.GetConnectionString("Postgres") is { Length: > 0 } outside) return new(outside, null);
        if (string.Equals(environment, Environments.Production, StringComparison.OrdinalIgnoreCase))
            throw new SettingException("ConnectionStrings__Postgres is not set: in Production the service needs an outside PostgreSQL.");
        var folder = Path.Combine(configuration["Data:Folder"] ?? ".data", "postgres");
        var embedded = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = folder }, log, ct);
        return new(embedded.ConnectionString, embedded);
    }

    public ValueTask DisposeAsync() => _embedded?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A setting that the service cannot start with. Its message is the one line that people see.</summary>
internal sealed class SettingException(string message) : Exception(message);
