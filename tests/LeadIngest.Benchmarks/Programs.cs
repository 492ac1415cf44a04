using System.Diagnostics;
using System.Text;
using LeadIngest.Api.Data.Embedded;

namespace LeadIngest.Benchmarks;

/// <summary>Programs of the benchmark: where they are, and how one is run to its end.</summary>
internal static class Programs
{
    /// <summary>The repository's root: the folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static string Pgbench { get; } = Path.Combine(PostgresBinaries.Find().Folder, "pgbench") is var beside && File.Exists(beside) ? beside : OnPath("pgbench", "postgresql");

    public static string Wrk { get; } = OnPath("wrk", "wrk");

    /// <summary>An application of this repository, built beforehand with the same configuration as this program.</summary>
    public static string Application(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var file = Path.Combine(Root, "src", project, "bin", configuration, "net10.0", project);
        return File.Exists(file) ? file : throw new BenchFailure($"{file} does not exist: run 'make bench', which builds it.");
    }

    /// <summary>Runs a program to its end and returns what it printed; it is killed on cancellation.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(ct);
            var output = await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0 ? output : throw new BenchFailure($"{Path.GetFileName(program)} ended with exit code {process.ExitCode}: {await errors}");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static string OnPath(string program, string package) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new BenchFailure($"'{program}' is missing. Install it (Debian: apt-get install {package}) and try again.");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "LeadIngest.sln"))) return folder.FullName;
        throw new BenchFailure("The benchmarks have to run inside the repository: LeadIngest.sln was not found above the program.");
    }
}

/// <summary>The last lines that a process printed.</summary>
internal sealed class Tail
{
    private const int Lines = 15;
    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Lines) _lines.Dequeue();
        }
    }

    public override string ToString()
    {
        lock (_lines) return _lines.Aggregate(new StringBuilder(), (text, line) => text.AppendLine(line)).ToString();
    }
}
