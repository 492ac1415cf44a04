using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;

namespace LeadIngest.Api.Http;

/// <summary>
/// Problem documents for who asks for Russian by <c>Accept-Language</c>: <c>detail</c> and the messages of <c>errors</c>. Everything that programs compare stays as it is: <c>type</c>,
/// <c>title</c>, the names of fields. Nothing is looked up unless an error is being written.
/// </summary>
internal static class RussianProblems
{
    /// <summary>Whether the caller would sooner read Russian than anything else. Without a word about it: no.</summary>
    public static bool AreAskedBy(HttpContext context) =>
        context.Request.Headers.AcceptLanguage.Count > 0 && context.Request.GetTypedHeaders().AcceptLanguage.MaxBy(l => l.Quality ?? 1) is { Quality: null or > 0 } first
        && (first.Value.Equals("ru", StringComparison.OrdinalIgnoreCase) || first.Value.StartsWith("ru-", StringComparison.OrdinalIgnoreCase));

    /// <returns>The same document, or a Russian copy: some documents are made once for all callers.</returns>
    public static ProblemDetails For(HttpContext context, ProblemDetails problem)
    {
        if (!AreAskedBy(context)) return problem;
        context.Response.Headers.ContentLanguage = "ru";
        var copy = new ProblemDetails { Type = problem.Type, Title = problem.Title, Status = problem.Status, Instance = problem.Instance, Detail = problem.Detail, Extensions = new Dictionary<string, object?>(problem.Extensions) };
        var (detail, errors) = Said(problem.Detail, (problem.Extensions.TryGetValue("errors", out var known) ? known : null) as IReadOnlyDictionary<string, string[]>);
        copy.Detail = detail;
        if (errors is not null) copy.Extensions["errors"] = errors;
        return copy;
    }

    /// <summary>The same for a document that is kept as text.</summary>
    public static string For(HttpContext context, string json)
    {
        if (!AreAskedBy(context) || JsonNode.Parse(json) is not JsonObject problem) return json;
        context.Response.Headers.ContentLanguage = "ru";
        var (detail, errors) = Said((string?)problem["detail"], problem["errors"].Deserialize<Dictionary<string, string[]>>());
        problem["detail"] = detail;
        if (errors is not null) problem["errors"] = JsonSerializer.SerializeToNode(errors);
        return problem.ToJsonString(Relaxed);
    }

    private static (string? Detail, Dictionary<string, string[]>? Errors) Said(string? detail, IReadOnlyDictionary<string, string[]>? errors)
    {
        var russian = errors?.ToDictionary(e => e.Key, e => e.Value.Select(m => Said(m)!).ToArray());
        return (russian is not null && detail == Problems.Joined(errors!) ? Problems.Joined(russian) : Said(detail), russian);
    }

    /// <summary>What is not known stays in English: half an answer is better than none.</summary>
    private static string? Said(string? english) => english is null ? null : Sentences.Russian.Say(english) ?? english;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
