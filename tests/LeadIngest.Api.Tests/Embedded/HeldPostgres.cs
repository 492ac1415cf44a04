using System.Diagnostics;
using System.Runtime.CompilerServices;
using LeadIngest.Api.Data.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadIngest.Api.Tests.Embedded;

/// <summary>A whole process that holds a private PostgreSQL until its standard input ends: what has to be killed cannot be the test's own process.</summary>
internal sealed class HeldPostgres : IAsyncDisposable
{
    private const string FolderVariable = "LEADINGEST_TEST_HOLD_POSTGRES";

    private readonly Process _process;

    private HeldPostgres(Process process, string connectionString, int serverId) => (_process, ConnectionString, ServerId) = (process, connectionString, serverId);

    public string ConnectionString { get; }
    public int ServerId { get; }

    /// <param name="folder">The data folder.</param>
    /// <param name="prefix">Words before the command, to run it as somebody else.</param>
    /// <param name="program">This assembly; a copy where that user could not read it.</param>
    public static async Task<HeldPostgres> StartAsync(string folder, string[]? prefix = null, string? program = null)
    {
        List<string> line = [.. prefix ?? [], "dotnet", "exec", program ?? typeof(HeldPostgres).Assembly.Location];
        var info = new ProcessStartInfo(line[0], line.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        info.Environment[FolderVariable] = folder;
        info.Environment["DOTNET_CLI_HOME"] = "/tmp";
        var process = Process.Start(info)!;
        var connectionString = await process.StandardOutput.ReadLineAsync();
        var serverId = await process.StandardOutput.ReadLineAsync();
        Assert.True(serverId is not null, $"The holder ended early: {connectionString}");
        return new HeldPostgres(process, connectionString!, int.Parse(serverId));
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // No lambdas and nothing asynchronous of this assembly in here: its code waits for this initializer to end.
    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder) return;
        try
        {
            var server = EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = folder }, NullLogger.Instance).GetAwaiter().GetResult();
            Console.WriteLine(server.ConnectionString);
            Console.WriteLine(server.ProcessId);
            Console.In.ReadToEnd();
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (EmbeddedPostgresException e)
        {
            Console.WriteLine(e.Message);
            Environment.Exit(1);
        }

        Environment.Exit(0);
    }
}
