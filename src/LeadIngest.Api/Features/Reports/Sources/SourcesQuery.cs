using FluentValidation;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Figures;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Sources;

/// <summary>What both the report and the rows behind it are asked with.</summary>
internal record SourcesQuery : ReportQuery
{
    /// <summary>One or several, by comma, from the root of the tree to its leaves: <c>channel,source,campaign</c>; <c>channel,source,medium,campaign</c> when absent. See the endpoint for all.</summary>
    public string? GroupBy { get; init; }

    /// <summary>The <c>key</c> of a row: its children are asked for, or the rows behind it. Absent: the first level, or the whole.</summary>
    public string? Parent { get; init; }

    /// <summary>Another model than the project's: <c>first</c>, <c>last</c>, <c>lastNonDirect</c>, <c>lastPaid</c>, <c>linear</c>, <c>positionBased</c>, <c>timeDecay</c>, <c>markov</c>, <c>shapley</c>.</summary>
    public string? Model { get; init; }

    /// <summary><c>deal</c> (when absent): deals belong to what led to them; <c>client</c>: to what brought their client at first, whatever the model.</summary>
    public string? Basis { get; init; }

    /// <summary><c>deal</c> (when absent): a refund lowers the day on which the deal was won; <c>cash</c>: the day of the refund.</summary>
    public string? Refunds { get; init; }

    public IReadOnlyList<string> Groups => GroupBy is null ? ["channel", "source", "medium", "campaign"] : GroupBy.Split(',');

    /// <summary>Place in lists of credits, from 1.</summary>
    public int Place(Core.Attribution.AttributionModel own) => Basis == "client" ? DealCreditRows.Places : 1 + (Model is null ? (int)own : Array.IndexOf(AttributionRules.Models, Model));
}

internal class SourcesValidator<T> : ReportValidator<T> where T : SourcesQuery
{
    public SourcesValidator()
    {
        RuleFor(q => q.GroupBy).Must(g => g is null || g.Split(',') is var groups && groups.All(Dimension.All.ContainsKey) && groups.Distinct().Count() == groups.Length)
            .WithMessage($"Different ones of: {string.Join(", ", Dimension.All.Keys)}.");
        RuleFor(q => q.Parent).Must((q, p) => p is null || (p.Length <= 4_000 && NodeKey.Read(p) is { Count: > 0 } values && values.Count <= q.Groups.Count))
            .WithMessage("Not a key: pass the key of a row, unchanged, with the same groupBy.");
        RuleFor(q => q.Model).OneOf(AttributionRules.Models);
        RuleFor(q => q.Basis).OneOf("deal", "client");
        RuleFor(q => q.Refunds).OneOf("deal", "cash");
    }
}

/// <summary>The way from the root to a row: one value a level, as it can stand in an address.</summary>
internal static class NodeKey
{
    public static string Write(IEnumerable<string?> values) => string.Join('/', values.Select(v => v is null ? ReportQuery.None : Uri.EscapeDataString(v)));

    public static IReadOnlyList<string?> Read(string key) => [.. key.Split('/').Select(v => v == ReportQuery.None ? null : Uri.UnescapeDataString(v))];
}
