using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Reading;

namespace LeadIngest.Crm.Amocrm;

/// <summary>
/// Contacts and companies of an amoCRM account. Pages are asked for without filters: these are a paid add-on, and where it is missing they are passed
/// over in silence. All cards come by rising id; changed ones by falling time of change, which ends at the first older one.
/// </summary>
internal sealed class AmocrmContacts(AmocrmClient client) : IContactReader
{
    private const int PageSize = 250;

    /// <summary>The most that the list of events gives.</summary>
    private const int EventsAPage = 100;

    private const string Logged = "contact_deleted,contact_restored,company_deleted,company_restored,entity_merged";

    /// <summary>Each id is a request of its own, and a lead may be waiting behind them.</summary>
    private const int KeysACall = 5;

    private static readonly string[] Events =
    [
        .. new[] { "add", "update", "delete", "restore" }.SelectMany(e => new[] { $"{e}_contact", $"{e}_company", $"{e}_lead" }),
        "status_lead", "responsible_lead",
    ];

    public async Task<ContactsRead> ReadAsync(ContactQuery query, ICallGuard guard, CancellationToken ct)
    {
        var page = int.TryParse(query.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : 1;
        var order = query.Since is null ? "order[id]=asc" : "order[updated_at]=desc";
        var end = await client.GetInBackgroundAsync($"{Path(query.Kind)}?limit={PageSize}&page={page}&{order}", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok answer)
        {
            return end.ToRead();
        }

        var rows = answer.Body.Get("_embedded").Get(Path(query.Kind)).Items().Select(r => Contact(query.Kind, r)).OfType<RemoteContact>().ToList();
        var hasNext = answer.Body.Get("_links").Get("next") is not null;
        if (query.Since is { } since)
        {
            // A page that begins with what is new enough may end with what is not: then nothing newer follows.
            var seen = rows.Count;
            rows.RemoveAll(r => r.UpdatedAt < since);
            hasNext &= rows.Count == seen;
        }

        return new ContactsRead.Page(rows, hasNext ? (page + 1).ToString(CultureInfo.InvariantCulture) : null);
    }

    public async Task<ContactsRead> GetAsync(IReadOnlyList<ContactKey> keys, ICallGuard guard, CancellationToken ct)
    {
        var (found, gone) = (new List<RemoteContact>(), new List<ContactKey>());
        foreach (var key in keys.Take(KeysACall))
        {
            var end = await client.GetInBackgroundAsync($"{Path(key.Kind)}/{key.Id}", guard, ct).ConfigureAwait(false);
            if (end is CallEnd.Ok answer)
            {
                if (answer.Body is { } body && Contact(key.Kind, body) is { } contact && body.Get("is_deleted").Text() is not "true")
                {
                    found.Add(contact);
                }
                else
                {
                    gone.Add(key);
                }
            }
            else if (found.Count + gone.Count == 0)
            {
                return end.ToRead();
            }
            else
            {
                break;
            }
        }

        return new ContactsRead.Page(found, null) { Gone = gone };
    }

    /// <remarks>Newest first. The filters of events are no paid add-on; a list that passes them over is left at its first older row all the same.</remarks>
    public async Task<ContactsRead> ReadLogAsync(DateTimeOffset since, string? cursor, ICallGuard guard, CancellationToken ct)
    {
        var page = int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : 1;
        var end = await client.GetInBackgroundAsync(
            $"events?limit={EventsAPage}&page={page}&filter[type]={Logged}&filter[created_at]={since.ToUnixTimeSeconds()}", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok answer)
        {
            return end.ToRead();
        }

        var (gone, told) = (new List<ContactKey>(), new List<ContactKey>());
        var rows = answer.Body.Get("_embedded").Get("events").Items().ToList();
        var isOver = false;
        foreach (var row in rows)
        {
            isOver |= JsonRead.Number(row.Get("created_at")) < since.ToUnixTimeSeconds();
            if (row.Get("entity_id").TryId(out var id) && row.Get("entity_type").Text() is "contact" or "company")
            {
                var key = new ContactKey(row.Get("entity_type").Text() == "contact" ? ContactKind.Contact : ContactKind.Company, id);
                (row.Get("type").Text() is "contact_deleted" or "company_deleted" ? gone : told).Add(key);
            }
        }

        var hasNext = !isOver && answer.Body.Get("_links").Get("next") is not null;
        return new ContactsRead.Page([], hasNext ? (page + 1).ToString(CultureInfo.InvariantCulture) : null) { Gone = [.. gone.Distinct()], Told = [.. told.Distinct()] };
    }

    public async Task<HookSubscription> SubscribeAsync(Uri address, ICallGuard guard, CancellationToken ct)
    {
        var end = await client.GetInBackgroundAsync($"webhooks?filter[destination]={Uri.EscapeDataString(address.AbsoluteUri)}", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok listed)
        {
            return end.ToSubscription();
        }

        var own = listed.Body.Get("_embedded").Get("webhooks").Items().Where(h => h.Get("destination").Text() == address.AbsoluteUri).ToArray();
        if (own.Any(h => h.Get("disabled").Text() == "true"))
        {
            return new HookSubscription("disabled", "amoCRM has switched the webhook off after too many failures. Switch it on in its settings: Integrations, webhooks.");
        }

        if (own.Any(h => Events.All(e => h.Get("settings").Items().Any(s => ((JsonElement?)s).Text() == e))))
        {
            return new HookSubscription("on");
        }

        var settings = new JsonArray([.. Events.Select(e => (JsonNode)e)]);
        var made = await client.PostObjectAsync("webhooks", new JsonObject { ["destination"] = address.AbsoluteUri, ["settings"] = settings }, guard, ct).ConfigureAwait(false);
        return made is CallEnd.Ok ? new HookSubscription("on") : made.ToSubscription();
    }

    private static string Path(ContactKind kind) => kind == ContactKind.Contact ? "contacts" : "companies";

    private static RemoteContact? Contact(ContactKind kind, JsonElement row)
    {
        if (!row.Get("id").TryId(out var id))
        {
            return null;
        }

        var at = JsonRead.Number(row.Get("updated_at")) is { } seconds and > 0 and < 4e9 ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : (DateTimeOffset?)null;
        return new RemoteContact(new ContactKey(kind, id), row.Get("name").Text(), Values(row, "PHONE"), Values(row, "EMAIL"), at);
    }

    private static IReadOnlyList<string> Values(JsonElement row, string code) =>
    [
        .. row.Get("custom_fields_values").Items().Where(f => f.Get("field_code").Text() == code)
            .SelectMany(f => f.Get("values").Items()).Select(v => v.Get("value").Text()).OfType<string>(),
    ];
}
