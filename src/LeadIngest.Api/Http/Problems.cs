using FluentValidation.Results;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Http;

/// <summary>The catalogue of refusals, RFC 9457. <c>errors</c> is keyed by the field's wire name.</summary>
internal static class Problems
{
    private const string TypeBase = "https://leadingest.dev/problems/";

    public static string Type(string name) => TypeBase + name;

    public static ProblemHttpResult NotFound(string what) => Of(404, "not-found", "Not found", $"No such {what}.");

    /// <summary>Of somebody who is signed in and a member of nothing.</summary>
    public static ProblemHttpResult NoProject() => Of(403, "no-project", "No project", "You are a member of no project. Ask the owner of one to invite you.");

    public static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string[]> errors, string? detail = null) => TypedResults.Problem(
        statusCode: 400, type: Type("invalid-input"), title: "Invalid input",
        detail: detail ?? Joined(errors), extensions: new Dictionary<string, object?> { ["errors"] = errors });

    /// <summary>All messages in a line: "phone: Not a phone number. email: Not an e-mail address."</summary>
    public static string Joined(IReadOnlyDictionary<string, string[]> errors) => string.Join(" ", errors.SelectMany(e => e.Value.Select(m => $"{e.Key}: {m}")));

    public static ProblemHttpResult Invalid(string field, string reason) =>
        Invalid(new Dictionary<string, string[]> { [field] = [reason] });

    public static ProblemHttpResult Invalid(ValidationResult result) => Invalid(result.Errors
        .GroupBy(e => WireName(e.PropertyName))
        .ToDictionary(g => g.Key, g => g.Select(e => e.ErrorMessage).Distinct().ToArray()));

    public static ProblemHttpResult Conflict(string type, string title, string detail) => Of(409, type, title, detail);

    public static ProblemHttpResult Of(int status, string type, string title, string detail) =>
        TypedResults.Problem(statusCode: status, type: Type(type), title: title, detail: detail);

    /// <summary>"Consent.Text" → "consent.text".</summary>
    public static string WireName(string property) => string.Join('.', property.Split('.').Select(
        part => part.Length == 0 ? part : char.ToLowerInvariant(part[0]) + part[1..]));
}
