using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Cabinets;

internal static class CabinetKinds
{
    public const string Direct = "yandex-direct", Vk = "vk-ads";

    /// <summary>The cabinet that has spent something without anybody's doing.</summary>
    public const string StandardDirect = "demo", StandardVk = "demo-vk-client";

    public static string Standard(string kind) => kind == Direct ? StandardDirect : StandardVk;
}

/// <summary>What the cabinets of one vendor have spent, by account, and what goes wrong there. Whoever names an account for the first time makes it.</summary>
internal sealed class CabinetBook(string kind, TimeProvider clock, int logSize)
{
    private readonly Dictionary<string, List<SpentRow>> _rows = [];

    public string Kind => kind;
    public Lock Gate { get; } = new();
    public RequestLog Log { get; } = new(logSize);
    public CabinetFaults Faults { get; } = new();
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>By the vendors' clock: Moscow's.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Now.ToOffset(TimeSpan.FromHours(3)).DateTime);

    public SpentRow[] Of(string account, DateOnly from, DateOnly to)
    {
        lock (Gate)
            return [.. Rows(account).Where(r => r.Day >= from && r.Day <= to)];
    }

    public SpentRow[] Of(string account) => Of(account, DateOnly.MinValue, DateOnly.MaxValue);

    /// <param name="mode"><c>add</c>; <c>days</c>: what was spent on the days of the rows is forgotten first, as when the vendor restates them; <c>all</c>: everything is.</param>
    /// <param name="days">More such days.</param>
    public void Put(string account, string mode, IReadOnlyCollection<SpentRow> rows, IEnumerable<DateOnly> days)
    {
        lock (Gate)
        {
            var known = Rows(account);
            var gone = mode == "days" ? rows.Select(r => r.Day).Concat(days).ToHashSet() : [];
            known.RemoveAll(r => mode == "all" || gone.Contains(r.Day));
            known.AddRange(rows);
        }
    }

    public void Clear()
    {
        lock (Gate)
            _rows.Clear();
        Log.Clear();
    }

    private List<SpentRow> Rows(string account)
    {
        if (!_rows.TryGetValue(account, out var rows))
            _rows[account] = rows = account == CabinetKinds.Standard(kind) ? [.. UsualSpend.Of(kind, Today)] : [];
        return rows;
    }
}
