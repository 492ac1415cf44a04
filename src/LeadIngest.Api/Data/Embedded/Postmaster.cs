using System.Diagnostics;
using System.Globalization;

namespace LeadIngest.Api.Data.Embedded;

/// <summary>One run of the server, from its start to its end. Passes its messages on to our log.</summary>
internal sealed class Postmaster
{
    private readonly Process _process;
    private readonly string _pidFile;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _lastWords = "";
    private Task _listening = Task.CompletedTask;

    private Postmaster(Process process, string pidFile, ILogger logger) => (_process, _pidFile, _logger) = (process, pidFile, logger);

    /// <summary>Completes when the server's process has ended, for whatever reason.</summary>
    public Task Exited => _exited.Task;

    /// <summary>Why it does not answer: its last complaint, else how it ended. Of a server that has ended, what it said last may still be on its way: that is waited for, but not for long.</summary>
    public async Task<string> LastWordsAsync()
    {
        if (_process.HasExited) await Task.WhenAny(_listening, Task.Delay(TimeSpan.FromSeconds(2)));
        return _lastWords.Length > 0 ? _lastWords : Ending;
    }

    /// <summary>The exit code, 128 and the signal's number when it was killed; <c>running</c> before that.</summary>
    public string Ending => _process.HasExited ? $"exit code {_process.ExitCode}" : "running";

    /// <summary>Of the server itself, which is not our direct child where <c>runuser</c> or <c>su</c> stands between.</summary>
    public int ProcessId
    {
        get
        {
            try
            {
                return int.Parse(File.ReadLines(_pidFile).First(), CultureInfo.InvariantCulture);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
            {
                return _process.Id;                                   // not written yet, or removed at a clean end
            }
        }
    }

    public static Postmaster Start(ClusterFolder folder, PostgresBinaries binaries, IReadOnlyDictionary<string, string> settings, ILogger logger)
    {
        var (name, opened) = folder.NameFor(folder.Cluster);
        var command = new List<string> { binaries.Postgres, "-D", name };
        foreach (var (key, value) in settings) command.AddRange(["-c", $"{key}={value}"]);

        var postmaster = new Postmaster(new Process { StartInfo = folder.User.Command(command, opened, ownSession: true), EnableRaisingEvents = true }, folder.PidFile, logger);
        // Not WaitForExitAsync: that also waits for the pipes, which backends of a killed postmaster hold open.
        postmaster._process.Exited += (_, _) => postmaster._exited.TrySetResult();
        postmaster._process.Start();
        postmaster._process.StandardInput.Close();
        postmaster._listening = Task.WhenAll(postmaster.ListenAsync(postmaster._process.StandardError), postmaster.ListenAsync(postmaster._process.StandardOutput));
        return postmaster;
    }

    /// <summary>Fast shutdown: open transactions are rolled back, everything is written, connections are closed.</summary>
    /// <param name="patience">After this the server is cut off; nothing acknowledged is lost, but the next start has to recover.</param>
    public async Task StopAsync(TimeSpan patience)
    {
        var since = Stopwatch.GetTimestamp();
        var id = ProcessId;
        if (!await EndsAsync(id, Posix.Interrupt, patience))
        {
            _logger.CutOff(id);
            if (!await EndsAsync(id, Posix.Quit, TimeSpan.FromSeconds(5)))
                await EndsAsync(id, Posix.Kill, TimeSpan.FromSeconds(5));
        }

        _logger.Stopped(id, (long)Stopwatch.GetElapsedTime(since).TotalMilliseconds);
    }

    /// <summary>Asks for a fast shutdown without waiting, for a process that is about to end itself.</summary>
    public void AskToStop()
    {
        if (!Exited.IsCompleted) Posix.Signal(ProcessId, Posix.Interrupt);
    }

    private async Task<bool> EndsAsync(int id, int signal, TimeSpan patience)
    {
        if (!Exited.IsCompleted) Posix.Signal(id, signal);
        return await Task.WhenAny(Exited, Task.Delay(patience)) == Exited;
    }

    private async Task ListenAsync(StreamReader messages)
    {
        try
        {
            while (await messages.ReadLineAsync() is { } line)
            {
                var routine = line.StartsWith("LOG:", StringComparison.Ordinal) || line.StartsWith("FATAL:", StringComparison.Ordinal);
                if (!line.StartsWith("LOG:", StringComparison.Ordinal) && !line.StartsWith("HINT:", StringComparison.Ordinal)) _lastWords = line.Trim();
                // FATAL ends one connection only and is told to its client, ours; PANIC and loader errors are news.
                _logger.ServerSays(routine ? LogLevel.Debug : LogLevel.Warning, line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe ends with the process.
        }
    }
}
