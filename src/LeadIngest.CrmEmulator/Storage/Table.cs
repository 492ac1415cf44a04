namespace LeadIngest.CrmEmulator.Storage;

internal interface IRecord
{
    long Id { get; }
}

/// <summary>Records by id and in rising order of ids. Ids are never given twice, not even after <see cref="Clear"/>.</summary>
/// <remarks>Not thread-safe: the owner's lock guards it.</remarks>
internal sealed class Table<T>(long firstId)
    where T : class, IRecord
{
    private readonly Dictionary<long, T> _byId = [];
    private readonly List<T> _rows = [];
    private long _last = firstId - 1;

    public IReadOnlyList<T> Rows => _rows;

    public long NextId() => ++_last;

    /// <summary>An id that was chosen elsewhere: <see cref="NextId"/> goes on after it.</summary>
    public void Take(long id) => _last = Math.Max(_last, id);

    public T? Find(long id) => _byId.GetValueOrDefault(id);

    public void Add(T row)
    {
        _byId.Add(row.Id, row);
        _rows.Add(row);
    }

    /// <summary>Adds a row whose id was given before.</summary>
    public void PutBack(T row)
    {
        _byId.Add(row.Id, row);
        _rows.Insert(FirstAtLeast(row.Id), row);
    }

    /// <summary>Another row in the place of the one with the same id.</summary>
    public T Replace(T row)
    {
        _byId[row.Id] = row;
        _rows[FirstAtLeast(row.Id)] = row;
        return row;
    }

    public bool Remove(long id)
    {
        if (!_byId.Remove(id))
            return false;
        _rows.RemoveAt(FirstAtLeast(id));
        return true;
    }

    /// <summary>Position of the first row whose id is not below <paramref name="id"/>.</summary>
    public int FirstAtLeast(long id)
    {
        var (low, high) = (0, _rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_rows[middle].Id < id)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    public void Clear()
    {
        _byId.Clear();
        _rows.Clear();
        _byId.TrimExcess();
        _rows.TrimExcess();
    }
}
