using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Masks;

namespace LeadIngest.Api.Features.Leads;

/// <summary>
/// What somebody types to find a lead. A whole phone or address is looked up by its index, over all time; anything else is a part of a name or a contact, and is looked for lead by lead within a period.
/// </summary>
/// <remarks>
/// A caller who may not see contacts finds them whole, as <c>/v1/clients</c> does, and never by a part: digit by digit a part would tell the rest. Names that hold a contact are not searched for them either.
/// </remarks>
internal sealed record LeadSearch
{
    /// <summary>Of a part that is looked for without a beginning: so many days before the end.</summary>
    public const int DaysBack = 366;

    private const int LeastDigits = 3;

    private LeadSearch()
    {
    }

    /// <summary>Of a whole number: as it may be stored.</summary>
    public string[]? Phones { get; private init; }

    /// <summary>A whole address, as it is stored.</summary>
    public string? Email { get; private init; }

    /// <summary>For <c>like</c>: text within a name, an address or a messenger.</summary>
    public string? Part { get; private init; }

    /// <summary>For <c>like</c>: digits within a number; none when there are letters among them.</summary>
    public string[] Digits { get; private init; } = [];

    public bool IsPart => Part is not null;

    /// <returns>Null: nothing was typed.</returns>
    public static LeadSearch? Of(string? typed)
    {
        var text = typed?.Trim() ?? "";
        if (text.Length == 0) return null;
        if (Core.Identities.Email.TryParse(text, out var email)) return new() { Email = email.Address };
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        if (text.Any(c => !char.IsAsciiDigit(c) && !" \u00A0+()-–.".Contains(c, StringComparison.Ordinal)) || digits.Length < LeastDigits) return new() { Part = LikePattern.Containing(text) };
        if (digits.Length >= 10 && PhoneSpellings.Of(text) is { Length: > 0 } phones) return new() { Phones = phones };
        // 8 916 is how +7 916 begins when it is spoken.
        return new() { Part = LikePattern.Containing(text), Digits = digits is ['8', .. var rest] && !text.Contains('+', StringComparison.Ordinal) ? [$"%{digits}%", $"+7{rest}%"] : [$"%{digits}%"] };
    }

    /// <summary>A condition on <c>l</c>, beginning with <c>and</c>. Parameters: <c>@SearchPhones</c>, <c>@SearchEmail</c>, <c>@SearchPart</c>, <c>@SearchDigits</c>.</summary>
    public string Sql(bool seesContacts) => this switch
    {
        { Phones: not null } => " and l.phone = any(@SearchPhones)",
        { Email: not null } => " and l.email = @SearchEmail",
        _ when !seesContacts => $" and l.name ilike @SearchPart and {HiddenNames.Without("l.name")}",
        _ => " and (concat_ws(chr(10), l.name, l.email, l.email_typed, l.phone_typed, l.messenger) ilike @SearchPart or l.phone like any(@SearchDigits))",
    };
}
