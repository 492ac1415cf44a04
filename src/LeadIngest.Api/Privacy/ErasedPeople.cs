using LeadIngest.Api.Ingest;
using LeadIngest.Core.Clients;
using LeadIngest.Crm;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Privacy;

/// <summary>
/// Keeps the import of CRM cards from bringing erased people back: their cards lie in the CRM until a person erases them there. Who has written again since owns his phone again, and is left alone.
/// </summary>
internal sealed class ErasedPeople(ErasureKeys keys)
{
    /// <param name="cards">With what each could be recognised by.</param>
    /// <param name="owned">Identities that are somebody's.</param>
    /// <returns>For each card what it may still be recognised by; nothing for a card of an erased person.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<Identity>>> WithoutAsync(NpgsqlConnection session, Guid project, Guid connection, IReadOnlyList<(ContactKey Key, IReadOnlyList<Identity> Reached)> cards,
        Func<Identity, bool> owned, CancellationToken ct)
    {
        if (await keys.FindAsync(session, null, project, ct) is not { } key) return [.. cards.Select(c => c.Reached)];
        var hashes = cards.SelectMany(c => c.Reached).Where(i => !owned(i)).Distinct().ToDictionary(i => i, i => Convert.ToHexString(ErasureKeys.Hash(key, Identity.Wire(i.Kind), i.Value)));
        var (contacts, erased) = (new HashSet<string>(), new HashSet<ContactKey>());
        await using var command = new NpgsqlCommand(Known, session);
        command.Parameters.Add(Columns.Of(project));
        command.Parameters.Add(Columns.Of(connection));
        command.Parameters.Add(Columns.Of(hashes.Values.Select(Convert.FromHexString).ToArray(), NpgsqlDbType.Bytea));
        command.Parameters.Add(Columns.Of(cards.Select(c => Word(c.Key.Kind)).ToArray(), NpgsqlDbType.Text));
        command.Parameters.Add(Columns.Of(cards.Select(c => c.Key.Id).ToArray(), NpgsqlDbType.Text));
        await using (var rows = await command.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
            {
                if (!rows.IsDBNull(0)) contacts.Add(Convert.ToHexString(rows.GetFieldValue<byte[]>(0)));
                else erased.Add(new ContactKey(rows.GetString(1) == "contact" ? ContactKind.Contact : ContactKind.Company, rows.GetString(2)));
            }
        return [.. cards.Select(card =>
        {
            var isErased = erased.Contains(card.Key) || card.Reached.Any(IsErased);
            if (!isErased) return card.Reached;
            return card.Reached.Any(owned) ? [.. card.Reached.Where(i => !IsErased(i))] : [];
        })];

        bool IsErased(Identity identity) => hashes.TryGetValue(identity, out var hash) && contacts.Contains(hash);
    }

    public static string Word(ContactKind kind) => kind == ContactKind.Contact ? "contact" : "company";

    private const string Known = """
        select hash, null, null from erased_contacts where project_id = $1 and hash = any($3)
        union all
        select null, e.kind, e.remote_id from unnest($4, $5) c (kind, remote_id)
            join erased_cards e on e.project_id = $1 and e.connection_id = $2 and e.kind = c.kind and e.remote_id = c.remote_id
        """;
}
