using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Doors;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Cabinets;

/// <summary><c>POST /yandex-direct/json/v5/reports</c>: reports at once or from the queue, by name.</summary>
internal sealed class DirectReports(CabinetBook book, EmulatorOptions options)
{
    private const int MostInQueue = 5;
    private const int MostIn10Seconds = 20;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(5);

    private static readonly Dictionary<string, string[]> Types = new()
    {
        ["CAMPAIGN_PERFORMANCE_REPORT"] = ["Date", "CampaignId", "CampaignName", "Impressions", "Clicks", "Cost"],
        ["ADGROUP_PERFORMANCE_REPORT"] = ["Date", "CampaignId", "CampaignName", "AdGroupId", "AdGroupName", "Impressions", "Clicks", "Cost"],
        ["AD_PERFORMANCE_REPORT"] = ["Date", "CampaignId", "CampaignName", "AdGroupId", "AdGroupName", "AdId", "Impressions", "Clicks", "Cost"],
        ["CRITERIA_PERFORMANCE_REPORT"] = ["Date", "CampaignId", "CampaignName", "AdGroupId", "AdGroupName", "Criterion", "Impressions", "Clicks", "Cost"],
        ["CUSTOM_REPORT"] = ["Date", "CampaignId", "CampaignName", "AdGroupId", "AdGroupName", "AdId", "Criterion", "Impressions", "Clicks", "Cost"],
    };

    private sealed class Report(string parameters, DateTimeOffset at, int polls, int retryIn)
    {
        public string Parameters => parameters;
        public DateTimeOffset At => at;
        public int RetryIn => retryIn;
        public int PollsLeft { get; set; } = polls;
        public bool IsBuilding { get; set; } = polls > 0;
    }

    private sealed record Asked(string Name, string[] Fields, DateOnly From, DateOnly To, bool IncludeVat, string Parameters);

    private readonly Dictionary<(string Account, string Name), Report> _reports = [];
    private readonly Dictionary<string, Queue<DateTimeOffset>> _calls = [];

    public async Task<IResult> AskAsync(HttpContext http)
    {
        var account = http.Request.Headers["Client-Login"].ToString() is { Length: > 0 } login ? login : CabinetKinds.StandardDirect;
        var body = await DoorBody.ReadAsync(http);
        var (asked, wrong) = Read(body, book.Today);
        if (book.Faults.Hit(account, CabinetFault.Latency) is { } slow)
            await Task.Delay(slow.Ms, http.RequestAborted);
        var answer = Answer(http, account, asked, wrong);
        book.Log.Add(account, "POST", http.Request.Path, asked is null ? "" : $"?report={asked.Name}&from={asked.From:yyyy-MM-dd}&to={asked.To:yyyy-MM-dd}&vat={asked.IncludeVat}", answer.Status, book.Now);
        if (answer.Status == 0)
        {
            http.Abort();
            return Results.Empty;
        }
        http.Response.Headers["RequestId"] = http.TraceIdentifier;
        if (answer.RetryIn is { } seconds)
        {
            http.Response.Headers["retryIn"] = seconds.ToString(CultureInfo.InvariantCulture);
            http.Response.Headers["reportsInQueue"] = answer.InQueue.ToString(CultureInfo.InvariantCulture);
        }
        return answer.Error is { } error ? Results.Json(new { error = new { error_code = error.Code.ToString(CultureInfo.InvariantCulture), error_string = error.Words, error_detail = error.Detail, request_id = http.TraceIdentifier } }, statusCode: answer.Status)
            : answer.Text is { } text ? Results.Text(text, "text/tab-separated-values; charset=utf-8", Encoding.UTF8, answer.Status) : Results.StatusCode(answer.Status);
    }

    public void Clear()
    {
        lock (book.Gate)
        {
            _reports.Clear();
            _calls.Clear();
        }
    }

    private sealed record Answered(int Status, string? Text = null, (int Code, string Words, string Detail)? Error = null, int? RetryIn = null, int InQueue = 0);

    private Answered Answer(HttpContext http, string account, Asked? asked, (int Code, string Detail)? wrong)
    {
        static Answered Refuse(int code, string words, string detail = "", int status = 400) => new(status, Error: (code, words, detail));
        if (book.Faults.Hit(account, CabinetFault.Drop, CabinetFault.OfStatus) is { } broken)
            return broken.Kind == CabinetFault.Drop ? new(0) : new(broken.Status ?? 500);
        var token = http.Request.Headers.Authorization.ToString();
        if (book.Faults.Hit(account, CabinetFault.BadToken) is not null || !token.StartsWith("Bearer ", StringComparison.Ordinal) || !options.Cabinets.DirectTokens.Split(',').Contains(token[7..]))
            return Refuse(53, "Ошибка авторизации", "Указан недействительный OAuth-токен");
        if (book.Faults.Hit(account, CabinetFault.Points, CabinetFault.Error) is { } fault)
            return fault.Kind == CabinetFault.Points ? Refuse(152, "Недостаточно баллов", "", fault.Status ?? 400) : Refuse(fault.Code ?? 1000, "Сервер временно недоступен", "", fault.Status ?? 400);
        lock (book.Gate)
        {
            if (options.RateLimits && IsTooFast(account))
                return Refuse(56, "Превышен лимит запросов метода");
            if (asked is null)
                return Refuse(wrong!.Value.Code, "Некорректный запрос", wrong.Value.Detail);
            foreach (var old in _reports.Where(r => book.Now - r.Value.At > Kept).Select(r => r.Key).ToList())
                _reports.Remove(old);
            var key = (account, asked.Name);
            if (_reports.TryGetValue(key, out var report) && report.Parameters != asked.Parameters)
                return Refuse(4000, "Неверно указаны параметры", "Отчёт с таким ReportName и другими параметрами уже есть");
            if (report is null)
            {
                var isOffline = book.Faults.Find(account, CabinetFault.Offline);
                var polls = isOffline?.Left is { } left and < int.MaxValue ? left : isOffline is not null || http.Request.Headers["processingMode"] == "offline" ? 1 : 0;
                if (polls > 0 && _reports.Count(r => r.Key.Account == account && r.Value.IsBuilding) >= MostInQueue)
                    return Refuse(9000, "Превышено количество отчётов в очереди");
                _reports[key] = report = new(asked.Parameters, book.Now, polls, isOffline?.RetryIn ?? 1);
                if (polls > 0)
                    return new(201, RetryIn: report.RetryIn, InQueue: InQueue(account));
            }
            if (report.PollsLeft > 1)
            {
                report.PollsLeft--;
                return new(202, RetryIn: report.RetryIn, InQueue: InQueue(account));
            }
            report.IsBuilding = false;
        }
        return new(200, Table(http.Request.Headers, account, asked));
    }

