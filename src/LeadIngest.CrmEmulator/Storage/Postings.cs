using System.Runtime.InteropServices;

namespace LeadIngest.CrmEmulator.Storage;

/// <summary>From a value to the ids of the records that hold it. Most values are held by one record only and cost one entry.</summary>
/// <remarks>Not thread-safe: the owner's lock guards it.</remarks>
internal sealed class Postings
{
    private readonly Dictionary<string, long> _single = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<long>> _many = new(StringComparer.Ordinal);

    public void Add(string key, long id)
    {
        if (_many.TryGetValue(key, out var ids))
        {
            Insert(ids, id);
            return;
        }
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_single, key, out var known);
        if (!known)
        {
            first = id;
            return;
        }
        if (first == id)
            return;
        var list = new List<long> { first };
        Insert(list, id);
        _single.Remove(key);
        _many[key] = list;
    }

    public void Remove(string key, long id)
    {
        if (_many.TryGetValue(key, out var ids))
        {
            var at = ids.BinarySearch(id);
            if (at >= 0)
                ids.RemoveAt(at);
            if (ids.Count == 0)
                _many.Remove(key);
        }
        else if (_single.TryGetValue(key, out var only) && only == id)
        {
            _single.Remove(key);
        }
    }

    /// <summary>Ids in rising order.</summary>
    public IReadOnlyList<long> Find(string key) =>
        _many.TryGetValue(key, out var ids) ? ids : _single.TryGetValue(key, out var id) ? [id] : [];

    public void Clear()
    {
        _single.Clear();
        _many.Clear();
    }

    private static void Insert(List<long> ids, long id)
    {
        if (ids[^1] < id)
        {
            ids.Add(id);
            return;
        }
        var at = ids.BinarySearch(id);
        if (at < 0)
            ids.Insert(~at, id);
    }
}
