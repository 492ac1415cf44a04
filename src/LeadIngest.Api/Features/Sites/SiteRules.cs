using FluentValidation;

namespace LeadIngest.Api.Features.Sites;

/// <summary>The rules of a site's settings, shared by creating and changing; absent settings pass.</summary>
internal static class SiteRules
{
    public static void Origins<T>(IRuleBuilder<T, string[]?> rule) => rule
        .Must(o => o is null || o.Length <= 100).WithMessage("100 origins at most.")
        .Must(o => o is null || o.All(x => SiteOrigin.TryNormalise(x, out _)))
        .WithMessage("Each must be scheme and host, without a path or a wildcard: https://example.ru");

    public static void Country<T>(IRuleBuilder<T, string?> rule) => rule
        .Must(c => c is null || (c.Length == 2 && c.All(char.IsAsciiLetterUpper))).WithMessage("An ISO 3166 code of two capital letters: RU.");

    public static void FieldMap<T>(IRuleBuilder<T, Dictionary<string, string>?> rule) => rule
        .Must(m => m is null || (m.Count <= 200 && m.All(p => p.Key.Length is > 0 and <= 200 && p.Value is { Length: > 0 and <= 50 })))
        .WithMessage("200 entries at most; field names of 1 to 200 and meanings of 1 to 50 characters.");

    public static void Tracker<T>(IRuleBuilder<T, TrackerSettings?> rule) => rule
        .Must(t => t?.Consent is not { } consent || TrackerSettings.Consents.Contains(consent)).WithMessage("consent must be full, essential or off.")
        .Must(t => t?.Forms is not { } forms || TrackerSettings.FormModes.Contains(forms)).WithMessage("forms must be mark, send or off.");

    public static void Rate<T>(IRuleBuilder<T, int?> rule) => rule.InclusiveBetween(1, 100_000);

    /// <summary>Normalised, each once, in the order given.</summary>
    public static string[]? Normalised(string[]? origins) =>
        origins?.Select(o => SiteOrigin.TryNormalise(o, out var origin) ? origin : o).Distinct(StringComparer.Ordinal).ToArray();
}
