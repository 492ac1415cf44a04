namespace LeadIngest.CrmEmulator.Cabinets;

/// <summary>The last sixty days of a small advertiser, the same for everybody who looks on the same day.</summary>
internal static class UsualSpend
{
    public const int Days = 60;

    private sealed record Plan(long CampaignId, string Campaign, long? GroupId, string? Group, long? AdId, string? Ad, string? Keyword, int ClicksADay, decimal ClickCost, double Rate);

    private static readonly Plan[] Direct =
    [
        new(81234567, "Поиск_CRM_Москва", 5001001, "Внедрение", 71001, "CRM за 14 дней", "внедрение crm цена", 14, 182.40m, 0.11),
        new(81234567, "Поиск_CRM_Москва", 5001001, "Внедрение", 71001, "CRM за 14 дней", "внедрение crm под ключ", 9, 205.10m, 0.10),
        new(81234567, "Поиск_CRM_Москва", 5001002, "amoCRM", 71002, "Настройка amoCRM", "настройка amocrm", 11, 121.70m, 0.13),
        new(81234568, "Поиск_Бренд", 5002001, "Бренд", 72001, "Официальный сайт", "leadingest", 6, 18.30m, 0.34),
        new(81234569, "РСЯ_CRM_Россия", 5003001, "Интересы", 73001, "Сравните CRM", "---autotargeting", 38, 24.90m, 0.006),
        new(81234569, "РСЯ_CRM_Россия", 5003002, "Ретаргетинг", 73002, "Вернитесь за скидкой", "Были на сайте", 12, 31.20m, 0.009),
        new(81234570, "Мастер кампаний", null, null, null, null, null, 17, 42.60m, 0.02),
    ];

    private static readonly Plan[] Vk =
    [
        new(20865519, "VK_Лид-формы", 137881410, "Предприниматели 25–45", 901001, "Видео: CRM за две недели", null, 31, 38.50m, 0.012),
        new(20865519, "VK_Лид-формы", 137881410, "Предприниматели 25–45", 901002, "Карусель: кейсы", null, 18, 41.20m, 0.010),
        new(20865519, "VK_Лид-формы", 137881411, "Похожие на клиентов", 901003, "Отзыв владельца", null, 14, 52.80m, 0.011),
        new(20865520, "VK_Трафик_Сайт", 137881420, "Руководители продаж", 902001, "Калькулятор потерь", null, 26, 29.90m, 0.008),
    ];

    public static IEnumerable<SpentRow> Of(string kind, DateOnly today)
    {
        var plans = kind == CabinetKinds.Direct ? Direct : Vk;
        for (var day = today.AddDays(1 - Days); day <= today; day = day.AddDays(1))
        {
            for (var i = 0; i < plans.Length; i++)
            {
                var plan = plans[i];
                // A pseudo-random number of the day and the row, in 0.75 … 1.25; weekends bring a third.
                var luck = 0.75 + (unchecked((uint)(day.DayNumber * 2_654_435_761u) ^ (uint)(i * 40_503)) % 1_000 / 2_000.0);
                var clicks = (long)Math.Round(plan.ClicksADay * luck * (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.35 : 1));
                yield return new(day, plan.CampaignId, plan.Campaign, plan.GroupId, plan.Group, plan.AdId, plan.Ad, plan.Keyword, (long)(clicks / plan.Rate), clicks,
                    decimal.Round(clicks * plan.ClickCost * (decimal)(2 - luck), 2));
            }
        }
    }
}
