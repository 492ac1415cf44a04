using System.Globalization;
using System.Security.Cryptography;

namespace LeadIngest.Api.Data.Embedded;

/// <summary>The data folder and what stands in it: PostgreSQL's own files, the socket, the lock. Ours alone until disposed.</summary>
internal sealed class ClusterFolder : IDisposable
{
    // sockaddr_un holds 107 bytes and a zero; PostgreSQL adds "/.s.PGSQL.5432" to the folder.
    private const int LongestSocketFolder = 107 - 14;
    private const string TemporarySocket = "/tmp/leadingest-";

    private readonly string _root;
    private readonly FileStream _lock;

    private ClusterFolder(string root, FileStream @lock, ServerUser user) => (_root, _lock, User) = (root, @lock, user);

    public ServerUser User { get; }
    public string Cluster => Path.Combine(_root, "cluster");
    public string PidFile => Path.Combine(Cluster, "postmaster.pid");

    /// <summary>Private (mode 0700), beside the data where the path is short enough, else under /tmp with a random name.</summary>
    public string Socket { get; private set; } = "";

    /// <summary>Takes the folder for this process.</summary>
    /// <exception cref="EmbeddedPostgresException">Another service uses it, or it cannot be written.</exception>
    public static ClusterFolder Take(string path)
    {
        var root = Path.GetFullPath(path);
        var user = ServerUser.Choose();
        try
        {
            Directory.CreateDirectory(root);
            // The kernel gives the lock back when we die, however we die; the server does not inherit it.
            return new ClusterFolder(root, new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), user);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EmbeddedPostgresException($"The data folder {root} cannot be written by user '{Environment.UserName}': give it to this user, or choose another folder.", e);
        }
        catch (IOException e) when (Directory.Exists(root))
        {
            throw new EmbeddedPostgresException($"The data folder {root} is in use by another running service: stop that one, or choose another folder.", e);
        }
        catch (IOException e)
        {
            throw new EmbeddedPostgresException($"The data folder {root} cannot be made: {e.Message}", e);
        }
    }

    /// <summary>The version that wrote the data; null when there are none yet.</summary>
    public int? Major()
    {
        if (!Directory.Exists(Cluster)) return null;
        try
        {
            if (!Directory.EnumerateFileSystemEntries(Cluster).Any()) return null;
            return int.Parse(File.ReadAllText(Path.Combine(Cluster, "PG_VERSION")).Split('.')[0], CultureInfo.InvariantCulture);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EmbeddedPostgresException($"The data in {Cluster} belong to another user: run the service as that user or as root, or choose another folder.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or FormatException)
        {
            throw new EmbeddedPostgresException($"{Cluster} is not empty and holds no PostgreSQL data: choose another folder.", e);
        }
    }

    /// <summary>Makes the database files once. Works aside and renames: a half-made cluster is never taken for a whole one.</summary>
    public void Create(PostgresBinaries binaries, string superuser, ILogger logger)
    {
        if (!User.MayRun(binaries.InitDb))
            throw new EmbeddedPostgresException($"User '{User.Name}', whom PostgreSQL has to run as, may not reach {binaries.Folder}: install PostgreSQL for the whole system ('apt-get install postgresql').");

        var aside = Cluster + ".new";
        if (!TryCreate("C.UTF-8", out var output))
        {
            if (!output.Contains("locale", StringComparison.OrdinalIgnoreCase) || !TryCreate("C", out output))
                throw new EmbeddedPostgresException($"PostgreSQL could not make its data folder {Cluster}: {output}");
            logger.LocaleMissing();
        }

        if (Directory.Exists(Cluster)) Directory.Delete(Cluster);     // empty: Major() has looked
        Directory.Move(aside, Cluster);

        bool TryCreate(string locale, out string said)
        {
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
            MakePrivate(aside);
            var (name, opened) = NameFor(aside);
            (var exitCode, said) = ServerUser.Run(User.Command(
                [binaries.InitDb, "-D", name, "--encoding=UTF8", $"--locale={locale}", "--auth=trust", $"--username={superuser}"], opened));
            if (exitCode == 0) logger.Created(binaries.Major, locale, Cluster);
            return exitCode == 0;
        }
    }

    /// <summary>Hands the files to the server's user and makes the socket's folder.</summary>
    public void Prepare()
    {
        User.HandOver(Cluster);
        var beside = Path.Combine(_root, "socket");
        // Npgsql reads a comma in a host as a list of hosts.
        Socket = System.Text.Encoding.UTF8.GetByteCount(beside) <= LongestSocketFolder && !beside.Contains(',') && User.MayEnter(_root)
            ? beside
            : TemporarySocket + RandomNumberGenerator.GetHexString(24, lowercase: true);
        // PostgreSQL trusts whoever reaches the socket, so nobody else may: 0700 from its first moment.
        MakePrivate(Socket);
    }

    /// <summary>How the server is told its folder: by path, or opened for it where it may not walk the path (a clone in root's home).</summary>
    public (string Name, string? Opened) NameFor(string folder) => User.MayEnter(folder) ? (folder, null) : (ServerUser.OpenedFolder, folder);

    /// <summary>Ends what a killed service left running, so that one start is like any other: our settings, our log pipe, our child.</summary>
    /// <remarks>We hold the lock, so nobody uses such a server. Elsewhere than on Linux it is left alone, and PostgreSQL itself refuses a second server.</remarks>
    public async Task StopOrphansAsync(TimeSpan patience, ILogger logger, CancellationToken ct)
    {
        var running = Posix.ServersIn(Cluster);
        var written = File.Exists(PidFile) ? await File.ReadAllLinesAsync(PidFile, ct) : [];
        if (written.Length > 0 && int.TryParse(written[0], CultureInfo.InvariantCulture, out var postmaster))
        {
            if (running.Contains(postmaster))
            {
                logger.StoppingOrphan(postmaster);
                Posix.Signal(postmaster, Posix.Interrupt);
                await GoneAsync(() => Posix.IsAlive(postmaster), patience, ct);
            }

            // A socket under /tmp has a new name at each start; the old folder would stay for ever.
            if (written.Length > 4 && written[4].StartsWith(TemporarySocket, StringComparison.Ordinal) && written[4] != Socket && Directory.Exists(written[4]))
                Directory.Delete(written[4], recursive: true);
        }

        // Without their postmaster the others only hinder a new one: the shared memory counts as in use while they live.
        var strays = Posix.ServersIn(Cluster);
        if (strays.Count > 0)
        {
            logger.KilledStrays(strays.Count);
            foreach (var stray in strays) Posix.Signal(stray, Posix.Kill);
            await GoneAsync(() => strays.Any(Posix.IsAlive), TimeSpan.FromSeconds(10), ct);
        }

        // PostgreSQL sees through a dead id in there, but not through one that some other program of the same user has got since.
        if (OperatingSystem.IsLinux() && Posix.ServersIn(Cluster).Count == 0) File.Delete(PidFile);
    }

    public void Dispose()
    {
        if (Socket.StartsWith(TemporarySocket, StringComparison.Ordinal) && Directory.Exists(Socket)) Directory.Delete(Socket, recursive: true);
        _lock.Dispose();
    }

    private void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) throw new EmbeddedPostgresException("The private PostgreSQL needs Linux or macOS: set ConnectionStrings__Postgres.");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        User.HandOver(folder);
    }

    private static async Task GoneAsync(Func<bool> isThere, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        while (isThere() && !limit.IsCancellationRequested)
            await Task.Delay(10, CancellationToken.None);
        ct.ThrowIfCancellationRequested();
    }
}
