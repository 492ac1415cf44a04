using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Http.Masks;

/// <summary>What a member of an answer holds of a person.</summary>
internal enum MaskKind
{
    Phone,
    Email,
    Messenger,

    /// <summary>Whatever people write: a name, a comment, a refusal.</summary>
    Free,

    /// <summary>A visitor's or a card's id, or a phone, an e-mail or a messenger by what it looks like.</summary>
    Any,

    /// <summary>Shown to nobody without the right: a body as it came.</summary>
    Whole,

    /// <summary>A number of the business itself: shown to everybody.</summary>
    Own,
}

/// <summary>
/// On a member of an answer: how it is shown to a caller who may not see how people are reached (<see cref="Access.Caller.SeesContacts"/>). Members without it are searched for e-mails and for
/// what is spelt like a phone (<see cref="Veil.Text"/>), so that a new one cannot be forgotten.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ContactAttribute(MaskKind kind) : Attribute
{
    public MaskKind Kind { get; } = kind;

    public string? Mask(string? text) => text is not { Length: > 0 } || Kind == MaskKind.Own ? text : Kind switch
    {
        MaskKind.Phone => Veil.Phone(text),
        MaskKind.Email => Veil.Email(text),
        MaskKind.Messenger => Veil.Handle(text),
        MaskKind.Any => text.Contains('@', StringComparison.Ordinal) ? Veil.Email(text) : Guid.TryParse(text, out _) ? text : text[0] == '+' ? Veil.Phone(text) : Veil.Handle(Veil.Free(text)),
        MaskKind.Whole => "***",
        _ => Veil.Free(text),
    };
}
