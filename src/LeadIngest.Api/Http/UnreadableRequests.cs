using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;

namespace LeadIngest.Api.Http;

/// <summary>
/// Says what was wrong with a request that could not even be bound to its handler; everything else that throws stays without words. Every problem document passes here on its way out: it is
/// put into the caller's language.
/// </summary>
internal static partial class UnreadableRequests
{
    public static void AddProblems(IServiceCollection services) => services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
    {
        Explain(context.ProblemDetails, context.Exception);
        context.ProblemDetails = RussianProblems.For(context.HttpContext, context.ProblemDetails);
    });

    private static void Explain(ProblemDetails problem, Exception? exception)
    {
        if (problem is { Status: StatusCodes.Status415UnsupportedMediaType, Detail: null })
            problem.Detail = "Send JSON with the header 'Content-Type: application/json'.";
        if (exception is not BadHttpRequestException refused) return;
        problem.Type = Problems.Type("unreadable-request");
        problem.Title = "Unreadable request";
        problem.Detail = Reason(refused);
    }

    private static string Reason(BadHttpRequestException refused)
    {
        if (refused.InnerException is JsonException { Path: { } unknown } strange && strange.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return $"The body holds a name that is not known here: {unknown}, line {strange.LineNumber + 1}.";
        if (refused.InnerException is JsonException { Path: { } path } json)
            return $"The body is not the JSON that is expected here: see {path}, line {json.LineNumber + 1}, position {json.BytePositionInLine + 1}.";
        if (refused.InnerException is JsonException) return "The body is not JSON.";
        if (Parameter().Match(refused.Message) is { Success: true } match)
            return $"The parameter '{Problems.WireName(match.Groups["name"].Value)}' is missing or has the wrong form.";
        return refused.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => "The body is too large.",
            _ when refused.Message.Contains("body", StringComparison.Ordinal) => "A JSON body is missing.",
            _ => "The request could not be read.",
        };
    }

    // "Failed to bind parameter "Nullable<int> Limit" from "x"." and "Required parameter "Guid id" was not provided from …"
    [GeneratedRegex("""parameter "[^"]* (?<name>\w+)" """)]
    private static partial Regex Parameter();
}
