using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LeadIngest.Api.Access;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.Alerts;
using LeadIngest.Api.Features.ApiKeys;
using LeadIngest.Api.Features.Audit;
using LeadIngest.Api.Features.Calls;
using LeadIngest.Api.Features.Clients;
using LeadIngest.Api.Features.Connecting;
using LeadIngest.Api.Features.Connections;
using LeadIngest.Api.Features.Dashboard;
using LeadIngest.Api.Features.Deals;
using LeadIngest.Api.Features.Deliveries;
using LeadIngest.Api.Features.Imports;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Api.Features.Me;
using LeadIngest.Api.Features.Numbers;
using LeadIngest.Api.Features.Operations;
using LeadIngest.Api.Features.Playground;
using LeadIngest.Api.Features.Privacy;
using LeadIngest.Api.Features.Projects;
using LeadIngest.Api.Features.Promotions;
using LeadIngest.Api.Features.Rebuilds;
using LeadIngest.Api.Features.Reconcile;
using LeadIngest.Api.Features.Rejects;
using LeadIngest.Api.Features.Reports;
using LeadIngest.Api.Features.Senders;
using LeadIngest.Api.Features.Session;
using LeadIngest.Api.Features.Sites;
using LeadIngest.Api.Features.Sources;
using LeadIngest.Api.Features.Spend;
using LeadIngest.Api.Features.StopList;
using LeadIngest.Api.Features.Tracker;
using LeadIngest.Api.Features.Users;
using LeadIngest.Api.Features.Views;
using LeadIngest.Api.Features.Visits;
using LeadIngest.Api.Figures;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api;

/// <summary>Puts the service together. Features register and map themselves, by hand, one line each.</summary>
internal static class LeadIngestApp
{
    public static WebApplication Build(string[] args, string connectionString, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        // Below the 30 s that supervisors allow: the writer and the workers need a few of them after the last request.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        services.AddSingleton(new Database(connectionString, builder.Configuration.GetConnectionString("PostgresReports")));
        AddHttp(builder);

        KeyProtection.AddTo(services, builder.Configuration);
        services.AddSingleton<Delivery.DeliverySignal>();

        // features (Add…)
        services.AddDelivery();
        services.AddIngest();
        services.AddLeadFeed();
        services.AddCalls();
        services.AddVisits();
        services.AddDeliveries();
        services.AddOptions<Demo.DemoOptions>().BindConfiguration("Demo").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Demo.DemoPeople>().AddSingleton<Demo.DemoProject>().AddHostedService<Demo.History.HistoryInBackground>();
        services.AddCrmConnections();
        services.AddConnecting();
        services.AddSites();
        services.AddRebuilds();
        services.AddReconcile();
        services.AddTracker();
        services.AddOperations();
        services.AddSpend();
        services.AddFigures();
        services.AddAlerts();
        services.AddAccess();
        services.AddPrivacy();

        // Last, so that a test's clock or CRM replaces the real one.
        configure?.Invoke(builder);
        var app = builder.Build();
        UseHttp(app);
        var v1 = app.MapGroup("/v1").RequireAuthorization(LoggedIn.Policy).AddEndpointFilter<RouteGroupBuilder, AuditFilter>().AddEndpointFilter<RouteGroupBuilder, Ingest.ForgetSites>()
            .AddEndpointFilter<RouteGroupBuilder, Http.Masks.MaskedAnswers>();

        // features (Map…)
        app.MapPublicLeads();
        app.MapCallWebhooks();
        app.MapCrmWebhooks();
        app.MapVisits();
        app.MapTracker();
        app.MapOperations();
        app.MapDashboard();
        v1.MapLeadsReading();
        v1.MapVisitsReading();
        v1.MapCalls();
        v1.MapClients();
        v1.MapPrivacy();
        v1.MapDeals();
        v1.MapDeliveries();
        v1.MapRejects();
        v1.MapStopList();
        v1.MapSources();
        v1.MapRebuilds();
        v1.MapReconcile();
        v1.MapSpend();
        v1.MapReports();
        v1.MapPromotions();
        v1.MapConnections();
        app.MapConnecting(v1);
        v1.MapImports();
        v1.MapSites();
        v1.MapSenders();
        v1.MapProjects();
        v1.MapNumbers();
        v1.MapViews();
        v1.MapAlerts();
        v1.MapApiKeys();
        app.MapSession(v1);
        v1.MapMe();
        v1.MapUsers();
        v1.MapAudit();
        if (app.Services.GetRequiredService<IOptions<Demo.DemoOptions>>().Value.Enabled) app.MapPlayground();

        return app;
    }

    private static void AddHttp(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.MaxConcurrentConnections = 10_000;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.MinRequestBodyDataRate = new Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate(240, TimeSpan.FromSeconds(5));
        });
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
            json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.MaxDepth = 32;
            json.SerializerOptions.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { StrictSettings.Refuse } };
        });
        UnreadableRequests.AddProblems(services);
        OpenApi.AddTo(services);
        services.AddSingleton<ApiKeyCache>();
        LoggedIn.AddTo(services);
        // Malformed JSON is then a problem document with its own status, in every environment.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
    }

    private static void UseHttp(WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = e => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            // Input that cannot be read is its sender's fault and answered as such: strangers must not fill the log with it.
            SuppressDiagnosticsCallback = failed => failed.Exception is BadHttpRequestException,
        });
        app.UseStatusCodePages();
        OpenApi.Use(app);
        app.UseProjectWalls();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<AccessRules>();
    }
}
