using LeadIngest.Core.Spend;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>How asking a cabinet for some days ended. All words are for people and hold no secret.</summary>
internal abstract record CabinetEnd
{
    private CabinetEnd() { }

    /// <summary>All that was spent on the days that were asked for: what is not named cost nothing.</summary>
    /// <param name="Hash">SHA-256 of what the vendor sent.</param>
    /// <param name="Columns">As the vendor calls them.</param>
    /// <param name="Notes">What was concluded rather than read.</param>
    internal sealed record Loaded(IReadOnlyList<SpendLine> Lines, byte[] Hash, IReadOnlyList<string> Columns, IReadOnlyList<string> Notes) : CabinetEnd;

    /// <summary>Nothing is wrong: the vendor needs time, and is to be asked the same again.</summary>
    internal sealed record Building(string Why, TimeSpan After) : CabinetEnd;

    /// <param name="After">The pause that the vendor asks for; null: the schedule decides.</param>
    internal sealed record TryLater(string Why, TimeSpan? After = null) : CabinetEnd;

    /// <summary>Fewer days at a time may work.</summary>
    internal sealed record TooMuch(string Why) : CabinetEnd;

    /// <summary>Nothing will come until a person has done something about the login.</summary>
    internal sealed record Refused(string Why) : CabinetEnd;
}
