using System.Diagnostics.CodeAnalysis;

namespace LeadIngest.Core.Identities;

public enum MessengerKind { Telegram, WhatsApp, Viber, Vk }

/// <summary>A contact in a messenger: a nick in lower case without @ (<c>olga_k</c>, for VK also <c>id1</c>), or a phone in E.164 form.</summary>
/// <remarks>Nick lengths: Telegram 5–32 (core.telegram.org, usernames; 4 for bought ones), VK 5–32 and <c>id</c> with digits.</remarks>
public sealed record Messenger
{
    private const int ShortestNick = 4;
    private const int LongestNick = 32;

    // What may stand before the nick or the number, scheme and "www." already taken off.
    private static readonly (string Start, MessengerKind Kind)[] Links =
    [
        ("t.me/", MessengerKind.Telegram), ("telegram.me/", MessengerKind.Telegram), ("telegram.dog/", MessengerKind.Telegram),
        ("tg://resolve?domain=", MessengerKind.Telegram), ("tg://resolve?phone=", MessengerKind.Telegram),
        ("vk.com/", MessengerKind.Vk), ("m.vk.com/", MessengerKind.Vk), ("vk.ru/", MessengerKind.Vk), ("vk.me/", MessengerKind.Vk),
        ("wa.me/", MessengerKind.WhatsApp), ("api.whatsapp.com/send?phone=", MessengerKind.WhatsApp),
        ("api.whatsapp.com/send/?phone=", MessengerKind.WhatsApp), ("whatsapp://send?phone=", MessengerKind.WhatsApp),
        ("viber://chat?number=", MessengerKind.Viber), ("viber://add?number=", MessengerKind.Viber),
    ];

    private Messenger(MessengerKind kind, string value) => (Kind, Value) = (kind, value);

    public MessengerKind Kind { get; }
    public string Value { get; }

    /// <summary>One text for both, by which a client may be known: <c>telegram:olga_k</c>.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}:{Value}";

    /// <summary>Reads a link of a messenger, a nick with @ (Telegram), or whatever a field of a known messenger holds. Never throws.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="defaultCountry">ISO 3166-1 alpha-2, for phone numbers.</param>
    /// <param name="field">The messenger that the field's name tells; null lets only links and @nicks through.</param>
    /// <param name="messenger">The contact, null when there is none.</param>
    public static bool TryParse(string? text, string? defaultCountry, MessengerKind? field, [NotNullWhen(true)] out Messenger? messenger)
    {
        messenger = null;
        if (Text.CleanLine(text, 300) is not { } line)
            return false;
        var rest = line.ToLowerInvariant();
        foreach (var scheme in (ReadOnlySpan<string>)["https://", "http://", "www."])
            if (rest.StartsWith(scheme, StringComparison.Ordinal))
                rest = rest[scheme.Length..];
        foreach (var (start, kind) in Links)
            if (rest.StartsWith(start, StringComparison.Ordinal))
                return TryRead(kind, rest[start.Length..].Split('?', '/', '&')[0].Replace("%2b", "+", StringComparison.Ordinal), defaultCountry, out messenger);
        if (rest[0] == '@')
            return TryRead(field ?? MessengerKind.Telegram, rest[1..], defaultCountry, out messenger);
        return field is { } known && TryRead(known, rest, defaultCountry, out messenger);
    }

    private static bool TryRead(MessengerKind kind, string value, string? defaultCountry, [NotNullWhen(true)] out Messenger? messenger)
    {
        messenger = null;
        // A link has the calling code without a plus.
        if (kind != MessengerKind.Vk && (Phone.TryParse(value, defaultCountry, out var phone) || Phone.TryParse("+" + value, null, out phone)))
            messenger = new Messenger(kind, phone.E164);
        else if (kind is MessengerKind.Telegram or MessengerKind.Vk && IsNick(value))
            messenger = new Messenger(kind, value);
        return messenger is not null;
    }

    private static bool IsNick(string value) =>
        value.Length <= LongestNick && (value.Length >= ShortestNick || IsVkNumber(value)) && char.IsAsciiLetter(value[0])
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.');

    private static bool IsVkNumber(string value) => value.Length > 2 && value.StartsWith("id", StringComparison.Ordinal) && value[2..].All(char.IsAsciiDigit);
}
