using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LeadIngest.Resilience.Load;

/// <summary>One lead to be sent.</summary>
/// <param name="Marker">Tells this lead from all others: it travels as the comment.</param>
/// <param name="Key">The Idempotency-Key of every attempt.</param>
/// <param name="SharedPhone">E.164; null for a person who comes only once.</param>
internal sealed record PlannedLead(string Marker, string Key, string Form, string? SharedPhone, byte[] Body);

/// <summary>
/// Makes the leads of a scenario: mostly people who come once, and among them a few who come again and again, each time spelling their
/// phone another way and through one of three forms.
/// </summary>
/// <param name="sharedLeads">Leads of people who come again.</param>
/// <param name="everyNth">One of so many leads is theirs.</param>
/// <param name="sharedPeople">How many they are.</param>
internal sealed class LeadPlan(string scenario, int seed, int sharedLeads = 200, int everyNth = 4, int sharedPeople = 20)
{
    private static readonly string[] Forms = ["callback", "price", "order"];
    private static readonly string[] Names = ["Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Игорь"];
    private static readonly string[] Campaigns = ["Поиск_CRM_Москва", "brand", "retarget-2026", "спб%20осень"];
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Random _dice = new(seed);
    private int _made;
    private int _shared;

    public PlannedLead Next()
    {
        var index = _made++;
        var marker = $"{scenario}-{index:D6}";
        var isShared = _shared < sharedLeads && index % everyNth == everyNth - 1;
        if (isShared) _shared++;
        var person = _dice.Next(sharedPeople);
        var form = Forms[_dice.Next(Forms.Length)];
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            name = isShared ? $"Постоянный {person}" : $"{Names[_dice.Next(Names.Length)]} {index}",
            phone = isShared ? Spelling($"926000{person:D4}") : $"+7 916 {index / 10000 % 1000:D3}-{index / 100 % 100:D2}-{index % 100:D2}",
            email = isShared || _dice.Next(2) == 0 ? null : $"{marker}@example.ru",
            comment = marker,
            page = $"https://shop.example.ru/?utm_source=yandex&utm_medium=cpc&utm_campaign={Campaigns[_dice.Next(Campaigns.Length)]}&utm_term=crm",
            formId = form,
            formName = "Форма " + form,
            fields = new Dictionary<string, string> { ["budget"] = _dice.Next(10, 500).ToString(CultureInfo.InvariantCulture) + " 000" },
        }, Wire);
        return new PlannedLead(marker, $"{marker}-{seed}", form, isShared ? $"+7926000{person:D4}" : null, body);
    }

    /// <param name="number">Ten digits without the country.</param>
    private string Spelling(string number) => _dice.Next(5) switch
    {
        0 => "+7" + number,
        1 => "8" + number,
        2 => $"8 ({number[..3]}) {number[3..6]}-{number[6..8]}-{number[8..]}",
        3 => $"+7 {number[..3]} {number[3..6]} {number[6..8]} {number[8..]}",
        _ => $"7-{number[..3]}-{number[3..6]}-{number[6..]}",
    };
}
