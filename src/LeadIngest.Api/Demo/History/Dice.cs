namespace LeadIngest.Api.Demo.History;

/// <summary>Chance that falls the same way for the same seed.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public double Next() => _random.NextDouble();

    public bool Falls(double probability) => _random.NextDouble() < probability;

    public int Between(int from, int to) => _random.Next(from, to + 1);

    /// <summary>Most are small, a few are large.</summary>
    public double Around(double mean) => mean * (0.25 - (0.75 * Math.Log(1 - _random.NextDouble())));

    public T One<T>(IReadOnlyList<T> among) => among[_random.Next(among.Count)];

    /// <returns>A whole number with this mean, near it.</returns>
    public int Count(double mean) => (int)Math.Floor((mean * (0.85 + (0.3 * _random.NextDouble()))) + _random.NextDouble());

    public T One<T>(IReadOnlyList<T> among, Func<T, double> weight)
    {
        var mark = _random.NextDouble() * among.Sum(weight);
        foreach (var one in among)
            if ((mark -= weight(one)) < 0) return one;
        return among[^1];
    }

    /// <summary>A version 7 id of that moment (RFC 9562 §5.7).</summary>
    public Guid Id(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        var ms = at.ToUnixTimeMilliseconds();
        for (var i = 0; i < 6; i++) bytes[i] = (byte)(ms >> (40 - (8 * i)));
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }
}
