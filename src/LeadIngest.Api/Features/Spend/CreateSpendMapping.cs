using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Maps leads of a <c>utm_campaign</c> to a campaign of the spend. It counts where neither an id nor the name says it; a campaign that is mapped already is mapped anew.</summary>
internal sealed class CreateSpendMapping : IEndpoint
{
    /// <param name="LeadCampaign"><c>utm_campaign</c> as leads have it.</param>
    /// <param name="CampaignId">Of the spend; it or the name.</param>
    /// <param name="Campaign">The name of the spend's campaign, where it has no id.</param>
    internal sealed record Request(string LeadCampaign, string? CampaignId, string? Campaign);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.LeadCampaign).NotEmpty().MaximumLength(500);
            RuleFor(r => r.CampaignId).MaximumLength(200).Must((r, id) => !string.IsNullOrWhiteSpace(id) || !string.IsNullOrWhiteSpace(r.Campaign)).WithMessage("Either `campaignId` or `campaign`.");
            RuleFor(r => r.Campaign).MaximumLength(500);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/mappings", HandleAsync).Validate(new Validator())
        .WithExample("""{"leadCampaign":"poisk_msk","campaignId":"81234567"}""");

    internal static async Task<Ok<ListSpendMappings.MappingAnswer>> HandleAsync(Request request, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        return TypedResults.Ok(await connection.QuerySingleAsync<ListSpendMappings.MappingAnswer>(new CommandDefinition($"""
            insert into spend_mappings (project_id, id, lead_campaign, campaign_id, campaign_name) values (@ProjectId, @Id, @LeadCampaign, @CampaignId, @Campaign)
            on conflict (project_id, campaign_name_key(lead_campaign)) do update set campaign_id = excluded.campaign_id, campaign_name = excluded.campaign_name
            returning {ListSpendMappings.Columns}
            """, new { scope.ProjectId, Id = Guid.CreateVersion7(clock.GetUtcNow()), LeadCampaign = Core.Identities.Text.CleanLine(request.LeadCampaign, 500), CampaignId = Core.Identities.Text.CleanLine(request.CampaignId, 200), Campaign = Core.Identities.Text.CleanLine(request.Campaign, 500) },
            cancellationToken: ct)));
    }
}
