using System.Globalization;
using System.Text.Json;

namespace LeadIngest.Core.Identities;

/// <summary>One line of <c>Data/numbering-plans.json</c>; the README beside it explains the members.</summary>
internal sealed record PlanData(
    string? Country, string Code, string? Idd, string? Prefix, string? PrefixPattern, string? Transform, string? Leading,
    int[] Lengths, int[] Subscriber, string Pattern, string? Ranges);

/// <summary>The numbering plans of the world, read once from the embedded data.</summary>
internal static class NumberingPlans
{
    private const int LongestCode = 3;

    private static readonly Dictionary<string, NumberingPlan> ByCountry = new(StringComparer.OrdinalIgnoreCase);

    // Index = calling code. The first plan is the main country of a shared code.
    private static readonly NumberingPlan[]?[] ByCode = new NumberingPlan[1000][];

    static NumberingPlans()
    {
        foreach (var code in Read().GroupBy(plan => plan.Code))
        {
            var plans = code.Select(data => new NumberingPlan(data)).ToArray();
            ByCode[Index(code.Key)] = plans;
            foreach (var plan in plans)
                if (plan.Country is not null)
                    ByCountry.Add(plan.Country, plan);
        }
    }

    /// <summary>All countries with a plan, upper case.</summary>
    public static IEnumerable<string> Countries => ByCountry.Keys;

    /// <param name="country">ISO 3166-1 alpha-2 in any case.</param>
    /// <returns>Null for a country that has no plan.</returns>
    public static NumberingPlan? Of(string? country) => country is null ? null : ByCountry.GetValueOrDefault(country);

    /// <summary>The main plan of the calling code that the digits start with. Calling codes are prefix-free, so the first hit is the only one.</summary>
    public static NumberingPlan? OfInternational(ReadOnlySpan<char> digits)
    {
        for (var length = 1; length <= LongestCode && length <= digits.Length; length++)
            if (ByCode[Index(digits[..length])] is { } plans && plans[0].Code.Length == length)
                return plans[0];
        return null;
    }

    public static bool IsCode(ReadOnlySpan<char> digits) =>
        digits.Length is > 0 and <= LongestCode && ByCode[Index(digits)] is { } plans && plans[0].Code.Length == digits.Length;

    /// <summary>The country of a number whose calling code several countries share.</summary>
    /// <returns>Null when none of them has given the number out, though its shape may be right.</returns>
    public static NumberingPlan? CountryOf(string code, ReadOnlySpan<char> number)
    {
        var plans = ByCode[Index(code)]!;
        if (plans.Length == 1)
            return plans[0];
        foreach (var plan in plans)
            if (plan.HasLeading(number) ?? plan.IsAllotted(number))
                return plan;
        return null;
    }

    private static int Index(ReadOnlySpan<char> code) => int.Parse(code, NumberStyles.None, CultureInfo.InvariantCulture);

    private static List<PlanData> Read()
    {
        const string name = "LeadIngest.Core.Identities.Data.numbering-plans.json";
        using var stream = typeof(NumberingPlans).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly was built without {name}.");
        using var json = JsonDocument.Parse(stream);
        return json.RootElement.GetProperty("plans").Deserialize<List<PlanData>>(JsonSerializerOptions.Web)!;
    }
}
