namespace LeadIngest.Core.Identities;

/// <summary>
/// Digits as somebody wrote or dialled them, turned into an international number: tries the readings that the digits allow, in the
/// order in which people mean them, and takes the first that a numbering plan bears out.
/// </summary>
/// <remarks>
/// Two strengths of proof. A number written with its calling code or trunk prefix says what it is, so the loose shape of the plan
/// is enough: ranges are opened more often than data are refreshed, and a refused number of a true client costs more. Bare digits
/// may be an order number or a taxpayer id, so they must lie in a range that was given out.
/// </remarks>
internal static class DialledNumber
{
    // ITU-T E.164 (2010), 6.2.1: 15 digits at most. The lower bound is the shortest true one, Niue's +683 and four digits.
    private const int Shortest = 7;
    private const int Longest = 15;

    // Shorter digits without any prefix read as some calling code too often.
    private const int ShortestWithoutPlus = 11;

    /// <param name="digits">ASCII digits only.</param>
    /// <param name="plus">A plus stood before them.</param>
    /// <param name="firstGroup">How many digits stand before the first separator.</param>
    /// <param name="whole">The digits are all that stood there, not a part cut out of a longer run.</param>
    /// <param name="home">The plan of the site's country; null when it is unknown.</param>
    /// <param name="phone">The number without an extension.</param>
    public static bool TryRead(ReadOnlySpan<char> digits, bool plus, int firstGroup, bool whole, NumberingPlan? home, out Phone? phone) =>
        plus ? TryPlus(digits, firstGroup, home, out phone) : TryNoPlus(digits, whole, home, out phone);

    private static bool TryPlus(ReadOnlySpan<char> digits, int firstGroup, NumberingPlan? home, out Phone? phone)
    {
        // "+8 (495) …": a plus put before the trunk prefix. The gap after it tells it from a calling code, which 8 is not.
        if (home?.Prefix is { } prefix && firstGroup == prefix.Length && digits.StartsWith(prefix)
            && !NumberingPlans.IsCode(prefix) && TryNational(digits, home, out phone))
            return true;
        return TryInternational(digits, proven: true, out phone)
            || home is not null && TryNational(digits, home, out phone);
    }

    private static bool TryNoPlus(ReadOnlySpan<char> digits, bool whole, NumberingPlan? home, out Phone? phone)
    {
        phone = null;
        if (home is not null)
        {
            var dialled = home.InternationalPrefixLength(digits);
            if (dialled > 0 && TryInternational(digits[dialled..], proven: true, out phone))
                return true;
            // "7916…" in Russia: a plus left out. A number that is right as it stands stays national.
            if (digits.StartsWith(home.Code) && !home.Matches(home.Significant(digits)) && TryInternational(digits, proven: true, out phone))
                return true;
            if (TryNational(digits, home, out phone))
                return true;
            if (digits.StartsWith(home.Code) && TryInternational(digits, proven: true, out phone))
                return true;
            // "8 7 916 …": the trunk prefix before a number that already has its calling code.
            if (home.Prefix is { } prefix && digits.StartsWith(prefix) && digits[prefix.Length..].StartsWith(home.Code)
                && TryInternational(digits[prefix.Length..], proven: true, out phone))
                return true;
        }
        // 00 is what most of the world dials, and people write it where their own country dials something else.
        if (digits.StartsWith("00") && TryInternational(digits[2..], proven: true, out phone))
            return true;
        return whole && digits.Length >= ShortestWithoutPlus && TryInternational(digits, proven: false, out phone);
    }

    private static bool TryNational(ReadOnlySpan<char> digits, NumberingPlan home, out Phone? phone)
    {
        var number = home.Significant(digits);
        return TryAccept(NumberingPlans.CountryOf(home.Code, number), home, number, proven: number.Length != digits.Length, out phone);
    }

    private static bool TryInternational(ReadOnlySpan<char> digits, bool proven, out Phone? phone)
    {
        phone = null;
        if (NumberingPlans.OfInternational(digits) is not { } main)
            return false;
        var rest = digits[main.Code.Length..];
        var number = main.Significant(rest);
        if (TryAccept(NumberingPlans.CountryOf(main.Code, number), main, number, proven, out phone))
            return true;
        // "+7 7 916 …": the calling code typed again into a field that had written it already.
        return rest.StartsWith(main.Code) && TryInternational(rest, proven, out phone);
    }

    private static bool TryAccept(NumberingPlan? country, NumberingPlan main, ReadOnlySpan<char> number, bool proven, out Phone? phone)
    {
        phone = null;
        var plan = country ?? main;
        if (plan.Code.Length + number.Length is < Shortest or > Longest || !plan.Matches(number))
            return false;
        var allotted = plan.IsAllotted(number);
        if (!allotted && !(proven && plan.IsSubscriberLength(number.Length)))
            return false;
        phone = new Phone(string.Concat("+", plan.Code, number), country?.Country, allotted);
        return true;
    }
}
