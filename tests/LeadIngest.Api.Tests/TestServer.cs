using System.Diagnostics;
using LeadIngest.Api.Data.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadIngest.Api.Tests;

/// <summary>The PostgreSQL server that all tests of this process share: that of <c>LEADINGEST_TEST_DB</c>, else a private one that ends with the process.</summary>
internal static class TestServer
{
    private const string Prefix = "leadingest-tests-";
    private static readonly Lazy<Task<string>> Server = new(StartAsync);

    /// <summary>To the server's default database; the role may create databases.</summary>
    public static Task<string> ConnectionStringAsync() => Server.Value;

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("LEADINGEST_TEST_DB") is { Length: > 0 } given) return given;
        foreach (var old in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*").Where(IsLeft)) Remove(old);
        var folder = Path.Combine(Path.GetTempPath(), Prefix + Environment.ProcessId);
        var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            DataFolder = folder,
            // What the tests write may be lost with the machine; many fixtures hold their pools at once.
            Settings = new Dictionary<string, string> { ["fsync"] = "off", ["max_connections"] = "400", ["shared_buffers"] = "64MB", ["max_wal_size"] = "256MB" },
        }, NullLogger.Instance);
        return server.ConnectionString;
    }

    // Another test process may be tidying up the same folder.
    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
        }
    }

    // The server stops with the process, but a test host is not given the time to tidy up after it: the next run does.
    private static bool IsLeft(string folder) =>
        int.TryParse(Path.GetFileName(folder)[Prefix.Length..], out var id) && !Process.GetProcesses().Any(p => p.Id == id);
}