    private int InQueue(string account) => _reports.Count(r => r.Key.Account == account && r.Value.IsBuilding);

    private bool IsTooFast(string account)
    {
        if (!_calls.TryGetValue(account, out var calls))
            _calls[account] = calls = new();
        while (calls.Count > 0 && book.Now - calls.Peek() > TimeSpan.FromSeconds(10))
            calls.Dequeue();
        calls.Enqueue(book.Now);
        return calls.Count > MostIn10Seconds;
    }

    private string Table(IHeaderDictionary headers, string account, Asked asked)
    {
        bool Is(string name) => string.Equals(headers[name], "true", StringComparison.OrdinalIgnoreCase);
        var isMicros = !string.Equals(headers["returnMoneyInMicros"], "false", StringComparison.OrdinalIgnoreCase) || book.Faults.Find(account, CabinetFault.Micros) is not null;
        var keys = asked.Fields.Where(f => f is not ("Impressions" or "Clicks" or "Cost")).ToArray();
        var groups = book.Of(account, asked.From, asked.To).GroupBy(r => string.Join('\t', keys.Select(k => Value(r, k)))).ToArray();
        var text = new StringBuilder();
        if (!Is("skipReportHeader"))
            text.Append(CultureInfo.InvariantCulture, $"\"{asked.Name} ({asked.From:yyyy-MM-dd} - {asked.To:yyyy-MM-dd})\"\n");
        if (!Is("skipColumnHeader"))
            text.AppendJoin('\t', asked.Fields).Append('\n');
        foreach (var group in groups)
        {
            text.AppendJoin('\t', asked.Fields.Select(f => f switch
            {
                "Impressions" => Json.Of(group.Sum(r => r.Impressions)),
                "Clicks" => Json.Of(group.Sum(r => r.Clicks)),
                "Cost" => Money(group.Sum(r => asked.IncludeVat ? r.Cost : r.Cost * 100 / (r.Day.Year < 2026 ? 120 : 122)), isMicros),
                _ => Value(group.First(), f),
            })).Append('\n');
        }
        if (!Is("skipReportSummary"))
            text.Append(CultureInfo.InvariantCulture, $"Total rows: {groups.Length + (book.Faults.Hit(account, CabinetFault.Short) is null ? 0 : 1)}\n");
        return text.ToString();
    }

    private static string Money(decimal cost, bool isMicros) => isMicros ? Json.Of((long)(decimal.Round(cost, 2) * 1_000_000)) : decimal.Round(cost, 2).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Value(SpentRow row, string field) => field switch
    {
        "Date" => row.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "CampaignId" => Json.Of(row.CampaignId),
        "CampaignName" => row.Campaign,
        "AdGroupId" => row.GroupId is { } group ? Json.Of(group) : "--",
        "AdGroupName" => row.Group ?? "--",
        "AdId" => row.AdId is { } ad ? Json.Of(ad) : "--",
        _ => row.Keyword ?? "--",
    };

    private static (Asked? Asked, (int Code, string Detail)? Wrong) Read(JsonObject? body, DateOnly today)
    {
        static (Asked?, (int, string)?) No(string detail, int code = 8000) => (null, (code, detail));
        if (body?["params"] is not JsonObject p || body.ContainsKey("method"))
            return No("params и ничего кроме них");
        if (Json.Text(p["ReportName"]) is not { Length: > 0 } name)
            return No("ReportName");
        if (Json.Text(p["ReportType"]) is not { } type || !Types.TryGetValue(type, out var known))
            return No("ReportType");
        var fields = Json.Items(p["FieldNames"]).Select(f => Json.Text(f) ?? "").ToArray();
        if (fields.Length == 0 || fields.Except(known).FirstOrDefault() is not null)
            return No("FieldNames");
        if (Json.Text(p["Format"]) != "TSV" || Json.Text(p["IncludeVAT"]) is not ("YES" or "NO") || Json.Text(p["IncludeDiscount"]) is not ("YES" or "NO" or null))
            return No("Format, IncludeVAT, IncludeDiscount");
        if (Json.Text(p["DateRangeType"]) != "CUSTOM_DATE" || p["SelectionCriteria"] is not JsonObject criteria || !Day(criteria["DateFrom"], out var from) || !Day(criteria["DateTo"], out var to) || to < from)
            return No("DateRangeType: CUSTOM_DATE с DateFrom и DateTo");
        if (from < new DateOnly(today.Year, today.Month, 1).AddYears(-3) || to > today)
            return No("Данные хранятся три года", 4001);
        return (new(name, fields, from, to, Json.Text(p["IncludeVAT"]) == "YES", p.ToJsonString()), null);
    }

    private static bool Day(JsonNode? node, out DateOnly day) => DateOnly.TryParseExact(Json.Text(node), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
