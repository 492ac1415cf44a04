using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LeadIngest.Api.Features.Reports.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace LeadIngest.Api.Http;

/// <summary>Adds to each operation what its endpoint type says about it: the docstring, the example, who may call it.</summary>
internal sealed partial class EndpointDocumentation : IOperationFilter
{
    private readonly Dictionary<string, XElement> _members = File.Exists(OpenApi.XmlFile(typeof(EndpointDocumentation).Assembly))
        ? XDocument.Load(OpenApi.XmlFile(typeof(EndpointDocumentation).Assembly)).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value)
        : [];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (context.MethodInfo?.DeclaringType is { } endpoint && _members.TryGetValue("T:" + endpoint.FullName!.Replace('+', '.'), out var docs))
        {
            operation.Summary = Text(docs.Element("summary"))?.TrimEnd('.');
            operation.Description = Text(docs.Element("remarks"));
        }

        operation.RequestBody?.Content?.Remove(MediaTypes.Any);
        if (metadata.OfType<RequestExample>().LastOrDefault() is { } example && operation.RequestBody?.Content is { } contents)
            foreach (var content in contents.Values.OfType<OpenApiMediaType>()) content.Example = JsonNode.Parse(example.Json);

        var loggedIn = metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any();
        operation.Security = loggedIn ? [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(OpenApi.BearerScheme, context.Document)] = [] }] : [];
        if (loggedIn)
        {
            AddProblem(operation, "401", "No valid API key, and nobody is signed in.");
            AddProblem(operation, "403", "The caller lacks the right, a fresh password, or the proof of our page; `type` says which.");
        }
        foreach (var (status, response) in operation.Responses ?? [])
            if (response is OpenApiResponse own && Meanings.TryGetValue(status, out var meaning)) own.Description = meaning;
        // One status has one type in the framework's eyes: what is a file is said here.
        foreach (var (type, content) in (operation.Responses ?? []).Values.SelectMany(r => r.Content ?? new Dictionary<string, IOpenApiMediaType>()))
            if (type is ReportAnswer.Csv or ReportAnswer.Xlsx && content is OpenApiMediaType file)
                file.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = type == ReportAnswer.Xlsx ? "binary" : null };
    }

    private static void AddProblem(OpenApiOperation operation, string status, string meaning) => (operation.Responses ??= []).TryAdd(status, new OpenApiResponse
    {
        Description = meaning,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference("ProblemDetails", null) },
        },
    });

    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["202"] = "Accepted.",
        ["204"] = "Done.",
        ["303"] = "Redirect to the page that the form asked for.",
        ["400"] = "Invalid input; `errors` says what is wrong, by field.",
        ["404"] = "No such thing in this project.",
        ["409"] = "Does not fit the state it is in.",
        ["413"] = "The body is too large.",
        ["415"] = "Not a content type that is read here.",
        ["422"] = "Understood, but cannot be done.",
        ["429"] = "Too many requests; see `Retry-After`.",
        ["503"] = "Not ready now; see `Retry-After`.",
    };

    // <c>x</c> and <see cref="T:…X"/> become `x`; line breaks of the source mean nothing.
    private static string? Text(XElement? element)
    {
        if (element is null) return null;
        var text = string.Concat(element.Nodes().Select(node => node switch
        {
            XText plain => plain.Value,
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => $"`{(see.Attribute("cref")?.Value ?? see.Value).Split('.', ':')[^1]}`",
            XElement other => other.Value,
            _ => "",
        }));
        return Spaces().Replace(text, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
