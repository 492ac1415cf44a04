using System.Globalization;
using System.Runtime.InteropServices;

namespace LeadIngest.Api.Data.Embedded;

/// <summary>The few system calls that .NET does not offer: signals, and who is alive.</summary>
internal static class Posix
{
    public const int Interrupt = 2;   // PostgreSQL: fast shutdown
    public const int Quit = 3;        // PostgreSQL: immediate shutdown
    public const int Kill = 9;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int KillCall(int processId, int signal);

    [DllImport("libc", EntryPoint = "realpath", SetLastError = true)]
    private static extern IntPtr RealPathCall([MarshalAs(UnmanagedType.LPUTF8Str)] string path, IntPtr resolved);

    [DllImport("libc", EntryPoint = "free")]
    private static extern void FreeCall(IntPtr memory);

    /// <returns>False when there is no such process (or it is somebody else's and we are not root).</returns>
    public static bool Signal(int processId, int signal) => processId > 1 && KillCall(processId, signal) == 0;

    /// <summary>Whether the process still runs. A zombie does not: nobody may ever reap an orphan inside a container.</summary>
    public static bool IsAlive(int processId)
    {
        const int notPermitted = 1;
        if (processId <= 1) return false;
        if (KillCall(processId, 0) != 0 && Marshal.GetLastPInvokeError() != notPermitted) return false;
        if (!OperatingSystem.IsLinux()) return true;
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The path without symbolic links; the path itself when it cannot be resolved.</summary>
    public static string RealPath(string path)
    {
        var resolved = RealPathCall(path, IntPtr.Zero);
        if (resolved == IntPtr.Zero) return path;
        try
        {
            return Marshal.PtrToStringUTF8(resolved) ?? path;
        }
        finally
        {
            FreeCall(resolved);
        }
    }

    /// <summary>PostgreSQL processes that work in this data folder, whoever started them. Linux only: empty elsewhere.</summary>
    /// <remarks>Every server process changes into its data folder, which tells them apart from a reused process id.</remarks>
    public static IReadOnlyList<int> ServersIn(string cluster)
    {
        if (!OperatingSystem.IsLinux()) return [];
        var folder = RealPath(cluster);
        return [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 1 && LinkTarget($"/proc/{id}/cwd") == folder && Path.GetFileName(LinkTarget($"/proc/{id}/exe")) is "postgres" or "postgres (deleted)")
            .Where(IsAlive)];
    }

    private static string? LinkTarget(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;                                              // gone meanwhile, or not ours to look at
        }
    }
}
