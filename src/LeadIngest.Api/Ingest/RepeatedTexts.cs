using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LeadIngest.Api.Ingest;

/// <summary>
/// Notices that one text comes again and again from contacts that pretend to be different people. In this node's memory only, and bounded: several nodes
/// each see their share, and a restart forgets. That is enough for a suspicion, which decides nothing alone.
/// </summary>
internal sealed class RepeatedTexts
{
    /// <summary>So many different contacts with one text within <see cref="Window"/> are no coincidence any more.</summary>
    public const int Contacts = 5;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // Shorter texts are what people really write alike: «Перезвоните», "Анна".
    private const int ShortestComment = 20, ShortestName = 30, LongestRead = 1_000;
    private const int MaxTexts = 20_000;
    private readonly Dictionary<(Guid Site, UInt128 Text), List<(int Contact, long At)>> _seen = [];
    private readonly Lock _lock = new();

    /// <param name="site">Texts of one site are compared with each other.</param>
    /// <param name="name">Compared when there is no long comment.</param>
    /// <param name="comment">As sent; letter case, spaces and signs do not matter.</param>
    /// <param name="contact">Who it is from; null: unknown, never a repetition.</param>
    /// <param name="now">Time of arrival.</param>
    public bool Repeats(Guid site, string? name, string? comment, string? contact, DateTimeOffset now)
    {
        if (contact is null || (Key(comment, ShortestComment) ?? Key(name, ShortestName)) is not { } text) return false;
        var (from, at) = (contact.GetHashCode(StringComparison.Ordinal), now.UtcTicks);
        lock (_lock)
        {
            if (_seen.Count >= MaxTexts) Tidy(at);
            ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_seen, (site, text), out _);
            seen ??= new(Contacts);
            seen.RemoveAll(s => s.Contact == from || at - s.At > Window.Ticks);
            if (seen.Count == Contacts) seen.RemoveAt(0);
            seen.Add((from, at));
            return seen.Count == Contacts;
        }
    }

    /// <summary>What is old goes; under a flood of new texts everything does.</summary>
    private void Tidy(long at)
    {
        foreach (var (key, seen) in _seen)
            if (seen.Count == 0 || at - seen[^1].At > Window.Ticks) _seen.Remove(key);
        if (_seen.Count >= MaxTexts / 2) _seen.Clear();
    }

    private static UInt128? Key(string? text, int shortest)
    {
        if (text is null || text.Length < shortest) return null;
        Span<char> letters = stackalloc char[Math.Min(text.Length, LongestRead)];
        var count = 0;
        foreach (var c in text.AsSpan(0, letters.Length))
            if (char.IsLetterOrDigit(c)) letters[count++] = char.ToLowerInvariant(c);
        if (count < shortest) return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(letters[..count]), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
