using System.Globalization;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Spend;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Demo.History;

/// <summary>A cabinet's spend as the table that people export there, taken by the import of spend.</summary>
internal static class HistoryTables
{
    private static readonly Dictionary<string, string> Columns = new()
    {
        ["Дата"] = "date",
        ["Кампания"] = "campaignName",
        ["№ кампании"] = "campaignId",
        ["Расход, руб. (с НДС)"] = "amount",
        ["Клики"] = "clicks",
        ["Показы"] = "impressions",
    };

    public static async Task ImportAsync(string cabinet, IReadOnlyList<PlannedSpend> rows, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        var (source, medium) = cabinet switch { Story.Direct => ("yandex", "cpc"), Story.Vk => ("vk", "cpc"), _ => ("google", "cpc") };
        var http = new DefaultHttpContext { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, Guid.Empty.ToString())])) };
        http.Request.Method = "POST";
        http.Request.ContentType = "application/json";
        var body = JsonSerializer.SerializeToUtf8Bytes(new { text = Table(rows), account = cabinet, source, medium, currency = "RUB", vatIncluded = true, fileName = "demo.csv", columns = Columns });
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentLength = body.Length;
        if (await ImportSpend.HandleAsync(http.Request, scope, db, clock, ct) is not IStatusCodeHttpResult { StatusCode: StatusCodes.Status201Created } and var answer)
            throw new HistoryFailure($"The spend of {cabinet} was not taken: {(answer is IValueHttpResult { Value: { } problem } ? JsonSerializer.Serialize(problem) : answer.GetType().Name)}");
    }

    private static string Table(IEnumerable<PlannedSpend> rows)
    {
        var table = new StringBuilder(string.Join(';', Columns.Keys)).Append('\n');
        foreach (var row in rows)
            table.Append(CultureInfo.InvariantCulture, $"{row.Day:dd.MM.yyyy};{row.Campaign};{row.CampaignId};{row.Amount.ToString("0.00", CultureInfo.GetCultureInfo("")).Replace('.', ',')};{row.Clicks};{row.Impressions}\n");
        return table.ToString();
    }
}
