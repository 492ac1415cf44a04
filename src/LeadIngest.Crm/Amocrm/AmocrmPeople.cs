using System.Globalization;
using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>Who answers for contacts that are known.</summary>
internal sealed class AmocrmPeople(AmocrmClient client)
{
    private const int PageSize = 250;

    /// <summary>
    /// One request for all. The filter is a paid part of an account and ignored elsewhere, so rows are checked, and contacts that it did not bring are
    /// read one by one.
    /// </summary>
    /// <returns>By contact; those without a row are gone. Or how the reading failed.</returns>
    public async Task<(IReadOnlyDictionary<string, int> Users, CallEnd? Failure)> ResponsibleAsync(IReadOnlyList<string> contacts, ICallGuard guard, CancellationToken ct)
    {
        var users = new Dictionary<string, int>();
        var missing = contacts.Distinct().ToHashSet();
        if (missing.Count > 1)
        {
            var list = await client.GetAsync($"contacts?limit={PageSize}{string.Concat(missing.Select(c => $"&filter[id][]={c}"))}", guard, ct).ConfigureAwait(false);
            if (list is not CallEnd.Ok rows)
            {
                return (users, list.AfterRead());
            }

            foreach (var row in rows.Body.Get("_embedded").Get("contacts").Items())
            {
                Take(row);
            }
        }

        foreach (var contact in missing.ToArray())
        {
            var one = await client.GetAsync($"contacts/{contact}", guard, ct).ConfigureAwait(false);
            if (one is CallEnd.Ok { Body: { } row })
            {
                Take(row);
            }
            else if (one is not CallEnd.Ok and not { Status: 404 })
            {
                return (users, one.AfterRead());
            }
        }

        return (users, null);

        void Take(JsonElement row)
        {
            if (row.Get("id").TryId(out var id) && missing.Remove(id)
                && int.TryParse(row.Get("responsible_user_id").Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var user) && user > 0)
            {
                users[id] = user;
            }
        }
    }
}
