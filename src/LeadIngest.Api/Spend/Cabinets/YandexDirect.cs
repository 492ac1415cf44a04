using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>Asks Yandex Direct for reports of spend. A report may be built while we wait: the same question is asked again, by the same name, until it is there.</summary>
/// <remarks>Source: Reports service of API version 5, <c>yandex.ru/dev/direct/doc/ru/reports/reports</c>.</remarks>
internal sealed class YandexDirect(CabinetRow cabinet, CabinetCredentials credentials, Uri address, CabinetHttp http) : ICabinet
{
    /// <summary>The vendor's limit: 20 requests in ten seconds for each user.</summary>
    private static Pace NewPace(TimeProvider clock) => new(20, TimeSpan.FromSeconds(10), clock);

    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, (string Type, string[] Fields)> Reports = new()
    {
        ["campaign"] = ("CAMPAIGN_PERFORMANCE_REPORT", []),
        ["group"] = ("ADGROUP_PERFORMANCE_REPORT", ["AdGroupId", "AdGroupName"]),
        ["ad"] = ("AD_PERFORMANCE_REPORT", ["AdGroupId", "AdGroupName", "AdId"]),
        ["keyword"] = ("CRITERIA_PERFORMANCE_REPORT", ["AdGroupId", "AdGroupName", "Criterion"]),
    };

    // Cyrillic stays as it is: what a person sees in a log of the vendor's is what was asked.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task<CabinetEnd> LoadAsync(DateOnly from, DateOnly to, Guid load, CancellationToken ct) => AskAsync(from, to, cabinet.Level, load, ct);

    public Task<CabinetEnd> CheckAsync(DateOnly day, CancellationToken ct) => AskAsync(day, day, "campaign", Guid.CreateVersion7(), ct);

    private async Task<CabinetEnd> AskAsync(DateOnly from, DateOnly to, string level, Guid load, CancellationToken ct)
    {
        var body = Body(from, to, level, load);
        var reply = await http.SendAsync($"yandex_direct\n{credentials.Token}", NewPace, () => Request(body), mayRepeat: true, ct);
        if (reply.IsTooLong) return new CabinetEnd.TooMuch("The report is larger than 16 MiB.");
        return reply.Status switch
        {
            200 when reply.Body is { } report && reply.Json() is null => DirectReport.Read(report, from, to, cabinet.Common),
            201 => new CabinetEnd.Building("Yandex Direct has put the report into its queue.", reply.After ?? UsualWait),
            202 => new CabinetEnd.Building("Yandex Direct is building the report.", reply.After ?? UsualWait),
            0 => new CabinetEnd.TryLater(reply.Why),
            _ => Hidden(DirectError.Read(reply)),
        };
    }

    private CabinetEnd Hidden(CabinetEnd end) => end switch
    {
        CabinetEnd.Refused e => e with { Why = credentials.Hide(e.Why) },
        CabinetEnd.TryLater e => e with { Why = credentials.Hide(e.Why) },
        _ => end,
    };

    private byte[] Body(DateOnly from, DateOnly to, string level, Guid load)
    {
        var (type, fields) = Reports[level];
        object Params(string name) => new
        {
            @params = new
            {
                SelectionCriteria = new { DateFrom = from.ToString("yyyy-MM-dd"), DateTo = to.ToString("yyyy-MM-dd") },
                FieldNames = (string[])["Date", "CampaignId", "CampaignName", .. fields, "Impressions", "Clicks", "Cost"],
                ReportName = name,
                ReportType = type,
                DateRangeType = "CUSTOM_DATE",
                Format = "TSV",
                IncludeVAT = cabinet.Common.VatIncluded ? "YES" : "NO",
                IncludeDiscount = "NO",
            },
        };
        // One name for each set of parameters, the same whenever and by whichever node it is asked again; another load is told what is true by then.
        var name = "leadingest-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{load}\n{cabinet.ClientLogin}\n{JsonSerializer.Serialize(Params(""))}")))[..32];
        return JsonSerializer.SerializeToUtf8Bytes(Params(name), Plain);
    }

    private HttpRequestMessage Request(byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "json/v5/reports"))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credentials.Token);
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("ru"));
        foreach (var (name, value) in new[]
        {
            // The number of rows below them stays: it shows that none was lost.
            ("processingMode", "auto"), ("returnMoneyInMicros", "false"), ("skipReportHeader", "true"), ("skipColumnHeader", "false"), ("skipReportSummary", "false"),
        }) request.Headers.TryAddWithoutValidation(name, value);
        if (cabinet.ClientLogin is { } login) request.Headers.TryAddWithoutValidation("Client-Login", login);
        if (cabinet.OperatorUnits) request.Headers.TryAddWithoutValidation("Use-Operator-Units", "true");
        return request;
    }
}
