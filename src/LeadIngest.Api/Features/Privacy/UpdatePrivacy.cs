using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Privacy;

/// <summary>Replaces them. A shorter term takes effect with the next night: what that will take away <c>GET /v1/privacy/retention</c> tells before.</summary>
internal sealed class UpdatePrivacy : IEndpoint
{
    private sealed class Validator : AbstractValidator<PrivacySettings>
    {
        public Validator()
        {
            foreach (var text in new System.Linq.Expressions.Expression<Func<PrivacySettings, string?>>[]
                { s => s.OperatorName, s => s.OperatorContact, s => s.ProcessorName, s => s.Purpose, s => s.LegalBasis })
                RuleFor(text).MaximumLength(2_000).Must(t => t?.Contains('\0', StringComparison.Ordinal) != true).WithMessage("At most 2,000 characters, none of them NUL.");
            foreach (var days in new System.Linq.Expressions.Expression<Func<PrivacySettings, int>>[] { s => s.RawBodiesDays, s => s.RejectsDays, s => s.AttemptsDays })
                RuleFor(days).InclusiveBetween(1, 36_500).WithMessage("Days, from 1 to 36,500.");
            foreach (var days in new System.Linq.Expressions.Expression<Func<PrivacySettings, int?>>[] { s => s.VisitsDays, s => s.LeadsDays })
                RuleFor(days).InclusiveBetween(1, 36_500).WithMessage("Days, from 1 to 36,500; null: no term of the project's own.");
            RuleFor(s => s.AuditDays).InclusiveBetween(180, 36_500).WithMessage("Days, from 180 to 36,500: what happened must be found out afterwards.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPut("/", HandleAsync).Validate(new Validator())
        .WithExample("""{"operatorName":"ООО «Окна Плюс»","operatorContact":"privacy@okna-plus.ru","processorName":null,"purpose":"Обработка заявок","legalBasis":"Согласие","rawBodiesDays":90,"rejectsDays":90,"attemptsDays":30,"visitsDays":null,"leadsDays":null,"auditDays":1095}""");

    internal static async Task<Ok<PrivacySettings>> HandleAsync(PrivacySettings request, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Save, new
        {
            scope.ProjectId,
            OperatorName = Clean(request.OperatorName),
            OperatorContact = Clean(request.OperatorContact),
            ProcessorName = Clean(request.ProcessorName),
            Purpose = Clean(request.Purpose),
            LegalBasis = Clean(request.LegalBasis),
            request.RawBodiesDays,
            request.RejectsDays,
            request.AttemptsDays,
            request.VisitsDays,
            request.LeadsDays,
            request.AuditDays,
        }, cancellationToken: ct));
        return TypedResults.Ok(await PrivacySettings.ReadAsync(connection, scope.ProjectId, ct));
    }

    private static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private const string Save = """
        insert into privacy_settings (project_id, operator_name, operator_contact, processor_name, purpose, legal_basis, raw_bodies_days, rejects_days, attempts_days, visits_days, leads_days, audit_days)
        values (@ProjectId, @OperatorName, @OperatorContact, @ProcessorName, @Purpose, @LegalBasis, @RawBodiesDays, @RejectsDays, @AttemptsDays, @VisitsDays, @LeadsDays, @AuditDays)
        on conflict (project_id) do update set operator_name = excluded.operator_name, operator_contact = excluded.operator_contact, processor_name = excluded.processor_name, purpose = excluded.purpose,
            legal_basis = excluded.legal_basis, raw_bodies_days = excluded.raw_bodies_days, rejects_days = excluded.rejects_days, attempts_days = excluded.attempts_days,
            visits_days = excluded.visits_days, leads_days = excluded.leads_days, audit_days = excluded.audit_days, updated_at = clock_timestamp()
        """;
}
