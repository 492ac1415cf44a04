using LeadIngest.Api.Features.Leads.Feed;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Leads;

/// <summary>The routes by which people and programs read leads and judge them.</summary>
internal static class LeadsReading
{
    public static void AddLeadFeed(this IServiceCollection services)
    {
        services.AddOptions<FeedOptions>().BindConfiguration("Feed").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LeadFeed>().AddSingleton<WatchLeads.Telling>();
    }

    public static void MapLeadsReading(this IEndpointRouteBuilder v1)
    {
        var leads = v1.MapGroup("/leads").WithTags("Leads").Needs(Right.Leads);
        leads.MapEndpoint<ListLeads>();
        leads.MapEndpoint<WatchLeads>();
        leads.MapEndpoint<GetLead>();
        leads.MapEndpoint<RedeliverLead>().Needs(Right.WorkLeads);
        leads.MapEndpoint<MarkAsSpam>().Needs(Right.WorkLeads);
        leads.MapEndpoint<ReleaseLead>().Needs(Right.WorkLeads);
    }
}
