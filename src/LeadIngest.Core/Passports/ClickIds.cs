using System.Collections.Frozen;

namespace LeadIngest.Core.Passports;

/// <summary>One kind of click id and what it says of the visit when no tag does.</summary>
/// <param name="Name"><c>yclid</c>.</param>
/// <param name="Source">The advertising system, a key of the source dictionary.</param>
/// <param name="Medium"><c>cpc</c>, <c>organic</c>…; null when the id is put on paid and unpaid links alike (<c>fbclid</c>).</param>
/// <param name="Agrees">Other sources that may stand in the tags beside this id without a contradiction.</param>
/// <param name="Rank">0 is the strongest; paid ids come before unpaid ones.</param>
internal sealed record ClickId(string Name, string Source, string? Medium, string[] Agrees, int Rank)
{
    /// <summary>True when a source of the tags can go together with this id.</summary>
    internal bool Allows(string source) => source == Source || Array.IndexOf(Agrees, source) >= 0;

    /// <summary>Loads the shipped table. The order of its rows is the rank.</summary>
    internal static FrozenDictionary<string, ClickId> Load() =>
        EmbeddedData.Rows("click-ids.csv")
            .Select((row, rank) => new ClickId(
                row[0], row[1], row[2].Length == 0 ? null : row[2], row[3].Split(',', StringSplitOptions.RemoveEmptyEntries), rank))
            .ToFrozenDictionary(id => id.Name);
}
