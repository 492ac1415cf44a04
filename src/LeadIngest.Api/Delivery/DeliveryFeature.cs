using LeadIngest.Api.Features.Imports;
using LeadIngest.Crm;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LeadIngest.Api.Delivery;

/// <summary>Table of contents of delivery: the worker that brings leads to the CRMs.</summary>
internal static class DeliveryFeature
{
    public static void AddDelivery(this IServiceCollection services)
    {
        services.AddOptions<DeliveryOptions>().BindConfiguration("Delivery").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CrmTimings>().BindConfiguration("Crm");
        services.AddSingleton<CrmAccountFactory>();
        services.TryAddSingleton<ICrmAccountFactory>(s => s.GetRequiredService<CrmAccountFactory>());
        services.TryAddSingleton<DeliverySignal>();
        services.AddSingleton<CrmAccountPool>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddImport();
        services.AddHostedService<DeliveryWorker>();
    }
}
