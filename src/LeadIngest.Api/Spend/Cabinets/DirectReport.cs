using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Spend;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>
/// Reads a report of Yandex Direct: UTF-8, tabs, no quotes, <c>--</c> for what is absent; above the names of the columns there may be the report's name, below
/// the rows their number. A row that cannot be read refuses the report as a whole: spend that is silently short is worse than spend that is late.
/// </summary>
internal static partial class DirectReport
{
    private const decimal Micros = 1_000_000;
    private const int MostText = 500;

    /// <param name="body">As it came.</param>
    /// <param name="from">No row may be of another day.</param>
    /// <param name="to">The last day.</param>
    /// <param name="level">What is the same in all rows: source, medium, currency, VAT.</param>
    public static CabinetEnd Read(byte[] body, DateOnly from, DateOnly to, SpendLevel level)
    {
        var rows = new List<(int Line, string[] Cells)>();
        string[]? head = null;
        int? told = null;
        var number = 0;
        using (var lines = new StreamReader(new MemoryStream(body), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false)))
        {
            while (lines.ReadLine() is { } line)
            {
                number++;
                if (line.Length == 0) continue;
                if (Total().Match(line) is { Success: true } total) told = int.TryParse(total.Groups[1].Value, out var count) ? count : null;
                else if (head is null)
                {
                    var cells = line.Split('\t');
                    if (cells.Contains("Date") && cells.Contains("Cost")) head = cells;
                    else if (cells.Length > 1 || number > 1) return Unreadable($"line {number} names no columns");
                }
                else rows.Add((number, line.Split('\t')));
            }
        }
        if (head is null) return Unreadable("no columns");
        if (told is { } expected && expected != rows.Count) return Unreadable($"{rows.Count} rows came of {expected}");

        int At(string column) => Array.IndexOf(head, column);
        var (date, cost, clicks, shows) = (At("Date"), At("Cost"), At("Clicks"), At("Impressions"));
        var (campaign, name, group, groupName, ad, keyword) = (At("CampaignId"), At("CampaignName"), At("AdGroupId"), At("AdGroupName"), At("AdId"), At("Criterion"));
        // The header that asks for roubles may be lost on its way. Roubles always come with two digits, millionths never do.
        var isMicros = rows.TrueForAll(r => r.Cells.Length <= cost || !r.Cells[cost].Contains('.', StringComparison.Ordinal)) && rows.Exists(r => r.Cells.Length > cost && r.Cells[cost] is not ("0" or "--"));
        var taken = new List<SpendLine>(rows.Count);
        foreach (var (line, cells) in rows)
        {
            if (cells.Length != head.Length) return Unreadable($"line {line} has {cells.Length} values for {head.Length} columns");
            if (!DateOnly.TryParseExact(cells[date], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day < from || day > to) return Unreadable($"line {line} is of no day that was asked for");
            if (!Number(cells[cost], out var amount)) return Unreadable($"line {line}: the cost is not a number");
            if (!Number(clicks < 0 ? "0" : cells[clicks], out var clicked) || !Number(shows < 0 ? "0" : cells[shows], out var shown)) return Unreadable($"line {line}: a count is not a number");
            if (amount == 0 && clicked == 0 && shown == 0) continue;
            string? Said(int at) => at < 0 || cells[at] is "--" or "" ? null : Text.CleanLine(cells[at], MostText);
            taken.Add(new(line, day, day, level with
            {
                CampaignId = Said(campaign),
                CampaignName = Said(name),
                GroupId = Said(group),
                GroupName = Said(groupName),
                AdId = Said(ad),
                Keyword = Said(keyword) is { } phrase ? WithoutMinusWords(phrase) : null,
            }, isMicros ? amount / Micros : amount, (long)clicked, (long)shown, [.. cells.Select(c => Text.CleanLine(c, MostText) ?? "")]));
        }
        return new CabinetEnd.Loaded(taken, SHA256.HashData(body), head, isMicros ? ["Amounts came in millionths."] : []);

        static bool Number(string text, out decimal value)
        {
            value = 0;
            return text == "--" || decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
        }
    }

    /// <summary>«внедрение crm -бесплатно» is shown to people as «внедрение crm», and so it stands in the tags of leads.</summary>
    internal static string WithoutMinusWords(string phrase) => MinusWords().Replace(phrase, "") is { Length: > 0 } rest ? rest : phrase;

    private static CabinetEnd.TryLater Unreadable(string why) => new($"The report of Yandex Direct cannot be read: {why}.");

    [GeneratedRegex(@"^Total rows:\s*([0-9]+)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Total();

    [GeneratedRegex(@"\s+-[\p{L}\p{N}!+(""\[].*$")]
    private static partial Regex MinusWords();
}
