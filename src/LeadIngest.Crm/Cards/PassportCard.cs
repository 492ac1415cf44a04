using LeadIngest.Core.Passports;

namespace LeadIngest.Crm.Cards;

/// <summary>A passport in lines, with what it was the first time wherever that differs: a manager sees at a glance what brought the client back.</summary>
internal static class PassportCard
{
    private const string Nothing = "—";

    /// <returns>One line on top; null when the first passport is not known.</returns>
    public static string? Verdict(Passport passport, Passport? first)
    {
        if (first is null)
        {
            return null;
        }

        var differing = Marks(passport).Zip(Marks(first)).Where(m => !Same(m.First.Value, m.Second.Value)).Select(m => m.First.Key.ToLowerInvariant()).ToArray();
        return differing.Length == 0 ? "Источник тот же, что у первого обращения" : $"⚠ Не так, как в первый раз: {string.Join(", ", differing)}";
    }

    /// <summary>Label to value, empty values included: the caller leaves them out.</summary>
    /// <param name="passport">The lead's.</param>
    /// <param name="first">What the card shows; null when nobody knows.</param>
    /// <param name="page">Told already.</param>
    public static IEnumerable<KeyValuePair<string, string?>> Lines(Passport passport, Passport? first, string? page)
    {
        foreach (var ((label, value), (_, before)) in Marks(passport).Zip(Marks(first ?? passport)))
        {
            yield return new(label, Same(value, before) ? value : $"{value ?? Nothing} (было: {before ?? Nothing})");
        }

        yield return new("Метки", Pairs(passport.Utm));
        // Every click has an id of its own: that they differ says nothing.
        yield return new("Номера кликов", Pairs(passport.ClickIds));
        yield return new("Страница входа", passport.LandingPage == page ? null : passport.LandingPage);
        yield return new("Переход с", passport.Referrer);
    }

    private static KeyValuePair<string, string?>[] Marks(Passport passport) =>
    [
        new("Канал", PassportNames.ToWire(passport.Channel)),
        new("Источник", passport.Source),
        new("Тип", passport.Medium),
        new("Кампания", passport.Campaign),
        new("Объявление", passport.Content),
        new("Ключевая фраза", passport.Keyword),
    ];

    private static bool Same(string? one, string? other) =>
        string.Equals(string.IsNullOrWhiteSpace(one) ? null : one.Trim(), string.IsNullOrWhiteSpace(other) ? null : other.Trim(), StringComparison.OrdinalIgnoreCase);

    private static string Pairs(IReadOnlyDictionary<string, string> map) => string.Join(", ", map.Select(p => $"{p.Key}={p.Value}"));
}
