using System.Collections.Frozen;

namespace LeadIngest.Api.Features.Dashboard;

/// <summary>What the build of <c>src/dashboard</c> left, by its path: <c>index.html</c>, <c>assets/index-4f1c.js</c>, and each text compressed beside it (<c>.br</c>, <c>.gz</c>).</summary>
internal static class DashboardFiles
{
    private const string Prefix = "Dashboard.";

    private static readonly FrozenDictionary<string, byte[]> Files = typeof(DashboardFiles).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(n => n[Prefix.Length..].Replace('\\', '/'), Read, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Files.Keys;

    public static byte[]? Find(string path) => Files.GetValueOrDefault(path);

    private static byte[] Read(string resource)
    {
        using var stream = typeof(DashboardFiles).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
