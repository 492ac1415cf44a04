using System.Diagnostics.CodeAnalysis;

namespace LeadIngest.Core.Attribution;

/// <summary>
/// The paths of all clients, equal ones counted once: what data-driven models learn from. The order in which paths are added does not matter.
/// Not safe for several threads at once.
/// </summary>
/// <remarks>Paths without touches are not kept: no source can have a part in them.</remarks>
public sealed class PathCounts<TSource> where TSource : notnull, IComparable<TSource>
{
    private readonly Dictionary<TSource, int> _ids = [];
    private readonly List<TSource> _sources = [];
    private readonly Dictionary<int[], Ends> _paths = new(new SamePath());
    private readonly Dictionary<int[], Ends>.AlternateLookup<ReadOnlySpan<int>> _lookup;
    private int[] _buffer = new int[64];

    public PathCounts() => _lookup = _paths.GetAlternateLookup<ReadOnlySpan<int>>();

    /// <summary>Distinct paths.</summary>
    public int Count => _paths.Count;

    /// <summary>Conversions of all paths.</summary>
    public long Conversions { get; private set; }

    /// <summary>Paths that ended without a conversion.</summary>
    public long Nulls { get; private set; }

    internal IReadOnlyList<TSource> Sources => _sources;

    internal IEnumerable<(int[] Path, long Conversions, long Nulls)> Paths => _paths.Select(p => (p.Key, p.Value.Conversions, p.Value.Nulls));

    /// <param name="path">Sources of one path, oldest first.</param>
    /// <param name="conversions">How many such paths ended with a conversion; or their value, when models shall weigh by value. Not negative.</param>
    /// <param name="nulls">How many ended without. Not negative.</param>
    public void Add(ReadOnlySpan<TSource> path, long conversions, long nulls)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(conversions);
        ArgumentOutOfRangeException.ThrowIfNegative(nulls);
        if (path.IsEmpty || conversions + nulls == 0) return;
        if (_buffer.Length < path.Length) _buffer = new int[path.Length * 2];
        for (var i = 0; i < path.Length; i++)
        {
            if (!_ids.TryGetValue(path[i], out var id))
            {
                _ids.Add(path[i], id = _sources.Count);
                _sources.Add(path[i]);
            }
            _buffer[i] = id;
        }
        ReadOnlySpan<int> key = _buffer.AsSpan(0, path.Length);
        if (!_lookup.TryGetValue(key, out var ends)) _lookup[key] = ends = new Ends();
        checked
        {
            ends.Conversions += conversions;
            ends.Nulls += nulls;
            Conversions += conversions;
            Nulls += nulls;
        }
    }

    /// <summary>For each source, in the order of <see cref="Sources"/>, its place when sources are sorted: models number them so, that no result hangs on the order of rows.</summary>
    internal int[] Ranks()
    {
        var ranks = new int[_sources.Count];
        foreach (var (rank, id) in Enumerable.Range(0, ranks.Length).OrderBy(i => _sources[i]).Index()) ranks[id] = rank;
        return ranks;
    }

    private sealed class Ends
    {
        public long Conversions, Nulls;
    }

    private sealed class SamePath : IEqualityComparer<int[]>, IAlternateEqualityComparer<ReadOnlySpan<int>, int[]>
    {
        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] int[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<int> alternate, int[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<int> alternate)
        {
            var hash = new HashCode();
            foreach (var id in alternate) hash.Add(id);
            return hash.ToHashCode();
        }

        public int[] Create(ReadOnlySpan<int> alternate) => alternate.ToArray();
    }
}
