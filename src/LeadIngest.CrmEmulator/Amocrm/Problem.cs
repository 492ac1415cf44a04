using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>amoCRM's error bodies.</summary>
internal static class Problem
{
    private const string Type = "application/problem+json";

    public static Answer Plain(int status, string detail) => Answer.Json(status, Type, w =>
    {
        w.WriteStartObject();
        w.WriteString("title", Title(status));
        w.WriteString("type", $"https://httpstatus.es/{status}");
        w.WriteNumber("status", status);
        w.WriteString("detail", detail);
        w.WriteEndObject();
    });

    public static Answer Empty() => Plain(400, "Request data can not be empty");

    public static Answer Unauthorized() => Plain(401, "Неверный логин или пароль");

    public static Answer Invalid(IEnumerable<(string RequestId, List<Violation> Violations)> items) => Answer.Json(400, Type, w =>
    {
        w.WriteStartObject();
        w.WriteStartArray("validation-errors");
        foreach (var (requestId, violations) in items)
        {
            w.WriteStartObject();
            w.WriteString("request_id", requestId);
            w.WriteStartArray("errors");
            foreach (var violation in violations)
            {
                w.WriteStartObject();
                w.WriteString("code", violation.Code);
                w.WriteString("path", violation.Path);
                w.WriteString("detail", violation.Detail);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteString("title", "Bad Request");
        w.WriteString("type", "https://httpstatus.es/400");
        w.WriteNumber("status", 400);
        w.WriteString("detail", "Request validation failed");
        w.WriteEndObject();
    });

    public static Answer TooManyJson(int retryAfter) => Answer.Json(429, Type, w =>
    {
        w.WriteStartObject();
        w.WriteString("title", "Too Many Requests");
        w.WriteString("type", "https://httpstatus.es/429");
        w.WriteNumber("status", 429);
        w.WriteString("detail", "Too many requests per second");
        w.WriteNumber("retry_after", retryAfter);
        w.WriteEndObject();
    });

    public static Answer OAuth(int status, string? hint, string title = "Некорректный запрос") => Answer.Json(status, Type, w =>
    {
        w.WriteStartObject();
        if (hint is not null)
            w.WriteString("hint", hint);
        w.WriteString("title", title);
        w.WriteString("type", "https://developers.amocrm.ru/v3/errors/OAuthProblemJson");
        w.WriteNumber("status", status);
        w.WriteString("detail", "В запросе отсутствует ряд параметров или параметры невалидны");
        w.WriteEndObject();
    });

    private static string Title(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "ErrInternalServer",
    };
}
