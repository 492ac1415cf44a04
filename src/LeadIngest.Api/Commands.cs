using System.Security.Cryptography;
using Dapper;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Data.Embedded;
using LeadIngest.Api.Demo;
using LeadIngest.Api.Demo.History;
using LeadIngest.Api.Features.Operations;
using LeadIngest.Api.Http;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api;

/// <summary>
/// What the binary can be asked to do: run (default); <c>migrate</c> applies the schema and ends; <c>project &lt;name&gt;</c> makes a project with its first
/// API key; <c>user-reset &lt;email&gt;</c> prints a link to a new password; <c>user-add &lt;email&gt; &lt;project&gt; &lt;role&gt;</c> prints an invitation; <c>audit-check</c> looks
/// whether the audit log was changed; <c>restored</c> makes a database that came from a backup safe to send from; <c>erase-log &lt;file&gt;</c> writes the acts of erasure,
/// <c>erase-replay</c> does them again in such a database; <c>spec &lt;file&gt;</c> writes openapi.json; <c>demo-history</c> gives
/// the demo project a past.
/// </summary>
internal static class Commands
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            switch (args)
            {
                case ["spec", var path, ..]:
                    await using (var app = LeadIngestApp.Build([], "Host=localhost")) await SpecCommand.WriteAsync(app, path);
                    return 0;
                case ["migrate", .. var rest]:
                    return await WithDatabaseAsync(rest, MigrateAsync);
                case ["restored", .. var rest]:
                    return await WithDatabaseAsync(rest, RestoredAsync);
                case ["project", var name, .. var rest]:
                    return await WithDatabaseAsync(rest, (database, _) => AddProjectAsync(database, name));
                case ["user-reset", var email, .. var rest]:
                    return await WithDatabaseAsync(rest, (database, more) => AccessCommands.ResetAsync(database.ConnectionString, email, PublicUrl(more), Console.Out));
                case ["user-add", var email, var project, var role, .. var rest]:
                    return await WithDatabaseAsync(rest, (database, more) => AccessCommands.AddAsync(database.ConnectionString, email, project, role, PublicUrl(more), Console.Out));
                case ["audit-check", .. var rest]:
                    return await WithDatabaseAsync(rest, (database, _) => AccessCommands.CheckAsync(database.ConnectionString, Console.Out));
                case ["demo-history", .. var rest]:
                    return await WithDatabaseAsync(rest, HistoryAsync);
                case ["erase-log", var path, .. var rest]:
                    return await WithDatabaseAsync(rest, (database, given) => EraseLogAsync(database, given, path));
                case ["erase-replay", .. var rest]:
                    return await WithDatabaseAsync(rest, EraseReplayAsync);
                case ["migrate" or "restored" or "project" or "spec" or "user-reset" or "user-add" or "erase-log", ..] or ["help" or "--help", ..]:
                    await Console.Error.WriteLineAsync("Usage: LeadIngest.Api [migrate | restored | project <name> | user-reset <email> | user-add <email> <project id> <role> | audit-check | erase-log <file> | "
                        + "erase-replay [--Erasures:File=<file>] | spec <file> | " + HistoryCommand.Usage + "]");
                    return 2;
                default:
                    return await WithDatabaseAsync(args, ServeAsync);
            }
        }
        catch (Exception e) when (e is FormatException or IOException or CryptographicException or SettingException or EmbeddedPostgresException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (NpgsqlException e)
        {
            await Console.Error.WriteLineAsync($"The database cannot be used: {e.Message}");
            return 1;
        }
    }

    private static async Task<int> WithDatabaseAsync(string[] args, Func<PostgresSource, string[], Task<int>> work)
    {
        var environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Production;
        var configuration = new ConfigurationBuilder().AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{environment}.json", optional: true).AddEnvironmentVariables().AddCommandLine(args).Build();
        using var logs = LoggerFactory.Create(l => l.AddConfiguration(configuration.GetSection("Logging")).AddSimpleConsole(c => c.SingleLine = true));
        await using var database = await PostgresSource.OpenAsync(configuration, environment, logs.CreateLogger("LeadIngest.Postgres"), CancellationToken.None);
        return await work(database, args);
    }

    private static async Task<int> ServeAsync(PostgresSource database, string[] args)
    {
        await Migrator.ApplyAsync(database.ConnectionString, CancellationToken.None);
        await using var app = LeadIngestApp.Build(args, database.ConnectionString);
        if (app.Configuration.GetConnectionString("PostgresReports") is { Length: > 0 } reports) await WallRole.CheckReportsAsync(reports, CancellationToken.None);
        if (app.Environment.IsProduction() && app.Services.GetRequiredService<IOptions<DemoOptions>>().Value.Enabled)
            throw new SettingException("Demo__Enabled is set: the demo project cannot exist in Production.");
        // Before the host would, which reports a wrong setting with a stack trace.
        app.Services.GetService<IStartupValidator>()?.Validate();
        await app.Services.GetRequiredService<DemoProject>().EnsureAsync(CancellationToken.None);
        var first = app.Services.GetRequiredService<FirstStart>();
        app.Lifetime.ApplicationStarted.Register(() => Announced(first.AnnounceAsync(Console.Out, app.Urls.FirstOrDefault(), CancellationToken.None)));
        // Taken before the run, which disposes the services; its connections must be closed before the private server stops.
        await using var pools = app.Services.GetRequiredService<Database>();
        await app.RunAsync();
        return 0;
    }

    // The page works without the line; whoever needs it starts anew.
    private static async void Announced(Task line)
    {
        try
        {
            await line;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"The code for the set-up could not be made: {e.Message}");
        }
    }

    private static string PublicUrl(string[] args) => new ConfigurationBuilder().AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().AddCommandLine(args).Build()["Http:PublicUrl"]?.TrimEnd('/') ?? "";

    private static async Task<int> MigrateAsync(PostgresSource database, string[] args)
    {
        var applied = await Migrator.ApplyAsync(database.ConnectionString, CancellationToken.None);
        Console.WriteLine(applied.Count == 0 ? "The schema is up to date." : $"Applied: {string.Join(", ", applied)}.");
        return 0;
    }

    private static async Task<int> RestoredAsync(PostgresSource database, string[] args)
    {
        await Migrator.ApplyAsync(database.ConnectionString, CancellationToken.None);
        var (connections, deliveries) = await Delivery.RestoredCommand.RunAsync(database.ConnectionString, CancellationToken.None);
        Console.WriteLine($"{connections} connections are paused, {deliveries} deliveries will be looked up before they are sent. Release: POST /v1/connections/resume.");
        return 0;
    }

    private static async Task<int> EraseLogAsync(PostgresSource database, string[] args, string path)
    {
        await Migrator.ApplyAsync(database.ConnectionString, CancellationToken.None);
        await using var app = LeadIngestApp.Build(args, database.ConnectionString);
        await using var pools = app.Services.GetRequiredService<Database>();
        await using var file = File.CreateText(path);
        Console.WriteLine($"{await app.Services.GetRequiredService<Privacy.ErasureLog>().WriteAsync(file, CancellationToken.None)} acts of erasure are in {path}. Keep it apart from the backups.");
        return 0;
    }

    private static async Task<int> EraseReplayAsync(PostgresSource database, string[] args)
    {
        await Migrator.ApplyAsync(database.ConnectionString, CancellationToken.None);
        await using var app = LeadIngestApp.Build(args, database.ConnectionString);
        await using var pools = app.Services.GetRequiredService<Database>();
        var path = app.Configuration["Erasures:File"];
        using var file = path is null ? null : File.OpenText(path);
        var (acts, erased) = await app.Services.GetRequiredService<Privacy.ErasureLog>().ReplayAsync(file, CancellationToken.None);
        Console.WriteLine($"{acts} acts of erasure were done again: {erased} people were in the database and are not any more.");
        return 0;
    }

    private static async Task<int> HistoryAsync(PostgresSource database, string[] args)
    {
        await Migrator.ApplyAsync(database.ConnectionString, CancellationToken.None);
        var environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Production;
        var configuration = new ConfigurationBuilder().AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build();
        return await HistoryCommand.RunAsync(database.ConnectionString, args, environment, configuration, Console.Out, CancellationToken.None);
    }

    private static async Task<int> AddProjectAsync(PostgresSource database, string name)
    {
        await Migrator.ApplyAsync(database.ConnectionString, CancellationToken.None);
        var (project, key) = (Guid.CreateVersion7(), "li_" + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.ExecuteAsync("""
            insert into projects (project_id, name) values (@Project, @Name);
            insert into api_keys (project_id, id, name, prefix, key_hash) values (@Project, @Id, 'first key', @Prefix, @Hash);
            """, new { Project = project, Name = name, Id = Guid.CreateVersion7(), Prefix = key[..11], Hash = ApiKeyCache.Hash(key) });
        Console.WriteLine($"Project {project}\nAPI key {key} (shown once)");
        return 0;
    }
}
