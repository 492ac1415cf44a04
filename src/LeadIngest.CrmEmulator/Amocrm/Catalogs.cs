using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary><c>/catalogs</c>: one catalogue, that of goods. Read only; people fill it at the door.</summary>
internal static class Catalogs
{
    private const long GoodsId = 1_201;

    public static Answer List(Account account, Call call) => Lists.Whole(call, "catalogs", [GoodsId], (w, id) =>
    {
        w.WriteStartObject();
        w.WriteNumber("id", id);
        w.WriteString("name", "Товары");
        w.WriteString("type", "products");
        w.WriteNumber("account_id", account.Id);
        w.WriteEndObject();
    });

    public static Answer Elements(Account account, Call call, long catalog)
    {
        if (catalog != GoodsId)
            return Problem.Plain(404, "Catalog not found");
        var ids = (call.Query["filter"] as JsonObject)?["id"] is { } wanted ? EntityFilter.Range(wanted) : null;
        return Lists.Page(call, "elements", account.Goods.Rows.Where(g => ids is null || ids(g.Id)), (w, g) => Write(w, account.Id, g));
    }

    /// <summary>A card names elements and how many of each, nothing else.</summary>
    public static void WriteLinked(Utf8JsonWriter w, Lead lead)
    {
        w.WriteStartArray("catalog_elements");
        foreach (var (id, quantity) in lead.Products)
        {
            w.WriteStartObject();
            w.WriteNumber("id", id);
            w.WriteStartObject("metadata");
            w.WriteNumber("quantity", quantity);
            w.WriteNumber("catalog_id", GoodsId);
            w.WriteNull("price_id");
            w.WriteEndObject();
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    /// <summary><c>{"entity":"product","create":{"name","price"}}</c>: a person fills the catalogue.</summary>
    public static CatalogElement Add(Account account, JsonObject given)
    {
        var element = new CatalogElement(account.Goods.NextId(), Json.Text(given["name"]) ?? "Товар", Json.Decimal(given["price"]) ?? 0);
        account.Goods.Add(element);
        return element;
    }

    /// <summary><c>{"entity":"deal","id":1,"products":[{"id":7001,"quantity":2}]}</c>: a person puts goods into a deal.</summary>
    public static bool Link(Account account, Lead lead, JsonArray products)
    {
        var rows = products.OfType<JsonObject>().Select(p => (ElementId: Json.Integer(p["id"]) ?? 0, Quantity: Json.Decimal(p["quantity"]) ?? 1)).ToArray();
        if (rows.Any(r => account.Goods.Find(r.ElementId) is null))
            return false;
        lead.Products = rows;
        return true;
    }

    private static void Write(Utf8JsonWriter w, long accountId, CatalogElement element)
    {
        w.WriteStartObject();
        w.WriteNumber("id", element.Id);
        w.WriteString("name", element.Name);
        w.WriteNumber("catalog_id", GoodsId);
        w.WriteBoolean("is_deleted", false);
        w.WriteStartArray("custom_fields_values");
        w.WriteStartObject();
        w.WriteNumber("field_id", 700_901);
        w.WriteString("field_code", "PRICE");
        w.WriteString("field_type", "price");
        w.WriteStartArray("values");
        w.WriteStartObject();
        w.WriteString("value", Json.Of(element.Price));
        w.WriteEndObject();
        w.WriteEndArray();
        w.WriteEndObject();
        w.WriteEndArray();
        w.WriteNumber("account_id", accountId);
        w.WriteEndObject();
    }
}
