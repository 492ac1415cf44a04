using FluentValidation;
using LeadIngest.Api.Features.Sites;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Features.Numbers;

/// <summary>The rules of a number's settings, shared by creating and changing; absent settings pass.</summary>
internal static class NumberRules
{
    public static readonly string[] Kinds = ["dynamic", "static", "overflow"];

    public static void Region<T>(IRuleBuilder<T, string?> rule) => rule.MaximumLength(SiteRules.LongestRegion);

    /// <summary>As kept with numbers and sites, so that they find each other. Null: absent.</summary>
    public static string? CleanRegion(string? region) => region is null ? null : Core.Identities.Text.CleanLine(region, SiteRules.LongestRegion) ?? "";

    public static void Text<T>(IRuleBuilder<T, string?> rule) => rule.MaximumLength(500);

    public static void Channel<T>(IRuleBuilder<T, string?> rule) => rule
        .Must(c => c is null || PassportNames.TryParse(c, out Channel _)).WithMessage("Not a channel: see the passport of a lead.");

    /// <summary>Blank is as good as absent.</summary>
    public static string? Clean(string? text) => Core.Identities.Text.CleanLine(text, 500);
}
