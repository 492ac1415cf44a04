using System.Text.Json.Nodes;

namespace LeadIngest.Api.Demo.History;

/// <summary>The CRM's side of a history: what the emulator's door <c>/_seed/amocrm</c> takes.</summary>
internal static class HistoryCards
{
    /// <summary>The field of a deal that names our lead, as the connector makes it.</summary>
    private const string OurField = "LEADINGEST_ID";

    /// <param name="deals">With our lead that each came of, if any.</param>
    /// <param name="tasks">Of these deals.</param>
    public static JsonObject Past(IReadOnlyList<(PlannedDeal Deal, Guid? Lead)> deals, IReadOnlyList<PlannedTask> tasks)
    {
        var people = deals.Select(d => d.Deal.Person).OfType<PlannedPerson>().Distinct().OrderBy(p => p.Number).ToList();
        var since = deals.Where(d => d.Deal.Person is not null).GroupBy(d => d.Deal.Person!).ToDictionary(g => g.Key, g => g.Min(d => d.Deal.At));
        return new JsonObject
        {
            ["past"] = new JsonObject
            {
                ["users"] = Array(Story.Managers, m => new JsonObject { ["id"] = m.Id, ["name"] = m.Name }),
                ["loss_reasons"] = Array(Story.Reasons, r => new JsonObject { ["id"] = r.Id, ["name"] = r.Name }),
                ["fields"] = new JsonArray(new JsonObject { ["code"] = OurField, ["name"] = "LeadIngest ID" }),
                ["products"] = Array(Story.Products, p => new JsonObject { ["id"] = p.Id, ["name"] = p.Name, ["price"] = p.Price }),
                ["contacts"] = Array(people, p => new JsonObject
                {
                    ["id"] = p.ContactId,
                    ["name"] = p.Name,
                    ["phone"] = p.Phone,
                    ["email"] = p.Email,
                    ["created_at"] = since[p].ToUnixTimeSeconds(),
                    ["responsible_user_id"] = p.Manager.Id,
                }),
                ["deals"] = Array(deals, d => Card(d.Deal, d.Lead)),
                ["tasks"] = Array(tasks, t => new JsonObject
                {
                    ["id"] = t.Id,
                    ["deal_id"] = t.Deal.Id,
                    ["text"] = "Связаться с клиентом",
                    ["created_at"] = t.At.ToUnixTimeSeconds(),
                    ["complete_till"] = t.Due.ToUnixTimeSeconds(),
                    ["responsible_user_id"] = t.Deal.By.Id,
                    ["done_at"] = t.Done?.ToUnixTimeSeconds(),
                }),
            },
        };
    }

    private static JsonObject Card(PlannedDeal deal, Guid? lead) => new()
    {
        ["id"] = deal.Id,
        ["name"] = deal.Name,
        ["created_at"] = deal.At.ToUnixTimeSeconds(),
        ["responsible_user_id"] = deal.By.Id,
        ["created_by"] = deal.IsByHand ? deal.By.Id : 0,
        ["pipeline_id"] = deal.Pipeline,
        ["status_id"] = deal.Stage,
        ["loss_reason_id"] = deal.LostReason,
        ["contact_ids"] = deal.Person is null ? [] : new JsonArray(deal.Person.ContactId),
        ["fields"] = lead is { } id ? new JsonObject { [OurField] = id.ToString() } : [],
        ["moves"] = Array(deal.Moves, m => new JsonObject { ["at"] = m.At.ToUnixTimeSeconds(), ["status_id"] = m.Stage, ["by"] = deal.By.Id }),
        ["prices"] = Array(deal.Prices, p => new JsonObject { ["at"] = p.At.ToUnixTimeSeconds(), ["price"] = p.Price, ["by"] = deal.By.Id }),
        ["touches"] = Array(deal.Touches, t => new JsonObject
        {
            ["at"] = t.At.ToUnixTimeSeconds(),
            ["kind"] = t.Kind,
            ["by"] = t.Kind == "chat_in" ? 0 : deal.By.Id,
            ["phone"] = deal.Person?.Phone,
            ["seconds"] = t.Seconds,
        }),
        ["products"] = Array(deal.Products, p => new JsonObject { ["id"] = p.Product.Id, ["quantity"] = p.Quantity }),
    };

    private static JsonArray Array<T>(IEnumerable<T> rows, Func<T, JsonObject> row) => [.. rows.Select(r => (JsonNode?)row(r))];
}
