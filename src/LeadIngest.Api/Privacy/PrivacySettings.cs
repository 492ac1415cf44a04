using Dapper;
using Npgsql;

namespace LeadIngest.Api.Privacy;

/// <summary>Whose data a project works with, and for how many days what is kept.</summary>
/// <param name="OperatorName">Who decides what the data is for (152-FZ, article 3): mostly the business itself.</param>
/// <param name="OperatorContact">Where people write to about their data.</param>
/// <param name="ProcessorName">Who works with it by the operator's order: an agency, a host. Null: nobody.</param>
/// <param name="RawBodiesDays">Messages of call providers, and rejects that are settled, as they came. 90 when nothing was set.</param>
/// <param name="RejectsDays">Rejects, the open ones too. 90.</param>
/// <param name="AttemptsDays">The history of attempts to deliver. 30.</param>
/// <param name="VisitsDays">Null: as long as the service keeps visits; the shorter of both counts.</param>
/// <param name="LeadsDays">What names a person in leads, calls, and clients who are known by nothing younger; the rows stay for the figures. Null: for ever.</param>
/// <param name="AuditDays">The audit log. 1,095: three years.</param>
internal sealed record PrivacySettings(string? OperatorName, string? OperatorContact, string? ProcessorName, string? Purpose, string? LegalBasis, int RawBodiesDays, int RejectsDays, int AttemptsDays,
    int? VisitsDays, int? LeadsDays, int AuditDays)
{
    public static readonly PrivacySettings Default = new(null, null, null, null, null, 90, 90, 30, null, null, 1_095);

    public static async Task<PrivacySettings> ReadAsync(NpgsqlConnection connection, Guid project, CancellationToken ct) =>
        await connection.QuerySingleOrDefaultAsync<PrivacySettings>(new CommandDefinition("""
            select operator_name, operator_contact, processor_name, purpose, legal_basis, raw_bodies_days, rejects_days, attempts_days, visits_days, leads_days, audit_days
            from privacy_settings where project_id = @P
            """, new { P = project }, cancellationToken: ct)) ?? Default;
}
