using LeadIngest.Api.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace LeadIngest.Api.Features.Operations;

/// <summary>Writes the description of the API to a file. The same code gives the same bytes on every machine.</summary>
internal static class SpecCommand
{
    /// <param name="app">Built but not started: neither a database nor a port is needed.</param>
    /// <param name="path">The file; overwritten.</param>
    public static async Task WriteAsync(WebApplication app, string path)
    {
        // An application learns of its own routes when it starts; this does that part alone.
        app.UseRouting();
#pragma warning disable ASP0014 // "Use top level route registrations": none is registered here.
        app.UseEndpoints(static _ => { });
#pragma warning restore ASP0014
        await using var scope = app.Services.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync(OpenApi.Document);
        using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAsV3(new OpenApiJsonWriter(text));
        await File.WriteAllTextAsync(path, text.ToString().ReplaceLineEndings("\n").TrimEnd('\n') + "\n");
    }
}
