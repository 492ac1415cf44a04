using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>
/// amoCRM's list of events: who moved a deal and when, what its amount was before, calls and messages without a word of what was said, and what was
/// deleted, restored or merged. One stream for all of it.
/// </summary>
internal static class AmocrmEvents
{
    /// <summary>The most that the list gives.</summary>
    public const int PageSize = 100;

    public const string Types = "lead_status_changed,sale_field_changed,incoming_call,outgoing_call,incoming_chat_message,outgoing_chat_message,lead_deleted,lead_restored,entity_merged";

    public static DealsRead.Page Read(IReadOnlyList<JsonElement> rows)
    {
        var (moves, prices, touches, told) = (new List<RemoteMove>(), new List<RemotePrice>(), new List<RemoteTouch>(), new List<ToldOfDeal>());
        foreach (var row in rows)
        {
            if (row.Get("id").Text() is not { } id || AmocrmRows.Id(row.Get("entity_id")) is not { } entity || AmocrmRows.Moment(row.Get("created_at")) is not { } at)
            {
                continue;
            }

            var (type, owner, by) = (row.Get("type").Text(), row.Get("entity_type").Text(), AmocrmRows.Id(row.Get("created_by")));
            var deal = new DealKey(DealKind.Deal, entity);
            switch (type)
            {
                case "lead_status_changed" when Place(row.Get("value_after")) is { } to:
                    moves.Add(new RemoteMove(deal, id, at, to) { From = Place(row.Get("value_before")), By = by });
                    break;
                case "sale_field_changed" when Sale(row.Get("value_after")) is { } price:
                    prices.Add(new RemotePrice(deal, id, at, Sale(row.Get("value_before")) ?? 0, price, by));
                    break;
                case "incoming_call" or "outgoing_call" or "incoming_chat_message" or "outgoing_chat_message" when owner is "lead" or "contact" or "company":
                    touches.Add(new RemoteTouch(id, new RemoteOwner(owner == "lead" ? "deal" : owner, entity), at, type.EndsWith("call", StringComparison.Ordinal) ? "call" : "message",
                        type.StartsWith("in", StringComparison.Ordinal) ? "in" : "out", by));
                    break;
                case "lead_deleted" or "lead_restored" or "entity_merged" when owner is "lead":
                    told.Add(new ToldOfDeal(deal, type switch { "lead_deleted" => "deleted", "lead_restored" => "restored", _ => "merged" }, at));
                    break;
                default:
                    break;
            }
        }

        return new DealsRead.Page { Moves = moves, Prices = prices, Touches = touches, Told = told };
    }

    private static RemotePlace? Place(JsonElement? value)
    {
        var status = First(value).Get("lead_status");
        return status.Get("id").Text() is { } stage ? new RemotePlace(status.Get("pipeline_id").Text(), stage) : null;
    }

    /// <remarks>The names inside are not documented; programs of others agree on these.</remarks>
    private static decimal? Sale(JsonElement? value) => AmocrmRows.Money(First(value).Get("sale_field_value").Get("sale"));

    private static JsonElement? First(JsonElement? value) => value.Items().Select(v => (JsonElement?)v).FirstOrDefault();
}
