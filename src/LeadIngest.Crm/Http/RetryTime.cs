using System.Net.Http.Headers;
using System.Text.Json;

namespace LeadIngest.Crm.Http;

/// <summary>The pause a CRM asks for. Garbage and negative values count as not said; the longest believed is <see cref="Cap"/>.</summary>
internal static class RetryTime
{
    public static readonly TimeSpan Cap = TimeSpan.FromHours(6);

    /// <summary>The header <c>Retry-After</c> (seconds or a date) or <c>retry_after</c> (seconds) of the body, the longer of the two.</summary>
    public static TimeSpan? Read(RetryConditionHeaderValue? header, JsonElement? body, DateTimeOffset now)
    {
        var said = header?.Delta ?? (header?.Date - now);
        if (body is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("retry_after", out var value) && JsonRead.Number(value) is { } seconds)
        {
            var inBody = seconds is > 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
            said = said is null || inBody > said ? inBody : said;
        }

        return said switch
        {
            null => null,
            { } pause when pause <= TimeSpan.Zero => null,
            { } pause => pause < Cap ? pause : Cap,
        };
    }
}
