using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using LeadIngest.Api.Data.Embedded;

namespace LeadIngest.Resilience.Rig;

/// <summary>A program under test: what it says goes to a file, and it never outlives the soak.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int Terminate = 15, Stop = 19, Continue = 18;
    private static readonly ConcurrentDictionary<int, ChildProcess> Living = new();
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    /// <summary>128 and the signal's number when it was killed.</summary>
    public int ExitCode => _process.ExitCode;

    /// <param name="program">The file beside the soak's own.</param>
    /// <param name="log">What the program says is appended here.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder, string log)
    {
        var file = Path.Combine(AppContext.BaseDirectory, program);
        if (!File.Exists(file)) throw new SoakException($"{file} is missing: build the solution first.");
        // The shell only opens the log and becomes the program: the process id is the program's own.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec >>\"$1\" 2>&1 </dev/null; shift; exec \"$@\"", "sh", log, file, .. arguments]) { WorkingDirectory = folder };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var child = new ChildProcess(Process.Start(start)!);
        Living[child.Id] = child;
        return child;
    }

    /// <summary>The last resort, also where the soak itself ends early.</summary>
    public static void KillAll()
    {
        foreach (var child in Living.Values) child.Kill();
    }

    public void Kill() => Signal(Posix.Kill);

    public void AskToStop() => Signal(Terminate);

    public void Freeze() => Signal(Stop);

    public void Thaw() => Signal(Continue);

    public Task ExitedAsync(CancellationToken ct) => _process.WaitForExitAsync(ct);

    /// <summary>Resident memory, bytes; 0 when it does not run.</summary>
    public long ResidentBytes()
    {
        try
        {
            var line = File.ReadLines($"/proc/{Id}/status").FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        Living.TryRemove(Id, out _);
        _process.Dispose();
    }

    private void Signal(int signal)
    {
        if (IsRunning) Posix.Signal(Id, signal);
    }
}

/// <summary>The soak itself cannot go on: nothing is said about the product.</summary>
internal sealed class SoakException(string message) : Exception(message);
