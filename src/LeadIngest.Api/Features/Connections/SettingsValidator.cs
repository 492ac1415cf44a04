using FluentValidation;
using LeadIngest.Api.Http;
using LeadIngest.Crm;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Api.Features.Connections;

/// <summary>The closed sets of a connection's settings, and the faults of its rules by their places.</summary>
internal sealed class SettingsValidator : AbstractValidator<ConnectionSettings>
{
    /// <param name="crm">Of a request that names it; null: rules are looked at without regard to the vendor.</param>
    public SettingsValidator(string? crm = null)
    {
        RuleFor(s => s.PipelineId).GreaterThanOrEqualTo(0);
        RuleFor(s => s.ResponsibleUserId).GreaterThan(0);
        RuleFor(s => s.StageId).MaximumLength(100);
        RuleFor(s => s.Entity).NotNull().OneOf("deal", "lead");
        RuleFor(s => s.UtmSource).NotNull().OneOf("passport", "raw");
        RuleFor(s => s.Calls).NotNull().OneOf("lead", "incoming");
        RuleFor(s => s.LostReasonField).Matches("^UF_CRM_[A-Z0-9_]{1,50}$").WithMessage("A user field of Bitrix24's deals, UF_CRM_….");
        RuleFor(s => s.Plan).NotNull().OneOf("standard", "enterprise");
        RuleFor(s => s.Routing!).Custom((routing, context) =>
        {
            foreach (var (path, fault) in RoutingFaults.Of(routing, crm)) context.AddFailure($"routing.{path}", fault);
        }).When(s => s.Routing is not null);
    }
}
