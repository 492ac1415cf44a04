using LeadIngest.Api.Calls;
using LeadIngest.Api.Calls.Recordings;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Calls;

/// <summary>Phone calls: taking what trackers and PBXs say of them, making leads of them, showing them.</summary>
internal static class CallsFeature
{
    public static void AddCalls(this IServiceCollection services)
    {
        services.AddOptions<CallsOptions>().BindConfiguration("Calls").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CallSignal>().AddSingleton<CallMetrics>().AddSingleton<TokenGuard>().AddSingleton<CallStore>().AddSingleton<CallIntake>().AddSingleton<CallReplay>();
        services.AddSingleton<RecordingHttp>();
        services.AddSingleton<CallRow>().AddSingleton<CallFold>().AddHostedService<CallFolder>();
    }

    public static void MapCallWebhooks(this IEndpointRouteBuilder routes)
    {
        var webhooks = routes.MapGroup("").WithTags("Public");
        webhooks.MapEndpoint<AcceptCall>();
        webhooks.MapEndpoint<AcceptCallByGet>();
    }

    public static void MapCalls(this IEndpointRouteBuilder v1)
    {
        var calls = v1.MapGroup("/calls").WithTags("Calls").Needs(Right.Leads);
        calls.MapEndpoint<ListCalls>();
        calls.MapEndpoint<GetCall>();
        calls.MapEndpoint<GetCallRecording>();
    }

    /// <summary>What a webhook may be answered.</summary>
    public static RouteHandlerBuilder ProducesCallAnswers(this RouteHandlerBuilder route)
    {
        route.Produces(StatusCodes.Status200OK);
        foreach (var status in (int[])[401, 404, 413, 429, 503]) route.ProducesProblem(status);
        return route;
    }
}
