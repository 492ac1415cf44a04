using System.Text.Json;
using FluentValidation;
using LeadIngest.Api.Features.Numbers;
using LeadIngest.Core.Identities;

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

    /// <summary>The settings of replacing numbers; a number without a country is read by the country that is posted beside it, else as Russian.</summary>
    public static void Numbers<T>(AbstractValidator<T> rules, Func<T, SiteNumber[]?> numbers, Func<T, string?> country, Func<T, int?> hold, Func<T, int?> rest, Func<T, int?> lookBack)
    {
        rules.RuleFor(r => numbers(r)).Must(n => n!.Length <= 50).WithMessage("50 numbers at most.").When(r => numbers(r) is not null).OverridePropertyName("numbers");
        rules.RuleFor(r => r).Custom((request, context) =>
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (number, at) in (numbers(request) ?? []).Take(50).Select((n, i) => (n, i)))
            {
                if (number is null || !Phone.TryParse(number.Number, country(request) ?? "RU", out var phone)) context.AddFailure($"numbers[{at}].number", "Not a phone number.");
                else if (!seen.Add(phone.E164)) context.AddFailure($"numbers[{at}].number", "Is given twice.");
                if (number?.Region?.Length > LongestRegion) context.AddFailure($"numbers[{at}].region", $"{LongestRegion} characters at most.");
            }
        });
        rules.RuleFor(r => hold(r)).InclusiveBetween(30, 86_400).OverridePropertyName("numberHoldSeconds");
        rules.RuleFor(r => rest(r)).InclusiveBetween(0, 86_400).OverridePropertyName("numberRestSeconds");
        rules.RuleFor(r => lookBack(r)).InclusiveBetween(0, 604_800).OverridePropertyName("numberLookBackSeconds");
    }

    public const int LongestRegion = 50;

    /// <summary>As kept: E.164 and trimmed regions. Valid numbers only; null stays null.</summary>
    public static string? NumbersJson(SiteNumber[]? numbers, string? country) => numbers is null
        ? null
        : JsonSerializer.Serialize(numbers.Select(n => new SiteNumber(Phone.TryParse(n.Number, country ?? "RU", out var phone) ? phone.E164 : n.Number, NumberRules.CleanRegion(n.Region) ?? "")),
            JsonSerializerOptions.Web);

    /// <summary>Normalised, each once, in the order given.</summary>
    public static string[]? Normalised(string[]? origins) =>
        origins?.Select(o => SiteOrigin.TryNormalise(o, out var origin) ? origin : o).Distinct(StringComparer.Ordinal).ToArray();
}
