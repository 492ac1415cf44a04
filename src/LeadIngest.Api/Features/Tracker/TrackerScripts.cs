using System.Collections.Concurrent;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Ingest;

namespace LeadIngest.Api.Features.Tracker;

/// <summary>A script ready to be sent in one coding.</summary>
/// <param name="Coding"><c>br</c>, <c>gzip</c>, or null for none.</param>
/// <param name="Bytes">As they go over the wire.</param>
/// <param name="ETag">Strong: of the content and its coding.</param>
internal sealed record EncodedScript(string? Coding, byte[] Bytes, string ETag);

/// <summary>The tracker of each site, compressed once: one line of settings, then the file that is the same for all.</summary>
internal sealed class TrackerScripts
{
    /// <summary>About 20 KB each.</summary>
    private const int MaxRemembered = 500;

    private static readonly byte[] File = Embedded("tracker.js");
    private readonly ConcurrentDictionary<string, EncodedScript[]> _scripts = new(StringComparer.Ordinal);

    /// <param name="site">Whose pages load it.</param>
    /// <param name="service">Address of this service, for pages that load the script from elsewhere.</param>
    /// <returns>All codings, the smallest first, the plain one last.</returns>
    public IReadOnlyList<EncodedScript> For(SiteEntry site, string service)
    {
        var settings = Settings(site, service);
        if (_scripts.TryGetValue(settings, out var known)) return known;
        if (_scripts.Count >= MaxRemembered) _scripts.Clear();
        return _scripts.GetOrAdd(settings, Encode);
    }

    // The serialiser escapes what could end a string or a script, so settings stay text whatever they hold.
    private static string Settings(SiteEntry site, string service) => "(window.leadingest=window.leadingest||[]).config=" + JsonSerializer.Serialize(new
    {
        key = site.SiteKey,
        consent = site.Tracker.Consent,
        forms = site.Tracker.Forms,
        @base = service,
    }) + ";\n";

    private static EncodedScript[] Encode(string settings)
    {
        byte[] plain = [.. Encoding.UTF8.GetBytes(settings), .. File];
        var tag = Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 12));
        return
        [
            new("br", Compress(plain, output => new BrotliStream(output, CompressionLevel.SmallestSize)), $"\"{tag}-br\""),
            new("gzip", Compress(plain, output => new GZipStream(output, CompressionLevel.SmallestSize)), $"\"{tag}-gz\""),
            new(null, plain, $"\"{tag}\""),
        ];
    }

    private static byte[] Compress(byte[] plain, Func<Stream, Stream> coder)
    {
        using var output = new MemoryStream();
        using (var stream = coder(output)) stream.Write(plain);
        return output.ToArray();
    }

    private static byte[] Embedded(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
