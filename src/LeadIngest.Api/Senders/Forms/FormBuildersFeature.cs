namespace LeadIngest.Api.Senders.Forms;

internal static class FormBuildersFeature
{
    public static void AddFormBuilders(this IServiceCollection services)
    {
        services.AddSingleton<SenderSightings>().AddHostedService(provider => provider.GetRequiredService<SenderSightings>());
        services.AddSingleton<ServerLimits>().AddSingleton<BuilderIntake>();
    }
}
