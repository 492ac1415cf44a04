using System.Text.Json;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Reading;

namespace LeadIngest.Crm.Amocrm;

/// <summary>Pipelines, people and custom fields of an account, for somebody who sets a connection up.</summary>
internal sealed class AmocrmDirectories(AmocrmClient client) : IDirectoryReader
{
    private const int MostUserPages = 20;
    private const int MostFieldPages = 40;

    public async Task<DirectoriesRead> ReadAsync(ICallGuard guard, CancellationToken ct)
    {
        var end = await client.GetAsync("leads/pipelines", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok answer)
        {
            return end.ToDirectoriesRead();
        }

        var unread = new Dictionary<string, string>();
        var (users, failure) = await ListAsync("users", MostUserPages, "users", unread, guard, ct).ConfigureAwait(false);
        if (failure is not null)
        {
            return failure;
        }

        var fields = new List<RemoteField>();
        foreach (var (of, noun) in new[] { ("deal", "leads"), ("contact", "contacts") })
        {
            (var rows, failure) = await ListAsync($"{noun}/custom_fields", MostFieldPages, "fields", unread, guard, ct).ConfigureAwait(false);
            if (failure is not null)
            {
                return failure;
            }

            fields.AddRange((rows ?? []).Select(r => AmocrmRows.Field(r, of)).OfType<RemoteField>());
        }

        return new DirectoriesRead.Found(new AccountDirectories
        {
            Pipelines = [.. answer.Body.Get("_embedded").Get("pipelines").Items().Select(AmocrmRows.Pipeline).OfType<RemotePipeline>().OrderBy(p => p.Sort)],
            Users = users is null ? null : [.. users.Select(AmocrmRows.User).OfType<RemoteUser>()],
            Fields = unread.ContainsKey("fields") ? null : fields,
            Unread = unread,
        });
    }

    /// <returns>Null rows: this login has no right to the list. People are an administrator's.</returns>
    private async Task<(List<JsonElement>? Rows, DirectoriesRead? Failure)> ListAsync(string path, int most, string list, Dictionary<string, string> unread, ICallGuard guard, CancellationToken ct)
    {
        var (rows, failure) = await AmocrmPages.ReadAsync(p => client.GetAsync(p, guard, ct), path, most).ConfigureAwait(false);
        switch (failure)
        {
            case CallEnd.AccountBlocked or CallEnd.Data:
                unread.TryAdd(list, failure.Why);
                return (null, null);
            case null:
                return (rows, null);
            default:
                return (null, failure.ToDirectoriesRead());
        }
    }
}
