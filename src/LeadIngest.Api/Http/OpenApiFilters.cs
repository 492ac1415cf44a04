using System.Reflection;
using System.Text.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace LeadIngest.Api.Http;

/// <summary>Marks as required what a record cannot be made without: parameters that are not nullable and have no default, and <c>required</c> members.</summary>
internal sealed class RequiredMembers : ISchemaFilter
{
    private readonly NullabilityInfoContext _nullability = new();

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } own) return;
        if (context.Type.Assembly.GetName().Name?.StartsWith("LeadIngest", StringComparison.Ordinal) != true) return;
        var parameters = context.Type.GetConstructors().SelectMany(c => c.GetParameters())
            .Where(p => !p.HasDefaultValue && _nullability.Create(p).WriteState == NullabilityState.NotNull && Nullable.GetUnderlyingType(p.ParameterType) is null)
            .Select(p => p.Name!);
        var members = context.Type.GetProperties().Where(p => p.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute))).Select(p => p.Name);
        own.Required = new SortedSet<string>(
            parameters.Concat(members).Select(JsonNamingPolicy.CamelCase.ConvertName).Where(own.Properties.ContainsKey), StringComparer.Ordinal);
    }
}

/// <summary>Says what each group of operations is about.</summary>
internal sealed class TagDescriptions : IDocumentFilter
{
    private static readonly Dictionary<string, string> Descriptions = new()
    {
        ["Alerts"] = "What somebody should look at now.",
        ["ApiKeys"] = "The keys by which programs log in to a project.",
        ["Audit"] = "What people and their programs did and looked at.",
        ["Calls"] = "Phone calls, each folded from its provider's messages.",
        ["Clients"] = "Who the leads came from, and which of them are one person.",
        ["Connecting"] = "Where the CRMs send people and logins back to: no key but a state or a secret that works once.",
        ["Connections"] = "The CRM accounts that leads are delivered to.",
        ["Deals"] = "The deals of the CRMs as they are mirrored here: their courses, amounts, products and tasks.",
        ["Deliveries"] = "Leads on their way to the CRMs, and sending them again.",
        ["Leads"] = "Enquiries with their marketing passport.",
        ["Me"] = "The own account of whoever is signed in.",
        ["Numbers"] = "The phone numbers that a site shows in the place of its own, and how far the pool suffices.",
        ["Operations"] = "For balancers and the operator.",
        ["Privacy"] = "Whose data the project works with, how long what is kept, and the acts of erasure.",
        ["Projects"] = "The settings of one business.",
        ["Promotions"] = "Planned actions and the tags by which their leads, deals and spend are known.",
        ["Public"] = "Where websites, call trackers and CRMs post: no API key but the public key of a site, a token or a secret.",
        ["Rebuilds"] = "History counted anew after a rule has changed, and what a rule would change before it does.",
        ["Reconcile"] = "What is missing on either side: leads, cards, deals and calls compared.",
        ["Rejects"] = "Input that could not be understood, kept whole.",
        ["Reports"] = "What every rouble brought: spend, leads, deals and revenue by source, and what clients, calls and managers do with them. Each as JSON, CSV or XLSX.",
        ["Senders"] = "The outside systems that bring leads and calls to a site, with the addresses to paste there.",
        ["Session"] = "Signing in and out, the first set-up, invitations and new passwords.",
        ["Sites"] = "The websites of a project and the addresses that their forms post to.",
        ["Sources"] = "The dictionary of sources: what tags and hosts are called, and which channel they are.",
        ["Spend"] = "What advertising costs, from tables of any cabinet and by hand, and how it meets the leads.",
        ["StopList"] = "Whose posts are no enquiries: known spammers, and the project's own people who try their forms out.",
        ["Users"] = "The people of a project and their roles.",
        ["Views"] = "Settings of pages that were given a name: filters, columns, sorting.",
        ["Visits"] = "Arrivals on the sites, page by page.",
    };

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var used = swaggerDoc.Paths.Values.SelectMany(p => p.Operations ?? []).SelectMany(o => o.Value.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(t => t.Name!).Distinct().Order(StringComparer.Ordinal);
        swaggerDoc.Tags = new HashSet<OpenApiTag>(used.Select(name => new OpenApiTag { Name = name, Description = Descriptions.GetValueOrDefault(name) }));
    }
}
