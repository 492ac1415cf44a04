namespace LeadIngest.Api.Figures;

/// <summary>What reports are made of, and the worker that keeps it. Table of contents: <c>README.md</c>.</summary>
internal static class FiguresFeature
{
    public static void AddFigures(this IServiceCollection services)
    {
        services.AddSingleton<FigureMetrics>();
        services.AddSingleton<FigureKeeper>();
        services.AddHostedService<FigureWorker>();
    }
}
