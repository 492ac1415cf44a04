using FluentValidation;
using LeadIngest.Api.Http;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Clients;

/// <summary>What a report's figures are laid beside: <c>previous</c>, the range that ends the day before; <c>year</c>, the same days a year earlier.</summary>
internal static class Comparison
{
    public static IRuleBuilderOptions<T, string?> Compare<T>(this IRuleBuilder<T, string?> rule) => rule.OneOf("previous", "year");

    /// <returns>Null: nothing is compared.</returns>
    public static DayRange? Of(DayRange range, string? compare) => compare switch
    {
        "previous" => range.Previous(),
        // By the day after, so that the end of February stays the end of February.
        "year" => new(range.From.AddYears(-1), range.To.AddDays(1).AddYears(-1).AddDays(-1)),
        _ => null,
    };
}
