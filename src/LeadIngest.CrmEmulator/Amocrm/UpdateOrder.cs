namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Ids in the order of their last change. Costs nothing until the first list asks for it.</summary>
/// <remarks>Not thread-safe: the account's lock guards it.</remarks>
internal sealed class UpdateOrder
{
    private SortedSet<(long At, long Id)>? _all;

    public void Add(Entity entity) => _all?.Add((entity.UpdatedAt, entity.Id));

    public void Remove(Entity entity) => _all?.Remove((entity.UpdatedAt, entity.Id));

    public void Clear() => _all = null;

    /// <param name="from">Seconds of the first change wanted; null: from the beginning.</param>
    public IEnumerable<long> Ids(IReadOnlyList<Entity> rows, bool isDown, long? from, long? to)
    {
        _all ??= [.. rows.Select(e => (e.UpdatedAt, e.Id))];
        if (_all.Count == 0 || from > to)
            return [];
        var view = from is null && to is null ? _all : _all.GetViewBetween((from ?? long.MinValue, 0), (to ?? long.MaxValue, long.MaxValue));
        return (isDown ? view.Reverse() : view).Select(e => e.Id);
    }
}
