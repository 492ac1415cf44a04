using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using LeadIngest.Api.Data.Embedded;

namespace LeadIngest.Benchmarks;

/// <summary>One application of the repository as a process of its own, from its start to its clean end.</summary>
internal class RunningApplication : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60), StopLimit = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly Tail _tail = new();
    private readonly EventHandler _atExit;

    protected RunningApplication(string project, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        Url = new Uri($"http://127.0.0.1:{FreePort()}");
        var info = new ProcessStartInfo(Programs.Application(project), [.. arguments, "--urls", Url.GetLeftPart(UriPartial.Authority)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(Programs.Root, "src", project),
        };
        // The runtime that runs this program, wherever it is installed.
        info.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        foreach (var (name, value) in environment) info.Environment[name] = value;
        _process = new Process { StartInfo = info };
        _process.OutputDataReceived += (_, line) => _tail.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _tail.Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        // An ending that disposes of nothing leaves no process behind either.
        _atExit = (_, _) => _process.Kill();
        AppDomain.CurrentDomain.ProcessExit += _atExit;
    }

    public Uri Url { get; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Memory of the process now, in MB (10⁶ bytes): <c>VmRSS</c>, or <c>VmHWM</c> for the most it ever was.</summary>
    public double Megabytes(string field = "VmRSS")
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    /// <summary>Processor time of the process since its start, in seconds.</summary>
    public double CpuSeconds => Processor.Of(_process.Id);

    /// <summary>Waits until the path is answered with 200 and returns the time since <paramref name="started"/>, a stopwatch's timestamp.</summary>
    protected async Task<TimeSpan> AnswersAsync(string path, long started, CancellationToken ct)
    {
        while (Stopwatch.GetElapsedTime(started) < StartLimit)
        {
            if (_process.HasExited) throw Ended();
            try
            {
                using var answer = await Http.GetAsync(new Uri(Url, path), ct);
                if (answer.StatusCode == HttpStatusCode.OK) return Stopwatch.GetElapsedTime(started);
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(10, ct);
        }
        throw new BenchFailure($"{_process.ProcessName} did not answer at {path} within {StartLimit.TotalSeconds:0} s.\n{_tail}");
    }

    /// <summary>Fails when the process has ended by itself.</summary>
    public void ExpectAlive()
    {
        if (_process.HasExited) throw Ended();
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= _atExit;
        Http.Dispose();
        if (!_process.HasExited) Posix.Signal(_process.Id, Terminate);
        using var limit = new CancellationTokenSource(StopLimit);
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var name = Path.GetFileName(_process.StartInfo.FileName);
        if (!_process.HasExited)
        {
            _process.Kill();
            await Console.Error.WriteLineAsync($"{name} did not stop within {StopLimit.TotalSeconds:0} s and was killed.");
        }
        // Said, not thrown: another failure may be on its way already.
        else if (_process.ExitCode != 0) await Console.Error.WriteLineAsync($"{name} ended with exit code {_process.ExitCode} when it was asked to stop.\n{_tail}");
        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    private BenchFailure Ended() => new($"{Path.GetFileName(_process.StartInfo.FileName)} ended with exit code {_process.ExitCode}.\n{_tail}");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Processor time as the kernel counts it, in hundredths of a second.</summary>
internal static class Processor
{
    private const double TicksPerSecond = 100;

    /// <summary>Of one process, in seconds.</summary>
    /// <param name="withEnded">Also of its children that have ended.</param>
    public static double Of(int process, bool withEnded = false)
    {
        // The name in brackets may hold spaces; after it come state (0), parent (1), … user (11), system (12) time, and both of ended children.
        var fields = Fields(process);
        return fields.Skip(11).Take(withEnded ? 4 : 2).Sum(f => long.Parse(f, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Of a server and all its children, ended ones too.</summary>
    public static double OfFamily(int parent)
    {
        var sum = Of(parent, withEnded: true);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)) continue;
            try
            {
                if (Fields(process)[1] == parent.ToString(CultureInfo.InvariantCulture)) sum += Of(process);
            }
            catch (IOException)
            {
                // It has ended since.
            }
        }
        return sum;
    }

    private static string[] Fields(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }
}
