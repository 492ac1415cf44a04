namespace LeadIngest.Core;

/// <summary>
/// UUIDv7 that grow strictly within one generator: a client's leads are delivered in the order of their ids, also those of one millisecond.
/// Not safe for several threads; the writer loop owns it. Source: RFC 9562 §5.7 with method 1 of §6.2 (a 12-bit counter in rand_a).
/// </summary>
public sealed class OrderedIds(TimeProvider clock)
{
    private long _millisecond;
    private int _counter;

    public Guid Next()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (now > _millisecond) (_millisecond, _counter) = (now, 0);
        else if (++_counter > 0xFFF) (_millisecond, _counter) = (_millisecond + 1, 0);
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7().TryWriteBytes(bytes, bigEndian: true, out _); // the random tail
        for (var i = 0; i < 6; i++) bytes[i] = (byte)(_millisecond >> (40 - 8 * i));
        bytes[6] = (byte)(0x70 | (_counter >> 8));
        bytes[7] = (byte)_counter;
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The smallest id of a moment: everything received since has a greater one.</summary>
    public static Guid Floor(DateTimeOffset moment)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var ms = Math.Max(0, moment.ToUnixTimeMilliseconds());
        for (var i = 0; i < 6; i++) bytes[i] = (byte)(ms >> (40 - 8 * i));
        return new Guid(bytes, bigEndian: true);
    }
}
