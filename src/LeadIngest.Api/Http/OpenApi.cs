using System.Reflection;
using LeadIngest.Api.Features.Operations;
using LeadIngest.Crm;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace LeadIngest.Api.Http;

/// <summary>The description of the API, written from the code by Swashbuckle: <c>/swagger</c> and <c>/swagger/v1/swagger.json</c>.</summary>
internal static class OpenApi
{
    public const string Document = "v1";
    public const string BearerScheme = "Bearer";

    public static void AddTo(IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc(Document, new OpenApiInfo
            {
                Title = "LeadIngest",
                Version = "1.0",
                Description = "Takes leads from website forms, finds where they came from, recognises clients and delivers every lead to the CRM. "
                    + "Errors are RFC 9457 problem documents, their words in Russian when `Accept-Language` prefers it; lists go by cursor: pass `nextCursor` as `cursor` until it is null.",
            });
            swagger.AddServer(new OpenApiServer { Url = "http://localhost:8080", Description = "As `make run` starts it" });
            swagger.AddSecurityDefinition(BearerScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key of the project: `Authorization: Bearer li_…`. The page's own way is the cookie of POST /v1/session, with `X-CSRF` and `X-Project`.",
            });
            swagger.CustomSchemaIds(SchemaId);
            swagger.DescribeAllParametersInCamelCase();
            swagger.SupportNonNullableReferenceTypes();
            swagger.OrderActionsBy(action => $"{action.RelativePath} {action.HttpMethod}");
            swagger.MapType<Features.Leads.FieldText>(() => new OpenApiSchema
            {
                Description = "A text, or an array of texts when the field came several times.",
                OneOf = [new OpenApiSchema { Type = JsonSchemaType.String },
                    new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } }],
            });
            foreach (var assembly in new[] { typeof(OpenApi).Assembly, typeof(ConnectionSettings).Assembly })
                if (File.Exists(XmlFile(assembly))) swagger.IncludeXmlComments(XmlFile(assembly));
            swagger.OperationFilter<EndpointDocumentation>();
            swagger.SchemaFilter<RequiredMembers>();
            swagger.DocumentFilter<TagDescriptions>();
        });
    }

    public static void Use(WebApplication app)
    {
        if (!(app.Services.GetRequiredService<IOptions<OperationsOptions>>().Value.Swagger ?? !app.Environment.IsProduction())) return;
        app.UseSwagger();
        app.UseSwaggerUI(ui => ui.DocumentTitle = "LeadIngest API");
    }

    internal static string XmlFile(Assembly assembly) => Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");

    /// <summary>Nested types carry the name of their endpoint: <c>CreateSite.Request</c> → <c>CreateSiteRequest</c>, <c>Page&lt;LeadAnswer&gt;</c> → <c>LeadPage</c>.</summary>
    private static string SchemaId(Type type)
    {
        var name = type.Name.Split('`')[0];
        var owner = type.DeclaringType is { } outer ? outer.Name.Split('`')[0] : "";
        var arguments = string.Concat(type.GetGenericArguments().Select(a => SchemaId(a).Replace("Answer", "", StringComparison.Ordinal)));
        return arguments + owner + name;
    }
}
