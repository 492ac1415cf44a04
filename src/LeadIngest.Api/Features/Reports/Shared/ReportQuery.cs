using FluentValidation;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Reports.Shared;

/// <summary>What every report may be asked with. A filter takes the exact value; <c>(none)</c> takes rows that have none.</summary>
internal abstract record ReportQuery
{
    /// <summary>Stands for "no value" in filters and in the keys of groups.</summary>
    public const string None = "(none)";

    /// <summary>First day, by the project's time zone; the last 30 days when both are absent.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day, included; today when absent.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Only this channel: <c>paid_search</c>.</summary>
    public string? Channel { get; init; }

    /// <summary>Only this source, as passports name it: <c>Яндекс.Директ</c>.</summary>
    public string? Source { get; init; }

    /// <summary>Only this medium: <c>cpc</c>.</summary>
    public string? Medium { get; init; }

    /// <summary>Only this campaign.</summary>
    public string? Campaign { get; init; }

    /// <summary>Only this content: an advertisement, a banner.</summary>
    public string? Content { get; init; }

    /// <summary>Only this keyword.</summary>
    public string? Keyword { get; init; }

    /// <summary>Only this site.</summary>
    public Guid? SiteId { get; init; }

    /// <summary>Only this CRM account.</summary>
    public Guid? ConnectionId { get; init; }

    /// <summary>Only this responsible user: the CRM's id.</summary>
    public string? Manager { get; init; }

    /// <summary>Only this pipeline: the CRM's id.</summary>
    public string? Pipeline { get; init; }

    /// <summary><c>json</c> (when absent), <c>csv</c> or <c>xlsx</c>.</summary>
    public string? Format { get; init; }

    /// <summary>Of the headings in files: <c>ru</c> (when absent) or <c>en</c>. Also settles how CSV is written: <c>;</c> and decimal commas, or <c>,</c> and points.</summary>
    public string? Lang { get; init; }
}

/// <summary>The rules that every report shares; a report adds those of its own parameters.</summary>
internal class ReportValidator<T> : AbstractValidator<T> where T : ReportQuery
{
    /// <summary>Three leap years and a bit: what a business compares with.</summary>
    public const int MostDays = 3_700;

    protected ReportValidator()
    {
        RuleFor(q => q.To).GreaterThanOrEqualTo(q => q.From).When(q => q.From is not null && q.To is not null).WithMessage("Must not be before 'from'.");
        RuleFor(q => q.To).Must((q, to) => to!.Value.DayNumber - q.From!.Value.DayNumber < MostDays).When(q => q.From is not null && q.To >= q.From)
            .WithMessage($"At most {MostDays} days.");
        RuleFor(q => q.From).Must(d => d!.Value.Year is >= 2000 and <= 2100).When(q => q.From is not null).WithMessage("From 2000 to 2100.");
        RuleFor(q => q.To).Must(d => d!.Value.Year is >= 2000 and <= 2100).When(q => q.To is not null).WithMessage("From 2000 to 2100.");
        foreach (var text in new System.Linq.Expressions.Expression<Func<T, string?>>[]
            { q => q.Channel, q => q.Source, q => q.Medium, q => q.Campaign, q => q.Content, q => q.Keyword, q => q.Manager, q => q.Pipeline })
            RuleFor(text).MaximumLength(500).Must(t => t?.Contains('\0', StringComparison.Ordinal) != true).WithMessage("At most 500 characters, none of them NUL.");
        RuleFor(q => q.Format).OneOf("json", "csv", "xlsx");
        RuleFor(q => q.Lang).OneOf("ru", "en");
    }
}
