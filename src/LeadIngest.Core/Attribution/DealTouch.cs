using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Attribution;

/// <summary>What a touch of a client's path was. In the order in which touches of one moment stand.</summary>
public enum TouchKind { Visit, Call, Lead }

/// <summary>What credits are counted by: the origin of one touch down to the keyword, as its passport says. Compared letter for letter.</summary>
public sealed record TouchSource(Channel Channel, string? Source, string? Medium = null, string? Campaign = null, string? Content = null, string? Keyword = null) : IComparable<TouchSource>
{
    /// <summary>Nothing is known of it.</summary>
    public static TouchSource Unknown { get; } = new(Channel.Unknown, null);

    /// <summary>It tells of no advertising: a typed address, an internal page, nothing known.</summary>
    public bool IsDirect => Channel is Channel.Direct or Channel.Unknown;

    /// <summary>A click on an advertisement: by the channel, else by a medium that is paid (<c>cpc</c>, <c>cpm</c>, …).</summary>
    public bool IsPaid => Channel is Channel.PaidSearch or Channel.PaidSocial or Channel.Display
        || (Medium is not null && SourceDictionary.KindOf(Medium) is "@paid" or "@paid_social" or "@display");

    /// <summary>Column by column, ordinal; null before all texts.</summary>
    public int CompareTo(TouchSource? other)
    {
        if (other is null) return 1;
        var channels = Channel.CompareTo(other.Channel);
        return channels != 0 ? channels
            : string.CompareOrdinal(Source, other.Source) is not 0 and var sources ? sources
            : string.CompareOrdinal(Medium, other.Medium) is not 0 and var mediums ? mediums
            : string.CompareOrdinal(Campaign, other.Campaign) is not 0 and var campaigns ? campaigns
            : string.CompareOrdinal(Content, other.Content) is not 0 and var contents ? contents
            : string.CompareOrdinal(Keyword, other.Keyword);
    }

    public static bool operator <(TouchSource? left, TouchSource? right) => Compare(left, right) < 0;
    public static bool operator <=(TouchSource? left, TouchSource? right) => Compare(left, right) <= 0;
    public static bool operator >(TouchSource? left, TouchSource? right) => Compare(left, right) > 0;
    public static bool operator >=(TouchSource? left, TouchSource? right) => Compare(left, right) >= 0;

    private static int Compare(TouchSource? left, TouchSource? right) => left is null ? right is null ? 0 : -1 : left.CompareTo(right);
}

/// <summary>Something a client did that may be a touch of a deal's path.</summary>
/// <param name="Kind">A visit that is no bot's; a call that came in; a lead that is neither spam nor a test nor a duplicate.</param>
/// <param name="Id">Of the visit, the call or the lead.</param>
/// <param name="At">A visit's or a call's beginning; of a lead when it happened, where its sender says that, else when it was received.</param>
/// <param name="Source">By its own passport; of a call without a lead what its visit or its number says, else <see cref="TouchSource.Unknown"/>.</param>
/// <param name="Visit">Of a lead or a call: the visit it came from.</param>
/// <param name="Call">Of a lead: the call that it is.</param>
public sealed record DealTouch(TouchKind Kind, Guid Id, DateTimeOffset At, TouchSource Source, Guid? Visit = null, Guid? Call = null);
