namespace LeadIngest.Api.Demo.History;

/// <summary>One way that people come to the site by, and what becomes of them.</summary>
/// <param name="Name">Of the campaign, or of the way where it has none.</param>
/// <param name="Query">Of the landing page: tags, with <c>%k</c> for a keyword and <c>%n</c> for a number; empty: no tags.</param>
/// <param name="Share">Of the visits, before the others take theirs.</param>
/// <param name="Leads">Enquiries for one visit.</param>
/// <param name="Wins">Of the enquiries that are decided.</param>
internal sealed record StoryWay(string Name, string Query, double Share, double Leads, double Wins)
{
    public string? Referrer { get; init; }

    /// <summary>Of the lost: at the price. The others have the usual reasons.</summary>
    public double AtPrice { get; init; } = 0.3;

    /// <summary>How often a buyer comes again, each time.</summary>
    public double Repeats { get; init; } = 0.3;

    /// <summary>A first order, against the usual one; and a later one.</summary>
    public double First { get; init; } = 1;

    public double Later { get; init; } = 1.3;

    /// <summary>Of the advertising cabinet; null: nothing is paid there.</summary>
    public string? Cabinet { get; init; }

    public string? CampaignId { get; init; }

    /// <summary>Roubles a click, VAT included.</summary>
    public double Click { get; init; }

    public string[] Keywords { get; init; } = [];

    /// <summary>Months in which it runs; empty: always.</summary>
    public int[] Months { get; init; } = [];
}

/// <param name="Minutes">Until the first word to a client, in working time, about.</param>
/// <param name="Misses">Of the calls in working time.</param>
internal sealed record StoryManager(long Id, string Name, double Minutes, double Misses, double Wins);

/// <param name="Price">Of one, in roubles.</param>
internal sealed record StoryProduct(long Id, string Name, int Price, double Share);

/// <summary>The business of the demo: a printing house that advertises in Yandex.Direct, VK and Google, on a banner and with a blogger. Everything in it is made up.</summary>
internal static class Story
{
    public const string Site = "https://demo-print.example";
    public const string Line = "+74951234567";

    /// <summary>Of the demo's static number.</summary>
    public const string BannerLine = "+74951230090";

    public const string Direct = "Демо: Яндекс.Директ", Vk = "Демо: VK Реклама", Google = "Демо: Google Ads";

    public const string BloggerCampaign = "blogger_pechat";

    private static readonly string[] Printing = ["типография москва", "печать листовок", "полиграфия недорого", "заказать буклеты", "печать каталогов цена", "офсетная печать"];
    private static readonly string[] Cards = ["визитки срочно", "печать визиток за час", "визитки москва", "визитки с тиснением"];

    public static IReadOnlyList<StoryWay> Ways { get; } =
    [
        Yandex("Поиск_Полиграфия_Москва", "71000001", 0.16, 0.055, 0.42, 96, Printing) with { Repeats = 0.3 },
        Yandex("Поиск_Визитки_Срочно", "71000002", 0.09, 0.065, 0.5, 84, Cards) with { First = 0.5, Repeats = 0.15 },
        // Looks like a loss on first orders; its clients come again and again.
        Yandex("РСЯ_Каталоги", "71000003", 0.08, 0.033, 0.3, 58, ["каталог продукции", "печать каталогов"]) with { First = 0.2, Repeats = 0.8, Later = 4 },
        // Its links were never filled in: {keyword} stands where the phrase should.
        Yandex("РСЯ_Ретаргетинг", "71000004", 0.04, 0.03, 0.4, 31, ["{keyword}"]),
        // Paid for, and nobody asks for anything.
        Yandex("РСЯ_Охват", "71000005", 0.05, 0, 0, 16, []),
        Social("vk_konkurs_skidki", 0.11, 0.06, 0.14, 64) with { AtPrice = 0.85, First = 0.6, Repeats = 0.1 },
        // The promotion of every autumn.
        Social("vk_akciya_kalendari", 0.07, 0.08, 0.4, 47) with { Months = [10, 11, 12], Query = Tags("vk", "cpc", "vk_akciya_kalendari", "&promo=kalendari") },
        new("search_poligrafiya_msk", Tags("google", "cpc", "search_poligrafiya_msk", "&utm_term=%k&gclid=EAIaIQobChMI%n"), 0.05, 0.045, 0.38) { Cabinet = Google, CampaignId = "19000000001", Click = 78, Keywords = Printing },
        // No cabinet knows this campaign, and its links are marked with haste.
        new("Летняя_распродажа_листовки", $"?utm_source=Yandex%20&utm_medium=CPC&amp;utm_campaign={Uri.EscapeDataString("Летняя_распродажа_листовки")}", 0.04, 0.05, 0.35) { Months = [6, 7, 8] },
        new(BloggerCampaign, Tags("telegram", "post", BloggerCampaign), 0.03, 0.06, 0.3) { Months = [3, 9, 11] },
        new("Рассылка", Tags("email", "email", "digest"), 0.03, 0.04, 0.55) { Repeats = 0.5 },
        new("Яндекс", "", 0.17, 0.045, 0.42) { Referrer = "https://yandex.ru/" },
        new("Google", "", 0.06, 0.04, 0.4) { Referrer = "https://www.google.com/" },
        new("Карты", Tags("yandex", "maps", "karty"), 0.04, 0.08, 0.5),
        new("Каталог фирм", "", 0.02, 0.03, 0.3) { Referrer = "https://katalog-firm.example/" },
        new("ChatGPT", "", 0.01, 0.06, 0.45) { Referrer = "https://chatgpt.com/" },
        new("Прямые", "", 0.12, 0.05, 0.5) { Repeats = 0.45 },
    ];

