using FluentValidation;

namespace LeadIngest.Api.Http;

/// <summary>The query of a list by cursor.</summary>
internal interface IPageQuery
{
    /// <summary>Rows a page, 1 to <see cref="Cursor.MaxLimit"/>; absent: <see cref="Cursor.DefaultLimit"/>.</summary>
    int? Limit { get; }

    /// <summary><c>nextCursor</c> of the page before; absent: from the newest.</summary>
    string? Cursor { get; }
}

/// <summary>The rules that every list shares; a list adds those of its own filters.</summary>
internal class PageValidator<T> : AbstractValidator<T> where T : IPageQuery
{
    public PageValidator()
    {
        RuleFor(q => q.Limit).InclusiveBetween(1, Cursor.MaxLimit).WithMessage($"From 1 to {Cursor.MaxLimit}.");
        RuleFor(q => q.Cursor).Must(c => Cursor.TryRead(c, out _)).WithMessage("Not a cursor: pass nextCursor of the page before, unchanged.");
    }
}

internal static class PageQueries
{
    /// <summary>How many rows the page shows and the id it ends before. Valid queries only.</summary>
    public static (int Limit, Guid Before) Bounds(this IPageQuery query)
    {
        _ = Cursor.TryRead(query.Cursor, out var before);
        return (Cursor.Limit(query.Limit), before);
    }

    /// <summary>A phone in any spelling that <see cref="PhoneSpellings"/> reads.</summary>
    public static IRuleBuilderOptions<T, string?> Phone<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(p => p is null || PhoneSpellings.Of(p).Length > 0).WithMessage("Not a phone number.");

    /// <summary>A word out of a closed set, as the wire spells it.</summary>
    public static IRuleBuilderOptions<T, string?> OneOf<T>(this IRuleBuilder<T, string?> rule, params string[] words) =>
        rule.Must(w => w is null || words.Contains(w, StringComparer.Ordinal)).WithMessage($"One of: {string.Join(", ", words)}.");
}
