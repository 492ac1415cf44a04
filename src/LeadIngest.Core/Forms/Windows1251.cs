namespace LeadIngest.Core.Forms;

/// <summary>Decodes windows-1251. The framework has it only in a separate code page provider, which the process would have to register.</summary>
/// <remarks>Source: WHATWG Encoding, index windows-1251. Bytes C0 to FF are А to я in order.</remarks>
internal static class Windows1251
{
    // Bytes 80 to BF, sixteen to a line.
    private const string Upper =
        "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏ"
        + "ђ‘’“”•–—\u0098™љ›њќћџ"
        + "\u00A0ЎўЈ¤Ґ¦§Ё©Є«¬\u00AD®Ї"
        + "°±Ііґµ¶·ё№є»јЅѕї";

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
            text[i] = bytes[i] switch
            {
                < 0x80 => (char)bytes[i],
                < 0xC0 => Upper[bytes[i] - 0x80],
                _ => (char)('А' + bytes[i] - 0xC0),
            };
        return new string(text);
    }
}
