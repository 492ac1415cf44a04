using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Spend.Cabinets;

namespace LeadIngest.Api.Features.Spend;

/// <summary>What advertising costs: tables of cabinets, amounts by hand, rates, and how campaigns meet the leads.</summary>
internal static class SpendFeature
{
    public static void AddSpend(this IServiceCollection services)
    {
        services.AddOptions<CabinetOptions>().BindConfiguration("Cabinets").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CabinetHttp>();
        services.AddSingleton<CabinetDoor>();
        services.AddSingleton<CabinetStore>();
        services.AddSingleton<CabinetMetrics>();
        services.AddSingleton<CabinetSignal>();
        services.AddSingleton<CabinetWork>();
        services.AddHostedService<CabinetWorker>();
    }

    public static void MapSpend(this IEndpointRouteBuilder v1)
    {
        var spend = v1.MapGroup("/spend").WithTags("Spend").Needs(Right.Spend);
        spend.MapEndpoint<ListSpend>();
        spend.MapEndpoint<SummarizeSpend>();
        spend.MapEndpoint<ListUnmatchedSpend>();
        spend.MapEndpoint<PreviewSpend>();
        spend.MapEndpoint<ImportSpend>();
        spend.MapEndpoint<ListSpendImports>();
        spend.MapEndpoint<GetSpendImport>();
        spend.MapEndpoint<UndoSpendImport>();
        spend.MapEndpoint<ListSpendAccounts>();
        spend.MapEndpoint<CreateSpendAccount>();
        spend.MapEndpoint<GetSpendAccount>();
        spend.MapEndpoint<UpdateSpendAccount>();
        spend.MapEndpoint<DeleteSpendAccount>();
        spend.MapEndpoint<LoadSpendAccount>();
        spend.MapEndpoint<CheckSpendAccount>();
        spend.MapEndpoint<ListSpendDoubles>();
        spend.MapEndpoint<ListManualSpend>();
        spend.MapEndpoint<CreateManualSpend>();
        spend.MapEndpoint<GetManualSpend>();
        spend.MapEndpoint<UpdateManualSpend>();
        spend.MapEndpoint<DeleteManualSpend>();
        spend.MapEndpoint<ListRates>();
        spend.MapEndpoint<LoadRates>();
        spend.MapEndpoint<ListSpendMappings>();
        spend.MapEndpoint<CreateSpendMapping>();
        spend.MapEndpoint<DeleteSpendMapping>();
    }
}
