using System.Globalization;

namespace LeadIngest.Crm.Cards;

/// <summary>What a manager reads of the visit before the enquiry.</summary>
internal static class VisitCard
{
    private const int MostPages = 5;

    /// <summary>Label to value, empty values included: the caller leaves them out.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Lines(OutgoingVisit? visit) => visit is null
        ? []
        :
        [
            new("Визит начат", CallCard.Moment(visit.StartedAt)),
            new("Просмотрено страниц", visit.PageViews > 0 ? visit.PageViews.ToString(CultureInfo.InvariantCulture) : ""),
            new("Время на сайте", visit.Seconds > 0 ? CallCard.Length(visit.Seconds) : ""),
            new("Первые страницы", string.Join(" → ", visit.Pages.Take(MostPages))),
            new("ClientID Метрики", visit.YandexClientId ?? ""),
            new("ClientID Google Analytics", visit.GoogleClientId ?? ""),
        ];
}
