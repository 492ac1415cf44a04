namespace LeadIngest.Api.Senders.Forms;

internal static class FormBuildersFeature
{
    public static void AddFormBuilders(this IServiceCollection services)
    {
        services.AddSingleton<ServerLimits>().AddSingleton<BuilderIntake>();
    }
}
