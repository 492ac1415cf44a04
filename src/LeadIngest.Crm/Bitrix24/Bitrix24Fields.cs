using System.Text.Json;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Reading;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>The portal's directories with the fields that people have added to its cards, for somebody who sets a connection up.</summary>
internal sealed class Bitrix24Fields(Bitrix24Client client, ConnectionSettings settings) : IDirectoryReader
{
    private static readonly string[] Cards = ["deal", "lead", "contact"];

    public async Task<DirectoriesRead> ReadAsync(ICallGuard guard, CancellationToken ct)
    {
        var read = await new Bitrix24Directories(client, settings, isBackground: false).ReadAsync(guard, ct).ConfigureAwait(false);
        if (read is not DealsRead.Page { Directories: { } directories })
        {
            return read switch
            {
                DealsRead.Failed failed => new DirectoriesRead.Failed(failed.Why, failed.After),
                DealsRead.Refused refused => new DirectoriesRead.Refused(refused.Why),
                DealsRead.CredentialsRefused refused => new DirectoriesRead.Refused(refused.Why),
                DealsRead.AccountBlocked blocked => new DirectoriesRead.Refused(blocked.Why),
                _ => new DirectoriesRead.Failed("The portal's answer cannot be read."),
            };
        }

        var answers = await client.BatchAsync(Cards.ToDictionary(c => c, c => new Bitrix24Command($"crm.{c}.fields")), halt: false, isRead: true, guard, ct).ConfigureAwait(false);
        if (answers.Whole is not CallEnd.Ok)
        {
            return answers.Whole.ToDirectoriesRead();
        }

        var (fields, unread) = (new List<RemoteField>(), new Dictionary<string, string>());
        foreach (var card in Cards)
        {
            if (answers.Of(card) is not CallEnd.Ok { Body: { ValueKind: JsonValueKind.Object } body })
            {
                unread.TryAdd("fields", answers.Of(card) is { Why.Length: > 0 } end ? end.Why : "The portal's answer cannot be read.");
                continue;
            }

            fields.AddRange(body.EnumerateObject().Where(f => f.Name.StartsWith("UF_CRM_", StringComparison.Ordinal)).Select(f => Bitrix24Rows.Field(card, f.Name, f.Value)));
        }

        if (directories.Users is null)
        {
            unread["users"] = "The people of the portal cannot be read. Mostly the scope user is missing: give it to the webhook or to the application.";
        }

        return new DirectoriesRead.Found(new AccountDirectories
        {
            Pipelines = directories.Pipelines ?? [],
            Users = directories.Users,
            Fields = unread.ContainsKey("fields") ? null : fields,
            Unread = unread,
        });
    }
}
