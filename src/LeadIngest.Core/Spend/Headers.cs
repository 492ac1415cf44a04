using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace LeadIngest.Core.Spend;

/// <summary>What a column is, by its title: the names that Russian and foreign cabinets use.</summary>
public static partial class Headers
{
    /// <returns>The meaning, null for a title that is not known.</returns>
    public static SpendField? Read(string? title) => Names.TryGetValue(Fold(title), out var field) ? field : null;

    /// <returns>The spelling that titles are compared by: lower case letters and digits, no units, no tax, «ё» as «е».</returns>
    public static string Fold(string? title)
    {
        var text = (title ?? "").ToLowerInvariant().Replace('ё', 'е').Replace("№", " id ", StringComparison.Ordinal);
        text = Brackets().Replace(text, " ");
        text = Units().Replace(text, " ");
        return string.Concat(text.Where(char.IsLetterOrDigit));
    }

    /// <returns>Whether the title says that tax is in the amounts; null when it does not say.</returns>
    public static bool? VatIncluded(string title) =>
        VatOut().IsMatch(title) ? false : VatIn().IsMatch(title) ? true : null;

    /// <summary>Several columns may mean the amount («Расход», «Стоимость»); among equals the first counts, and these are worse than the others.</summary>
    public static bool IsWeak(string title) => Fold(title) is "стоимость" or "сумма" or "amount";

    private static readonly FrozenDictionary<string, SpendField> Names = new (SpendField Field, string Names)[]
    {
        (SpendField.Date, "дата день период месяц date day period month gadate датаотчета деньмесяцгод"),
        (SpendField.Amount, "расход расходы стоимость затраты потрачено списано сумма сумманасписание израсходовано cost costs spend spent expenses expense amount amountspent gaadcost adcost общийрасход расходвсего всегопотрачено бюджетпотрачен totalcost"),
        (SpendField.Currency, "валюта currency currencycode"),
        (SpendField.CampaignId, "idкампании idкампания кампанииid номеркампании campaignid idcampaign adplanid idрекламнойкампании utmid idкамп"),
        (SpendField.CampaignName, "кампания названиекампании имякампании рекламнаякампания названиерекламнойкампании campaign campaignname utmcampaign gacampaign adplan adplanname кампании"),
        (SpendField.GroupId, "idгруппы idгруппыобъявлений группыid номергруппы adgroupid groupid adsetid"),
        (SpendField.GroupName, "группа группаобъявлений названиегруппы названиегруппыобъявлений adgroup adgroupname adset adsetname group"),
        (SpendField.AdId, "idобъявления номеробъявления idбаннера adid bannerid"),
        (SpendField.AdName, "объявление названиеобъявления заголовокобъявления ad adname banner utmcontent gaadcontent adcontent креатив"),
        (SpendField.Keyword, "ключ ключевоеслово ключеваяфраза фраза условиепоказа ключевыеслова keyword utmterm gakeyword criterion searchkeyword"),
        (SpendField.Source, "источник площадка source utmsource gasource рекламнаясистема trafficsourcedetail trafficsource"),
        (SpendField.Medium, "канал типтрафика medium utmmedium gamedium"),
        (SpendField.Clicks, "клики кликов переходы клик clicks gaadclicks linkclicks количествокликов"),
        (SpendField.Impressions, "показы показов impressions impr gaimpressions shows количествопоказов"),
    }.SelectMany(e => e.Names.Split(' ').Select(name => (Name: string.Concat(name.Where(char.IsLetterOrDigit)), e.Field))).ToFrozenDictionary(e => e.Name, e => e.Field, StringComparer.Ordinal);

    [GeneratedRegex(@"[(\[][^)\]]*[)\]]")]
    private static partial Regex Brackets();

    [GeneratedRegex(@"[,;]?\s*((с|без|вкл\.?|включая|не вкл\.?)\s+ндс|(incl|excl)\.?\s+vat|₽|\$|€|(?<!\p{L})(руб|р|rub|usd|eur)\.?(?!\p{L}))")]
    private static partial Regex Units();

    [GeneratedRegex(@"без\s+(учета\s+|учёта\s+)?ндс|не вкл\S*\s+ндс|excl\S*\s+vat|without\s+vat|net of vat", RegexOptions.IgnoreCase)]
    private static partial Regex VatOut();

    [GeneratedRegex(@"(с|вкл\S*|включая|учетом|учётом)\s+ндс|incl\S*\s+vat|with\s+vat", RegexOptions.IgnoreCase)]
    private static partial Regex VatIn();
}
