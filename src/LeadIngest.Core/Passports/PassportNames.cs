namespace LeadIngest.Core.Passports;

/// <summary>Names of the enumerations as they stand in the API, the database and the reports. Nothing is allocated.</summary>
public static class PassportNames
{
    private static readonly string[] Channels =
    [
        "unknown", "paid_search", "organic_search", "paid_social", "organic_social", "display", "email", "messenger", "sms", "referral",
        "affiliate", "maps", "classifieds", "ai_assistant", "offline", "push", "direct", "other",
    ];

    private static readonly string[] Origins = ["none", "utm", "click_id", "openstat", "referrer", "visit", "calltracking", "number", "direct"];
    private static readonly string[] Confidences = ["guessed", "likely", "exact"];

    /// <exception cref="ArgumentOutOfRangeException">Not a member of the enumeration.</exception>
    public static string ToWire(Channel channel) => Name(Channels, (int)channel);

    /// <inheritdoc cref="ToWire(Channel)"/>
    public static string ToWire(Origin origin) => Name(Origins, (int)origin);

    /// <inheritdoc cref="ToWire(Channel)"/>
    public static string ToWire(Confidence confidence) => Name(Confidences, (int)confidence);

    /// <summary>Reads a wire name, letter for letter.</summary>
    public static bool TryParse(ReadOnlySpan<char> wire, out Channel channel)
    {
        var found = Find(Channels, wire, out var at);
        channel = (Channel)at;
        return found;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Channel)"/>
    public static bool TryParse(ReadOnlySpan<char> wire, out Origin origin)
    {
        var found = Find(Origins, wire, out var at);
        origin = (Origin)at;
        return found;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Channel)"/>
    public static bool TryParse(ReadOnlySpan<char> wire, out Confidence confidence)
    {
        var found = Find(Confidences, wire, out var at);
        confidence = (Confidence)at;
        return found;
    }

    private static string Name(string[] names, int at) =>
        (uint)at < (uint)names.Length ? names[at] : throw new ArgumentOutOfRangeException(nameof(at), at, "Not a member of the enumeration.");

    private static bool Find(string[] names, ReadOnlySpan<char> wire, out int at)
    {
        for (at = 0; at < names.Length; at++)
            if (wire.SequenceEqual(names[at]))
                return true;
        at = 0;
        return false;
    }
}