    public static IReadOnlyList<StoryManager> Managers { get; } =
    [
        new(32, "Борис Менеджер", 8, 0.04, 1.1), new(33, "Вера Менеджер", 14, 0.05, 1.15), new(34, "Глеб Менеджер", 35, 0.08, 1),
        // Answers after hours, and closes the fewest.
        new(35, "Дарья Менеджер", 420, 0.2, 0.65),
    ];

    public static IReadOnlyList<StoryProduct> Products { get; } =
    [
        new(8001, "Визитки, 500 шт.", 1900, 0.24), new(8002, "Листовки А5, 1000 шт.", 4200, 0.2), new(8003, "Буклеты, 500 шт.", 7400, 0.14), new(8004, "Каталоги, 100 шт.", 23500, 0.08),
        new(8005, "Баннер, 3×2 м", 5600, 0.12), new(8006, "Наклейки, 1000 шт.", 3300, 0.1), new(8007, "Календари, 100 шт.", 11800, 0.07), new(8008, "Упаковка, 300 шт.", 16900, 0.05),
    ];

    public const long TooDear = 61;

    /// <summary>Beside <see cref="TooDear"/>.</summary>
    public static IReadOnlyList<(long Id, string Name)> Reasons { get; } = [(62, "Пропала потребность"), (63, "Выбрали других"), (64, "Не устроили сроки"), (65, "Не отвечает"), (66, "Возврат")];

    public const long Refund = 66;

    /// <summary>Ends of the stages that deals of the main pipeline go through.</summary>
    public static IReadOnlyList<long> Stages { get; } = [9102, 9103, 9104, 9105];

    public const long Main = 9100, Again = 9200, Won = 142, Lost = 143;

    public static IReadOnlyList<string> Names { get; } = ["Анна", "Борис", "Виктор", "Галина", "Денис", "Елена", "Жанна", "Игорь", "Кирилл", "Лариса", "Мария", "Николай", "Ольга", "Павел", "Роман", "Светлана", "Тимур", "Юлия"];

    private static StoryWay Yandex(string campaign, string id, double share, double leads, double wins, double click, string[] keywords) =>
        new(campaign, Tags("yandex", "cpc", campaign, $"&utm_content={id}&utm_term=%k&yclid=%n"), share, leads, wins) { Cabinet = Direct, CampaignId = id, Click = click, Keywords = keywords };

    private static StoryWay Social(string campaign, double share, double leads, double wins, double click) =>
        new(campaign, Tags("vk", "cpc", campaign), share, leads, wins) { Cabinet = Vk, Click = click };

    private static string Tags(string source, string medium, string campaign, string more = "") => $"?utm_source={source}&utm_medium={medium}&utm_campaign={Uri.EscapeDataString(campaign)}{more}";
}
