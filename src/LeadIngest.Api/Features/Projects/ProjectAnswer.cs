namespace LeadIngest.Api.Features.Projects;

/// <summary>One business.</summary>
internal sealed record ProjectAnswer
{
    public const string Columns = """
        project_id as id, name, time_zone, currency, is_demo, duplicate_window_seconds, repeat_policy, spend_vat, created_at
        """;

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

    public required DateTimeOffset CreatedAt { get; init; }
}
