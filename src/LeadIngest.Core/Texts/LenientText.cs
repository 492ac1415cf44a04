using System.Text;
using System.Text.Unicode;

namespace LeadIngest.Core.Texts;

/// <summary>Text of senders that do not say, or do not know, their encoding.</summary>
public static class LenientText
{
    /// <summary>UTF-8 where the bytes are that, windows-1251 where they are not; without NUL, which PostgreSQL's text cannot hold.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => Decode(bytes, saysWindows1251: false);

    /// <param name="bytes">With or without a byte order mark.</param>
    /// <param name="saysWindows1251">What the sender calls it: bytes that are valid as both are then windows-1251.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, bool saysWindows1251)
    {
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        return (saysWindows1251 || !Utf8.IsValid(bytes) ? Windows1251.Decode(bytes) : Encoding.UTF8.GetString(bytes)).Replace("\0", "", StringComparison.Ordinal);
    }
}
