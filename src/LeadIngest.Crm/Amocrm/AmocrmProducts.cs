using System.Text.Json;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Reading;

namespace LeadIngest.Crm.Amocrm;

/// <summary>Products in the deals of amoCRM. A card names elements of catalogues only; their names and prices are asked for once and remembered for a while.</summary>
internal sealed class AmocrmProducts(AmocrmClient client)
{
    private const int IdsARequest = 100;
    private const int MostRemembered = 20_000;

    private readonly Dictionary<(string Catalog, string Id), (string? Name, decimal? Price)> _known = [];

    /// <summary>Asks for the elements of these cards that are not known yet.</summary>
    /// <returns>Null, or why not now. Elements that may not be seen stay without names.</returns>
    public async Task<DealsRead?> LearnAsync(IReadOnlyList<JsonElement> rows, ICallGuard guard, CancellationToken ct)
    {
        if (_known.Count > MostRemembered)
        {
            _known.Clear();
        }

        var missing = rows.SelectMany(Elements).Select(e => (e.Catalog, e.Id)).Distinct().Where(e => !_known.ContainsKey(e)).GroupBy(e => e.Catalog);
        foreach (var catalog in missing)
        {
            foreach (var part in catalog.Chunk(IdsARequest))
            {
                var ids = string.Concat(part.Select(e => $"&filter[id][]={e.Id}"));
                var end = await client.GetInBackgroundAsync($"catalogs/{catalog.Key}/elements?limit=250{ids}", guard, ct).ConfigureAwait(false);
                if (end is not (CallEnd.Ok or CallEnd.Data or CallEnd.AccountBlocked) && end.Status != 404)
                {
                    return end.ToDealsRead();
                }

                foreach (var element in part)
                {
                    _known[element] = (null, null);
                }

                foreach (var row in (end as CallEnd.Ok)?.Body.Get("_embedded").Get("elements").Items() ?? [])
                {
                    if (AmocrmRows.Id(row.Get("id")) is { } id)
                    {
                        _known[(catalog.Key, id)] = (Words.Bound(row.Get("name").Text(), 300, oneLine: true), Price(row));
                    }
                }
            }
        }

        return null;
    }

    public IReadOnlyList<RemoteProduct> Of(JsonElement deal) =>
    [
        .. Elements(deal).Select(e =>
        {
            var (name, price) = _known.GetValueOrDefault((e.Catalog, e.Id));
            return new RemoteProduct(e.Id, name, price, e.Quantity);
        }),
    ];

    private static IEnumerable<(string Catalog, string Id, decimal Quantity)> Elements(JsonElement deal) =>
        from element in deal.Get("_embedded").Get("catalog_elements").Items()
        let id = AmocrmRows.Id(element.Get("id"))
        let catalog = AmocrmRows.Id(element.Get("metadata").Get("catalog_id"))
        where id is not null && catalog is not null
        select (catalog, id, AmocrmRows.Money(element.Get("metadata").Get("quantity")) ?? 1);

    private static decimal? Price(JsonElement element) => element.Get("custom_fields_values").Items().Where(f => f.Get("field_code").Text() == "PRICE")
        .SelectMany(f => f.Get("values").Items()).Select(v => AmocrmRows.Money(v.Get("value"))).FirstOrDefault();
}
