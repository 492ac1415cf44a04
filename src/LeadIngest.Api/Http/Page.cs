using System.Buffers.Text;
using System.Text;

namespace LeadIngest.Api.Http;

/// <summary>One page of a list. <see cref="NextCursor"/> is null on the last page.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor) : ICounted
{
    int ICounted.Count => Items.Count;
}

/// <summary>An answer that says how many rows it shows: the audit log keeps that.</summary>
internal interface ICounted
{
    int Count { get; }
}

/// <summary>Paging by cursor: rows come newest first, and the cursor is the id of the last row seen, opaque to the caller.</summary>
internal static class Cursor
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;

    public static string Write(Guid lastId) => Base64Url.EncodeToString(lastId.ToByteArray(bigEndian: true));

    /// <returns>False when the text is not a cursor of ours. An absent cursor reads as the beginning: the highest id.</returns>
    public static bool TryRead(string? cursor, out Guid before)
    {
        before = Guid.AllBitsSet;
        if (string.IsNullOrEmpty(cursor)) return true;
        Span<byte> bytes = stackalloc byte[32];
        if (cursor.Length > 32 || Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(cursor), bytes, out _, out var written) != System.Buffers.OperationStatus.Done
            || written != 16) return false;
        before = new Guid(bytes[..16], bigEndian: true);
        return true;
    }

    public static int Limit(int? asked) => Math.Clamp(asked ?? DefaultLimit, 1, MaxLimit);

    /// <summary>Cuts the extra row that tells whether there is a next page: ask the database for <c>limit + 1</c> rows.</summary>
    public static Page<T> Page<T>(IReadOnlyList<T> rows, int limit, Func<T, Guid> id) =>
        rows.Count <= limit ? new(rows, null) : new([.. rows.Take(limit)], Write(id(rows[limit - 1])));
}
