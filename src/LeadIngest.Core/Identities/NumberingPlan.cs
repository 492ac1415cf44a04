using System.Text.RegularExpressions;

namespace LeadIngest.Core.Identities;

/// <summary>
/// The numbering plan of one country, or of one calling code without a country (+800, +883): what its numbers look like and
/// what people dial before them. Read from <c>Data/numbering-plans.json</c>.
/// </summary>
/// <remarks>
/// Patterns become matchers when first needed: a process meets a handful of countries. They are interpreted, not compiled:
/// inputs are at most 20 digits, and compiling costs milliseconds that the first lead would wait for.
/// </remarks>
internal sealed class NumberingPlan(PlanData data)
{
    private readonly Lazy<Regex?> idd = Start(data.Idd);
    private readonly Lazy<Regex?> leading = Start(data.Leading);
    private readonly Lazy<Regex?> prefixPattern = Start(data.PrefixPattern);
    private readonly Lazy<Regex?> pattern = Whole(data.Pattern);
    private readonly Lazy<Regex?> ranges = Whole(data.Ranges);

    /// <summary>ISO 3166-1 alpha-2, upper case. Null: the calling code belongs to no country.</summary>
    public string? Country => data.Country;

    /// <summary>The calling code without plus: <c>7</c>, <c>380</c>.</summary>
    public string Code => data.Code;

    /// <summary>The trunk prefix of national numbers: <c>8</c> in Russia, <c>0</c> in Germany, none in Italy.</summary>
    public string? Prefix => data.Prefix;

    /// <summary>Tells countries of a shared calling code apart by the first digits alone; null where ranges have to be compared.</summary>
    public bool? HasLeading(ReadOnlySpan<char> number) => leading.Value?.IsMatch(number);

    public bool IsPossibleLength(int length) => data.Lengths.Contains(length);

    /// <summary>True when fixed or mobile numbers have this length; other lengths belong to rare services only.</summary>
    public bool IsSubscriberLength(int length) => data.Subscriber.Contains(length);

    /// <summary>The loose check: the shape of any number of this plan. Takes in ranges that are not given out yet.</summary>
    public bool Matches(ReadOnlySpan<char> number) => IsPossibleLength(number.Length) && pattern.Value!.IsMatch(number);

    /// <summary>The strict check: a range that was given out when the data were published.</summary>
    public bool IsAllotted(ReadOnlySpan<char> number) => Matches(number) && (ranges.Value?.IsMatch(number) ?? true);

    /// <summary>Length of the international prefix that the number starts with (<c>810</c>, <c>00</c>), 0 when there is none.</summary>
    public int InternationalPrefixLength(ReadOnlySpan<char> digits)
    {
        if (idd.Value is null)
            return 0;
        foreach (var match in idd.Value.EnumerateMatches(digits))
            return match.Length;
        return 0;
    }

    /// <summary>
    /// The national significant number: without trunk prefix and carrier code, with the area code that the plan lets people leave out.
    /// </summary>
    /// <remarks>Source: extractNationalNumber.js of libphonenumber-js, itself a port of maybeStripNationalPrefix of libphonenumber.</remarks>
    public ReadOnlySpan<char> Significant(ReadOnlySpan<char> digits)
    {
        var rest = WithoutPrefix(digits);
        if (rest.SequenceEqual(digits))
            return digits;
        // The prefix is also a first digit of true numbers: +7 800 … starts with Russia's trunk prefix.
        if (pattern.Value!.IsMatch(digits) && !pattern.Value.IsMatch(rest))
            return digits;
        var lengths = (NumberingPlans.CountryOf(Code, rest) ?? this).Lengths;
        return rest.Length > lengths[^1] || lengths.Contains(rest.Length) ? rest : digits;
    }

    private ReadOnlySpan<int> Lengths => data.Lengths;

    private ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> digits)
    {
        if (prefixPattern.Value is not { } regex)
            return Prefix is { } prefix && digits.StartsWith(prefix) ? digits[prefix.Length..] : digits;
        var number = digits.ToString();
        var match = regex.Match(number);
        if (!match.Success)
            return digits;
        var hasGroup = match.Groups.Count > 1 && match.Groups[^1].Length > 0;
        return data.Transform is { } transform && hasGroup ? regex.Replace(number, transform, 1) : digits[match.Length..];
    }

    private static Lazy<Regex?> Start(string? pattern) => Make(pattern, "^(?:{0})");

    private static Lazy<Regex?> Whole(string? pattern) => Make(pattern, @"^(?:{0})\z");

    private static Lazy<Regex?> Make(string? pattern, string frame) =>
        new(() => pattern is null ? null : new Regex(frame.Replace("{0}", pattern, StringComparison.Ordinal), RegexOptions.CultureInvariant));
}
