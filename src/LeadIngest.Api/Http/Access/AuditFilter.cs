using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadIngest.Api.Access;
using Microsoft.AspNetCore.Http.Metadata;

namespace LeadIngest.Api.Http.Access;

/// <summary>
/// Writes every change that goes by HTTP into the audit log, and every look at people: who, what, how it ended, which fields or filters, how many rows; never what
/// stood in them. A look is written before its answer leaves, so that one that cannot be written shows nothing.
/// </summary>
internal sealed partial class AuditFilter(AuditLog audit) : IEndpointFilter
{
    /// <summary>On the answer of an export: its entry in the audit log, by which a file that turns up somewhere is known.</summary>
    public const string ExportHeader = "X-Export-Id";

    private const string PeopleMark = "people";
    private const Right PeopleRights = Right.Leads | Right.Forgotten;
    private const int MostNames = 30;

    // They change nothing: sliders of a what-if, and a tester of addresses.
    private static readonly HashSet<string> Trials = ["TryDecomposition", "TestSource"];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var route = http.GetEndpoint()!.Metadata;
        var isChange = !HttpMethods.IsGet(http.Request.Method);
        var action = route.GetMetadata<IEndpointNameMetadata>()!.EndpointName;
        var caller = http.Features.Get<Caller>();
        var needed = route.GetMetadata<NeededRight>()?.Right ?? Right.None;
        var isExport = needed.HasFlag(Right.Export) || http.Request.Query["format"].ToString() is "csv" or "xlsx";
        var isOfPeople = route.GetMetadata<ShowsPeople>() is not null || (needed & (PeopleRights | Right.Export)) != 0;
        var isLook = !isChange && caller is not null && (isExport || isOfPeople);
        if (!(isChange || isLook) || Trials.Contains(action)) return await next(context);
        if (isLook && caller!.KeyId is { } key && !isExport && !audit.IsDue(key, action)) return await next(context);

        object? answer;
        try
        {
            answer = await next(context);
        }
        catch when (isChange)
        {
            // It may have changed something before it failed. That the request was given up must not keep it out of the log.
            await WriteAsync(http, caller, action, Detail(context, route, 500, null, isChange), CancellationToken.None);
            throw;
        }
        var result = answer is INestedHttpResult nested ? nested.Result : answer;
        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? 200;
        // Input that could not be read did nothing and showed nothing; nor does a look that ends at a refusal.
        if (status == 400 || (isLook && status >= 400)) return answer;
        var detail = Detail(context, route, status, result, isChange);
        // By this mark files of people are found again: see ExportAlerts and the index of 0029_exports.sql.
        if (isLook && isExport && isOfPeople) detail[PeopleMark] = true;
        var entry = await WriteAsync(http, caller, action, detail, CancellationToken.None, Made(result));
        if (isExport && entry is { } id) http.Response.Headers[ExportHeader] = id.ToString();
        return answer;
    }

    private async Task<Guid?> WriteAsync(HttpContext http, Caller? caller, string action, JsonObject detail, CancellationToken ct, string? made = null)
    {
        if (caller is not null) return await audit.AddAsync(caller, http, action, EntityOf(http), IdOf(http) ?? made, detail, ct);
        if (SignedIn.In(http) is { } person) await audit.AddToAllAsync(person.UserId, person.Name, http, action, detail, ct);
        return null;
    }

    /// <summary>The kind of what the path names: <c>leads</c>, <c>spend/accounts</c>.</summary>
    public static string? EntityOf(HttpContext http)
    {
        var parts = ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "").Trim('/').Split('/');
        if (parts is not ["v1", var kind, ..]) return null;
        return parts is [_, _, var second, var id, ..] && id.StartsWith('{') && !second.StartsWith('{') ? $"{kind}/{second}" : kind;
    }

    public static string? IdOf(HttpContext http) => http.GetRouteValue("id")?.ToString();

    // Of something new: the end of its address.
    private static string? Made(object? result) => result?.GetType().GetProperty("Location")?.GetValue(result) is string location ? location[(location.LastIndexOf('/') + 1)..] : null;

    private static JsonObject Detail(EndpointFilterInvocationContext context, EndpointMetadataCollection route, int status, object? result, bool isChange)
    {
        var detail = new JsonObject { ["outcome"] = status };
        var query = context.HttpContext.Request.Query;
        if (isChange)
        {
            if (Fields(context, route) is { Length: > 0 } fields) detail["fields"] = new JsonArray([.. fields.Select(f => (JsonNode)f)]);
            return detail;
        }
        string[] filters = [.. query.Keys.Where(k => k is not ("limit" or "cursor" or "format" or "lang" or "project") && Name().IsMatch(k)).Order(StringComparer.Ordinal).Take(MostNames)];
        if (filters.Length > 0) detail["filters"] = new JsonArray([.. filters.Select(f => (JsonNode)f)]);
        if (query["format"].ToString() is { Length: > 0 } format and ("csv" or "xlsx" or "json")) detail["format"] = format;
        if ((result as ICounted ?? (result as IValueHttpResult)?.Value as ICounted) is { } shown) detail["count"] = shown.Count;
        return detail;
    }

    private static string[] Fields(EndpointFilterInvocationContext context, EndpointMetadataCollection route)
    {
        var type = route.GetMetadata<IAcceptsMetadata>()?.RequestType;
        var body = type is null ? null : context.Arguments.FirstOrDefault(a => a is not null && type.IsInstanceOfType(a));
        if (body is null or IEnumerable) return [];
        return [.. body.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0 && p.GetValue(body) is not null).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Take(MostNames)];
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9.]{0,39}$")]
    private static partial Regex Name();
}
