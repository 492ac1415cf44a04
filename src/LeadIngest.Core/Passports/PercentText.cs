using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using LeadIngest.Core.Texts;

namespace LeadIngest.Core.Passports;

/// <summary>
/// Percent-decoding that does not lose text: bytes first, then strict UTF-8, then windows-1251, else the text as it came.
/// The framework's decoders go straight to UTF-8 and put U+FFFD where a repair was possible.
/// </summary>
internal static class PercentText
{
    /// <summary>How much is known about the text: a value cut out of a URL is encoded; a posted field only may be.</summary>
    internal enum Trust { Url, Text }

    /// <summary>Decodes one level. Returns the text as it came when nothing in it decodes.</summary>
    /// <param name="raw">The encoded text.</param>
    /// <param name="trust">
    /// <see cref="Trust.Url"/>: <c>+</c> is a space and any 1251 bytes are accepted. <see cref="Trust.Text"/>: levels of
    /// <c>%25</c> are taken off in one go, 1251 bytes must be Russian letters, and a control character refuses the decoding.
    /// </param>
    /// <param name="faults">What was met is added.</param>
    internal static string Decode(ReadOnlySpan<char> raw, Trust trust, ref Faults faults)
    {
        if (trust == Trust.Url ? raw.IndexOfAny('%', '+') < 0 : !raw.Contains('%'))
            return raw.ToString();

        byte[]? rented = null;
        var bytes = raw.Length <= 340 ? stackalloc byte[1024] : rented = ArrayPool<byte>.Shared.Rent(raw.Length * 3);
        try
        {
            var found = Fill(raw, trust, bytes, out var length);
            if (found.Decoded == 0 && !found.Plus)
            {
                if (raw.Contains('%') && trust == Trust.Url)
                    faults |= Faults.InvalidEncoding;
                return raw.ToString();
            }
            return Read(raw, bytes[..length], trust, found, ref faults);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private struct Findings
    {
        internal int Decoded;
        internal bool High, Literal, Plus, JsEscape, CutTail, Invalid, Control;
    }

    private static Findings Fill(ReadOnlySpan<char> raw, Trust trust, Span<byte> bytes, out int length)
    {
        var found = new Findings();
        // A posted field that is still encoded has pluses for spaces only if it has no spaces.
        var plusIsSpace = trust == Trust.Url || (!raw.Contains(' ') && raw.Contains('%'));
        var at = 0;
        length = 0;
        while (at < raw.Length)
        {
            var c = raw[at];
            var mark = at;
            // %2525D0 is two more levels over %D0: the sign moves right, over each "25" that has two more digits behind it.
            while (trust == Trust.Text && c == '%' && IsHex(raw, mark + 3, 2) && raw[mark + 1] == '2' && raw[mark + 2] == '5')
                mark += 2;
            if (c == '%' && IsHex(raw, mark + 1, 2))
            {
                var value = byte.Parse(raw.Slice(mark + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                bytes[length++] = value;
                found.Decoded++;
                found.High |= value >= 0x80;
                found.Control |= value < 0x20 && value is not (9 or 10 or 13);
                at = mark + 3;
            }
            else if (IsJsEscape(raw, at))
            {
                var unit = Unit(raw, at);
                at += 6;
                var rune = char.IsHighSurrogate(unit) && IsJsEscape(raw, at) && char.IsLowSurrogate(Unit(raw, at)) ? new Rune(unit, Unit(raw, at))
                    : Rune.TryCreate(unit, out var single) ? single : Rune.ReplacementChar;
                at += rune.IsBmp ? 0 : 6;
                length += rune.EncodeToUtf8(bytes[length..]);
                found.Decoded++;
                found.JsEscape = found.Literal = true;
            }
            else if (c == '%' && at + 2 >= raw.Length && length > 0 && bytes[length - 1] >= 0x80 && !found.Literal
                && (at + 1 == raw.Length || char.IsAsciiHexDigit(raw[at + 1])))
            {
                found.CutTail = true;
                break;
            }
            else if (c < 0x80)
            {
                found.Invalid |= c == '%';
                found.Plus |= c == '+' && plusIsSpace;
                bytes[length++] = c == '+' && plusIsSpace ? (byte)' ' : (byte)c;
                at++;
            }
            else
            {
                Rune.DecodeFromUtf16(raw[at..], out var rune, out var used);
                length += rune.EncodeToUtf8(bytes[length..]);
                found.Literal = true;
                at += used;
            }
        }
        return found;
    }

    private static string Read(ReadOnlySpan<char> raw, ReadOnlySpan<byte> bytes, Trust trust, Findings found, ref Faults faults)
    {
        var met = found.JsEscape ? Faults.JsEscape : Faults.None;
        if (trust == Trust.Text)
        {
            if (found.Control || found.Decoded == 0)
                return raw.ToString();
            met |= found.JsEscape ? Faults.None : Faults.DoubleEncoding;
        }
        else if (found.Invalid)
            met |= Faults.InvalidEncoding;

        string text;
        if (!found.High || Utf8.IsValid(bytes))
        {
            text = Encoding.UTF8.GetString(bytes);
            met |= found.CutTail ? Faults.TruncatedEncoding : Faults.None;
        }
        else if (CompleteLength(bytes) is var complete && complete < bytes.Length
            && (trust == Trust.Url || bytes[..complete].ContainsAnyExceptInRange<byte>(0, 0x7F)))
        {
            text = Encoding.UTF8.GetString(bytes[..complete]);
            met |= Faults.TruncatedEncoding;
        }
        else if (!found.Literal && Windows1251.TryDecode(bytes, lettersOnly: trust == Trust.Text, out text))
            met |= Faults.Windows1251 | (found.CutTail ? Faults.TruncatedEncoding : Faults.None);
        else if (trust == Trust.Url && found.Literal && !found.JsEscape)
            text = ReadRuns(raw, ref met);
        else
        {
            text = raw.ToString();
            met = trust == Trust.Url ? Faults.InvalidEncoding : Faults.None;
        }
        faults |= met;
        return text;
    }

    /// <summary>Text half decoded by a browser: literal letters stay, each run of bytes is read by itself.</summary>
    private static string ReadRuns(ReadOnlySpan<char> raw, ref Faults faults)
    {
        var text = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length;)
        {
            var end = at;
            while (IsByte(raw, end))
                end += 3;
            if (end > at)
            {
                text.Append(Decode(raw[at..end], Trust.Url, ref faults));
                at = end;
            }
            else
            {
                text.Append(raw[at] == '+' ? ' ' : raw[at]);
                at++;
            }
        }
        return text.ToString();
    }

    /// <summary>The length without a UTF-8 sequence that was cut at the end; the full length when the fault is another.</summary>
    private static int CompleteLength(ReadOnlySpan<byte> bytes)
    {
        for (var at = bytes.Length - 1; at >= Math.Max(0, bytes.Length - 3); at--)
            if (bytes[at] >= 0xC0)
                return Rune.DecodeFromUtf8(bytes[at..], out _, out _) == OperationStatus.NeedMoreData && Utf8.IsValid(bytes[..at]) ? at : bytes.Length;
        return bytes.Length;
    }

    private static bool IsByte(ReadOnlySpan<char> raw, int at) => at < raw.Length && raw[at] == '%' && IsHex(raw, at + 1, 2);

    private static bool IsJsEscape(ReadOnlySpan<char> raw, int at) =>
        at + 1 < raw.Length && raw[at] == '%' && (raw[at + 1] is 'u' or 'U') && IsHex(raw, at + 2, 4);

    private static bool IsHex(ReadOnlySpan<char> raw, int at, int count)
    {
        if (at + count > raw.Length)
            return false;
        foreach (var c in raw.Slice(at, count))
            if (!char.IsAsciiHexDigit(c))
                return false;
        return true;
    }

    private static char Unit(ReadOnlySpan<char> raw, int at) =>
        (char)ushort.Parse(raw.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
