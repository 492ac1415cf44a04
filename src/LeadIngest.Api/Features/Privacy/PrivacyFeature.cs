using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Privacy;

namespace LeadIngest.Api.Features.Privacy;

/// <summary>Whose data a project works with, how long it is kept, and who was erased.</summary>
internal static class PrivacyFeature
{
    public static void AddPrivacy(this IServiceCollection services)
    {
        services.AddSingleton<Erasure>().AddSingleton<ErasureLog>();
        services.AddOptions<RetentionOptions>().BindConfiguration("Retention").ValidateDataAnnotations().ValidateOnStart();
        services.AddHostedService<RetentionWorker>();
    }

    public static void MapPrivacy(this IEndpointRouteBuilder v1)
    {
        var privacy = v1.MapGroup("/privacy").WithTags("Privacy").Needs(Right.People);
        privacy.MapEndpoint<GetPrivacy>();
        privacy.MapEndpoint<UpdatePrivacy>();
        privacy.MapEndpoint<ListErasureActs>();
        privacy.MapEndpoint<GetErasureAct>();
        privacy.MapEndpoint<PreviewRetention>();
    }
}
