using System.Linq.Expressions;
using FluentValidation;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Core.Times;

namespace LeadIngest.Api.Features.Reports.Team.Shared;

/// <summary>What a report about the team's work may be asked with.</summary>
internal abstract record TeamQuery : ReportQuery
{
    /// <summary>Beside the period, the figures of <c>previous</c> (the days right before; of whole months as many whole months) or <c>year</c> (the same days a year earlier).</summary>
    public string? Compare { get; init; }

    /// <summary>The days to compare with; null: none.</summary>
    public DayRange? Compared(DayRange range) => Compare switch
    {
        "previous" => range.Previous(),
        "year" => new(range.From.AddYears(-1), range.To.AddYears(-1)),
        _ => null,
    };
}

/// <summary>The rows behind a figure, page by page; a file takes up to <see cref="MostInFile"/> of them.</summary>
internal abstract record TeamRowsQuery : ReportQuery, IPageQuery
{
    public const int MostInFile = 50_000;

    /// <summary>Rows a page, 1 to 500; 50 when absent. A file takes all rows, at most 50,000.</summary>
    public int? Limit { get; init; }

    /// <summary><c>nextCursor</c> of the page before.</summary>
    public string? Cursor { get; init; }

    public (int Limit, Guid Before) Page() => Format is "csv" or "xlsx" ? (MostInFile, Guid.AllBitsSet) : this.Bounds();
}

/// <summary>The rules of the team's reports. A filter that a report has no use for is refused, never ignored: the figure would not be what was asked for.</summary>
internal class TeamValidator<T> : ReportValidator<T> where T : ReportQuery
{
    protected TeamValidator()
    {
        if (typeof(TeamQuery).IsAssignableFrom(typeof(T))) RuleFor(q => (q as TeamQuery)!.Compare).OneOf("previous", "year").OverridePropertyName(nameof(TeamQuery.Compare));
        if (!typeof(TeamRowsQuery).IsAssignableFrom(typeof(T))) return;
        RuleFor(q => (q as TeamRowsQuery)!.Limit).InclusiveBetween(1, Cursor.MaxLimit).OverridePropertyName(nameof(TeamRowsQuery.Limit)).WithMessage($"From 1 to {Cursor.MaxLimit}.");
        RuleFor(q => (q as TeamRowsQuery)!.Cursor).Must(c => Cursor.TryRead(c, out _)).OverridePropertyName(nameof(TeamRowsQuery.Cursor))
            .WithMessage("Not a cursor: pass nextCursor of the page before, unchanged.");
    }

    protected void Refuse(params Expression<Func<T, string?>>[] filters)
    {
        foreach (var filter in filters) RuleFor(filter).Null().WithMessage(NoSuchFilter);
    }

    protected void RefuseConnection() => RuleFor(q => q.ConnectionId).Null().WithMessage(NoSuchFilter);

    /// <summary>Text of a filter of the report's own.</summary>
    protected void Text(Expression<Func<T, string?>> text) =>
        RuleFor(text).MaximumLength(500).Must(t => t?.Contains('\0', StringComparison.Ordinal) != true).WithMessage("At most 500 characters, none of them NUL.");

    private const string NoSuchFilter = "This report cannot be narrowed by it.";
}

/// <summary>What the figures rest on.</summary>
/// <param name="From">First day, by <paramref name="TimeZone"/>.</param>
/// <param name="To">Last day, included.</param>
/// <param name="TimeZone">The project's (IANA).</param>
/// <param name="ComparedFrom">First day of what is compared with; null: nothing is.</param>
/// <param name="ComparedTo">Its last day.</param>
internal sealed record ReportDays(DateOnly From, DateOnly To, string TimeZone, DateOnly? ComparedFrom, DateOnly? ComparedTo)
{
    public static ReportDays Of(ReportProject project, DayRange range, DayRange? compared) => new(range.From, range.To, project.Zone.Id, compared?.From, compared?.To);

    public IReadOnlyList<(string Ru, string En, string Value)> About() =>
    [
        ("Дни", "Days", $"{From:yyyy-MM-dd} – {To:yyyy-MM-dd}"), ("Часовой пояс", "Time zone", TimeZone),
        .. ComparedFrom is null ? [] : ((string, string, string)[])[("Сравнение с", "Compared with", $"{ComparedFrom:yyyy-MM-dd} – {ComparedTo:yyyy-MM-dd}")],
    ];
}
