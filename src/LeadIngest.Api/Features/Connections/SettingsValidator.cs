using FluentValidation;
using LeadIngest.Api.Http;
using LeadIngest.Crm;

namespace LeadIngest.Api.Features.Connections;

/// <summary>The closed sets of a connection's settings.</summary>
internal sealed class SettingsValidator : AbstractValidator<ConnectionSettings>
{
    public SettingsValidator()
    {
        RuleFor(s => s.PipelineId).GreaterThanOrEqualTo(0);
        RuleFor(s => s.ResponsibleUserId).GreaterThan(0);
        RuleFor(s => s.StageId).MaximumLength(100);
        RuleFor(s => s.Entity).NotNull().OneOf("deal", "lead");
        RuleFor(s => s.UtmSource).NotNull().OneOf("passport", "raw");
        RuleFor(s => s.Calls).NotNull().OneOf("lead", "incoming");
        RuleFor(s => s.Plan).NotNull().OneOf("standard", "enterprise");
    }
}
