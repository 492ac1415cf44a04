using System.Text.Json;
using LeadIngest.Api.Figures;

namespace LeadIngest.Api.Features.Projects;

/// <summary>One business.</summary>
internal sealed record ProjectAnswer
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>IANA name: <c>Europe/Moscow</c>. Days of reports begin by it.</summary>
    public required string TimeZone { get; init; }

    /// <summary>ISO 4217 code of the project's money.</summary>
    public required string Currency { get; init; }

    public required bool IsDemo { get; init; }

    /// <summary>Within so many seconds the same client's next lead from the same form is a duplicate.</summary>
    public required int DuplicateWindowSeconds { get; init; }

    /// <summary>What a known client's next lead makes in the CRM: <c>deal</c>, a new deal linked to the contact, <c>note</c>, a note in the open deal, or <c>note_task</c>, a note and a task for whoever answers for it.</summary>
    public required string RepeatPolicy { get; init; }

    /// <summary>On what basis spend is counted: <c>gross</c>, with VAT, or <c>net</c>, without it.</summary>
    public required string SpendVat { get; init; }

    /// <summary>How deals are shared among sources.</summary>
    public required AttributionAnswer Attribution { get; init; }

    /// <summary>Which meaning of ROMI pages show: <c>payback</c>, revenue / spend (100 % is break-even), or <c>net</c>, (revenue − spend) / spend (0 % is).</summary>
    public required string Romi { get; init; }

    /// <summary>By day: <c>{"mon":"09:00-18:00"}</c>; a day that is not there is a day off, none at all: people always work.</summary>
    public required IReadOnlyDictionary<string, string> WorkingHours { get; init; }

    /// <summary>Whatever the day of the week.</summary>
    public required IReadOnlyList<string> DaysOff { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <param name="Model"><c>first</c>, <c>last</c>, <c>lastNonDirect</c> (when absent), <c>lastPaid</c>, <c>linear</c>, <c>positionBased</c>, <c>timeDecay</c>, <c>markov</c> or <c>shapley</c>.</param>
/// <param name="DealWindowDays">How far before a deal its touches may lie, 1 to 730 days; 90 when absent.</param>
/// <param name="LeadWindowDays">How far before a lead, 1 to 730 days; 30 when absent.</param>
/// <param name="HalfLifeDays">Of <c>timeDecay</c>, 1 to 365 days; 7 when absent.</param>
/// <param name="LeaveOutDirect">Direct touches get nothing as long as the path has another; false when absent.</param>
internal sealed record AttributionAnswer(string? Model, int? DealWindowDays, int? LeadWindowDays, int? HalfLifeDays, bool? LeaveOutDirect)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public AttributionRules Rules => new(Model, DealWindowDays, LeadWindowDays, HalfLifeDays, LeaveOutDirect);

    /// <summary>As it is stored, with what is absent there said.</summary>
    public static AttributionAnswer Of(string stored)
    {
        var rules = AttributionRules.Read(stored);
        return new(rules.Model ?? "lastNonDirect", rules.DealWindowDays ?? 90, rules.LeadWindowDays ?? 30, rules.HalfLifeDays ?? 7, rules.LeaveOutDirect ?? false);
    }
}

/// <summary>A row of <c>projects</c>.</summary>
internal sealed record ProjectRow
{
    public const string Columns = """
        project_id as id, name, time_zone, currency, is_demo, duplicate_window_seconds, repeat_policy, spend_vat, created_at, attribution::text as attribution, romi,
        working_hours::text as working_hours, array(select d::text from unnest(days_off) d order by d) as days_off
        """;

    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public string TimeZone { get; init; } = "";
    public string Currency { get; init; } = "";
    public bool IsDemo { get; init; }
    public int DuplicateWindowSeconds { get; init; }
    public string RepeatPolicy { get; init; } = "";
    public string SpendVat { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public string Attribution { get; init; } = "";
    public string Romi { get; init; } = "";
    public string WorkingHours { get; init; } = "";
    public string[] DaysOff { get; init; } = [];

    public ProjectAnswer Answer() => new()
    {
        Id = Id,
        Name = Name,
        TimeZone = TimeZone,
        Currency = Currency,
        IsDemo = IsDemo,
        DuplicateWindowSeconds = DuplicateWindowSeconds,
        RepeatPolicy = RepeatPolicy,
        SpendVat = SpendVat,
        Attribution = AttributionAnswer.Of(Attribution),
        Romi = Romi,
        WorkingHours = JsonSerializer.Deserialize<Dictionary<string, string>>(WorkingHours)!,
        DaysOff = DaysOff,
        CreatedAt = CreatedAt,
    };
}
