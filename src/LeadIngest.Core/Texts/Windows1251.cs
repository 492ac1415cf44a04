using System.Text;

namespace LeadIngest.Core.Texts;

/// <summary>
/// Code page 1251 in both directions. Our own table: the framework's one needs a process-wide registration, and a pure rule
/// must not depend on whether somebody registered it. Source: Unicode's CP1251.TXT; byte 0x98 is undefined there.
/// </summary>
public static class Windows1251
{
    private const char Undefined = '\uFFFD';

    private const string Upper =
        "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\uFFFD™љ›њќћџ\u00A0ЎўЈ¤Ґ¦§Ё©Є«¬\u00AD®Ї°±Ііґµ¶·ё№є»јЅѕї" +
        "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя";

    /// <summary>Decodes bytes whatever they are; 0x98, which means nothing, becomes U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
            text[i] = bytes[i] < 0x80 ? (char)bytes[i] : Upper[bytes[i] - 0x80];
        return new string(text);
    }

    /// <summary>Decodes bytes; false when one of them means nothing in this code page or is a control.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="lettersOnly">Also refuse a high byte that is not a Russian letter: the caller has weak evidence.</param>
    /// <param name="text">The text, empty on failure.</param>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, bool lettersOnly, out string text)
    {
        text = "";
        var chars = bytes.Length <= 512 ? stackalloc char[bytes.Length] : new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var c = bytes[i] < 0x80 ? (char)bytes[i] : Upper[bytes[i] - 0x80];
            if (c == Undefined || (lettersOnly && c >= 0x80 && !IsRussianLetter(c)))
                return false;
            chars[i] = c;
        }
        text = new string(chars);
        return true;
    }

    /// <summary>
    /// Undoes "UTF-8 shown as windows-1251" (<c>РѕРєРЅР°</c> → <c>окна</c>). False unless every character has a byte
    /// in 1251, the bytes are strict UTF-8, and the result has Cyrillic and at least two letters' worth of change:
    /// a lone «Рё» may be meant.
    /// </summary>
    public static bool TryUndoMojibake(string text, out string mended)
    {
        mended = text;
        if (text.AsSpan().IndexOfAny('Р', 'С') < 0)
            return false;
        var bytes = text.Length <= 512 ? stackalloc byte[text.Length] : new byte[text.Length];
        var high = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c < 0x80)
            {
                bytes[i] = (byte)c;
                continue;
            }
            // Decoders that do not know byte 0x98 leave U+0098 in its place: the second byte of «И».
            var at = c == 0x98 ? 0x18 : c == Undefined ? -1 : Upper.IndexOf(c, StringComparison.Ordinal);
            if (at < 0)
                return false;
            bytes[i] = (byte)(0x80 + at);
            high++;
        }
        if (high < 4 || !System.Text.Unicode.Utf8.IsValid(bytes))
            return false;
        var decoded = Encoding.UTF8.GetString(bytes);
        if (!decoded.AsSpan().ContainsAnyInRange('Ѐ', 'ӿ'))
            return false;
        mended = decoded;
        return true;
    }

    public static bool IsRussianLetter(char c) => c is (>= 'А' and <= 'я') or 'Ё' or 'ё';
}
