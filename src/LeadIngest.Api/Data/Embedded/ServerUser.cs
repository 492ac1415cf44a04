using System.Diagnostics;

namespace LeadIngest.Api.Data.Embedded;

/// <summary>The system user that PostgreSQL runs as: ourselves, or, as PostgreSQL refuses to run as root, <c>postgres</c> or <c>nobody</c>.</summary>
internal sealed class ServerUser
{
    /// <summary>Stands for a folder that the shell opened before it gave root up. Works for folders whose parents the user may not enter.</summary>
    public const string OpenedFolder = "/proc/self/fd/9";

    private static readonly string[] Candidates = ["postgres", "nobody"];

    private readonly string[] _become;
    private readonly string _owner;

    private ServerUser(string name, string owner, string[] become) => (Name, _owner, _become) = (name, owner, become);

    public string Name { get; }

    /// <summary>Whether this is somebody else than the service itself, so that folders have to be handed over.</summary>
    public bool Differs => _become.Length > 0;

    /// <exception cref="EmbeddedPostgresException">Root without an unprivileged user or without a program to become one.</exception>
    public static ServerUser Choose()
    {
        if (!Environment.IsPrivilegedProcess) return new ServerUser(Environment.UserName, "", []);

        // System users stand in this file even where people come from a directory service.
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToList();
        var fields = Candidates.Select(name => users.FirstOrDefault(u => u[0] == name)).FirstOrDefault(u => u is not null)
            ?? throw new EmbeddedPostgresException("PostgreSQL cannot run as root, and there is neither a user 'postgres' nor 'nobody' to run it as. Run the service as an ordinary user.");
        var (name, group) = (fields[0], fields[3]);

        string[][] ways =
        [
            ["setpriv", $"--reuid={name}", $"--regid={group}", "--init-groups", "--"],
            ["runuser", "-u", name, "--"],
            ["su", "-s", "/bin/sh", name, "-c", "exec \"$@\"", "--", "sh"],
        ];
        var become = ways.FirstOrDefault(way => Run(Describe([.. way, "true"])).ExitCode == 0)
            ?? throw new EmbeddedPostgresException($"PostgreSQL cannot run as root, and none of 'setpriv', 'runuser' and 'su' can become user '{name}'. Run the service as an ordinary user.");
        return new ServerUser(name, $"{name}:{group}", become);
    }

    /// <summary>A command to be run as this user, with an environment that holds none of the service's secrets.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="opened">A folder to open beforehand as <see cref="OpenedFolder"/>; null: none.</param>
    /// <param name="ownSession">Keeps the terminal's Ctrl-C away, so that the service may finish its work before its database stops.</param>
    public ProcessStartInfo Command(IEnumerable<string> command, string? opened = null, bool ownSession = false)
    {
        List<string> line = [];
        // macOS has no setsid: there Ctrl-C reaches both at once, and the server waits for nobody.
        if (ownSession && Installed("setsid")) line.Add("setsid");
        if (opened is not null) line.AddRange(["sh", "-c", "exec 9<\"$1\"; shift; exec \"$@\"", "sh", opened]);
        line.AddRange(_become);
        line.AddRange(command);
        return Describe(line);
    }

    /// <summary>Gives a folder with everything in it to this user.</summary>
    public void HandOver(string folder)
    {
        if (!Differs) return;
        var (exitCode, output) = Run(Describe(["chown", "-R", _owner, folder]));
        if (exitCode != 0) throw new EmbeddedPostgresException($"Cannot give {folder} to user '{Name}': {output}");
    }

    /// <summary>Whether this user may enter the folder: every parent has to let it through.</summary>
    public bool MayEnter(string folder) => !Differs || Run(Command(["sh", "-c", "cd \"$1\"", "sh", folder])).ExitCode == 0;

    /// <summary>Whether this user may run the program.</summary>
    public bool MayRun(string program) => !Differs || Run(Command(["test", "-x", program])).ExitCode == 0;

    /// <returns>Exit code, and everything it said in one line; −1 when the program does not exist.</returns>
    public static (int ExitCode, string Output) Run(ProcessStartInfo info)
    {
        try
        {
            using var process = Process.Start(info)!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
            process.WaitForExit();
            return (process.ExitCode, string.Join(' ', output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }

    private static ProcessStartInfo Describe(List<string> line)
    {
        var info = new ProcessStartInfo(line[0], line.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",                                   // ours may be closed to the other user
        };
        var libraries = Environment.GetEnvironmentVariable("LD_LIBRARY_PATH");
        info.Environment.Clear();
        info.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/bin:/sbin:/bin";
        info.Environment["LC_ALL"] = "C";
        if (libraries is not null) info.Environment["LD_LIBRARY_PATH"] = libraries;
        return info;
    }

    private static bool Installed(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/bin:/bin".Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
