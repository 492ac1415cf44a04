namespace LeadIngest.Api.Features.Reports.Team.Tags;

/// <summary>What to do about a fault of marking, by its group in <c>Core/Metrics/Data/tag-faults.csv</c>.</summary>
internal static class TagAdvice
{
    private static readonly Dictionary<string, (string Ru, string En)> ByGroup = new(StringComparer.Ordinal)
    {
        ["macros"] = ("Проверьте макросы в ссылке объявления: у каждой площадки свой синтаксис ({keyword} в Директе, {{banner_id}} в VK Рекламе), и подставляет их только сама площадка.",
            "Check the macros in the ad's link: each platform has its own syntax ({keyword} in Yandex Direct, {{banner_id}} in VK Ads), and only the platform itself fills them in."),
        ["missing"] = ("Допишите в ссылку недостающую метку; utm_source и utm_medium нужны всегда.", "Add the tag that is missing; utm_source and utm_medium are always needed."),
        ["encoding"] = ("Соберите ссылку заново: значения латиницей или в UTF-8, закодированные один раз. Чаще всего виноват редактор ссылок или сервис рассылок.",
            "Build the link anew: values in Latin letters or UTF-8, encoded once. Mostly a link editor or a mailing service is to blame."),
        ["spelling"] = ("Исправьте написание в кабинете: строчные латинские буквы, без пробелов.", "Mend the spelling in the cabinet: lower-case Latin letters, no spaces."),
        ["structure"] = ("Исправьте адрес: один знак ? перед метками, между ними &, метки до решётки #.", "Mend the address: one ? before the tags, & between them, tags before the #."),
        ["cut"] = ("Сократите значения: длинные ссылки обрезают площадки и сокращатели.", "Shorten the values: platforms and shorteners cut long links."),
        ["conflict"] = ("Уберите лишние метки: автоматическая разметка площадки спорит с вписанной вручную.", "Remove surplus tags: the platform's automatic marking contradicts the one made by hand."),
        ["noise"] = ("Ничего делать не нужно.", "Nothing has to be done."),
    };

    public static string Of(string group, string? lang) => lang == "en" ? ByGroup[group].En : ByGroup[group].Ru;
}
