using LeadIngest.Core.Spend;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>A cabinet with its account, as asking it needs them.</summary>
internal sealed record CabinetRow
{
    public Guid ProjectId { get; init; }
    public Guid AccountId { get; init; }
    public string Kind { get; init; } = "";
    public string? Source { get; init; }
    public string? Medium { get; init; }

    /// <summary>The account's, else the project's.</summary>
    public string Currency { get; init; } = "";

    public bool? VatIncluded { get; init; }
    public string BaseAddress { get; init; } = "";
    public byte[] Credentials { get; init; } = [];
    public string? ClientLogin { get; init; }
    public bool OperatorUnits { get; init; }
    public string Level { get; init; } = "";
    public string TimeZone { get; init; } = "";
    public short LoadHour { get; init; }
    public short RestateDays { get; init; }
    public string State { get; init; } = "";
    public DateOnly? LoadedTo { get; init; }
    public DateTimeOffset ScheduleAt { get; init; }

    /// <summary>Grows with every take of the lease.</summary>
    public long LeaseToken { get; init; }

    public const string Columns = """
        c.project_id, c.account_id, a.kind, a.source, a.medium, coalesce(a.currency, (select p.currency from projects p where p.project_id = c.project_id))::text as currency, a.vat_included, c.base_address,
        c.credentials, c.client_login, c.operator_units, c.level, c.time_zone, c.load_hour, c.restate_days, c.state, c.loaded_to, c.schedule_at, c.lease_token
        """;

    /// <summary>What is the same in all its rows. VAT is in the amounts unless the account says otherwise: cabinets show what is paid.</summary>
    public SpendLevel Common => new() { Source = Source, Medium = Medium, Currency = Currency, VatIncluded = VatIncluded ?? true };

    public CabinetClock Clock => new(TimeZone);

    /// <summary>The first day of a part that ends with this one: a calendar month of Direct's, 90 days of VK's (longer ranges are refused or slow).</summary>
    public DateOnly PartFrom(DateOnly last) => Kind == "yandex_direct" ? new(last.Year, last.Month, 1) : last.AddDays(-89);

    /// <summary>How far back the vendor keeps figures: three years before the month.</summary>
    public static DateOnly Oldest(DateOnly today) => new DateOnly(today.Year, today.Month, 1).AddYears(-3);
}

/// <summary>Days and hours by a cabinet's own clock.</summary>
/// <param name="zone">IANA name.</param>
internal readonly struct CabinetClock(string zone)
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(zone);

    public DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, _zone).DateTime);

    /// <returns>The next time that its clock strikes the hour; where a change of the clock leaves the hour out, an hour later.</returns>
    public DateTimeOffset Next(int hour, DateTimeOffset now)
    {
        for (var day = Today(now); ; day = day.AddDays(1))
        {
            var local = day.ToDateTime(new TimeOnly(hour, 0));
            if (_zone.IsInvalidTime(local)) local = local.AddHours(1);
            var at = new DateTimeOffset(local, _zone.GetUtcOffset(local));
            if (at > now) return at.ToUniversalTime();
        }
    }
}
