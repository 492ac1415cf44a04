using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Privacy;
using LeadIngest.Core.Clients;
using LeadIngest.Core.Identities;
using LeadIngest.Crm;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Import;

/// <param name="Identities">That became somebody's.</param>
/// <param name="Skipped">Cards that joined nobody: nothing to reach them by, or too much.</param>
internal readonly record struct WrittenContacts(int Identities, int Skipped);

/// <param name="Cards">As they were read.</param>
/// <param name="Gone">Cards that are not there any more.</param>
/// <param name="Changed">Those of the cards that the CRM, or a webhook, named as changed: they may have swallowed others.</param>
internal sealed record CardsToWrite(IReadOnlyList<RemoteContact> Cards, IReadOnlyList<ContactKey> Gone, IReadOnlySet<ContactKey> Changed)
{
    private static readonly HashSet<ContactKey> None = [];

    public CardsToWrite(IReadOnlyList<RemoteContact> cards) : this(cards, [], None) { }
}

/// <summary>
/// Makes clients of a page of CRM cards, in one transaction with whatever the caller wants to remember of it. Under the same optimistic scheme as leads:
/// what was read before and is stale by now (a lead of the same person arrived) fails the transaction, and the page is looked up again.
/// </summary>
internal sealed class ContactWriter(NpgsqlDataSource db, SemaphoreSlim places, ErasedPeople erased, TimeProvider clock)
{
    private const int Attempts = 8;

    /// <param name="connection">Whose cards these are.</param>
    /// <param name="page">A card that comes twice is the same card.</param>
    /// <param name="remember">The caller's statements, last in the transaction; made anew for each attempt.</param>
    /// <param name="ct">Between attempts only.</param>
    /// <exception cref="PostgresException">It stayed stale: mostly the lease is lost.</exception>
    public async Task<WrittenContacts> WriteAsync(ConnectionRow connection, CardsToWrite page, Func<WrittenContacts, IEnumerable<NpgsqlBatchCommand>> remember, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await places.WaitAsync(ct);
            try
            {
                await using var session = await db.OpenConnectionAsync(ct);
                var plan = await PlanAsync(session, connection, page, ct);
                var written = new WrittenContacts(plan.Identities.Count, plan.Skipped);
                await using var batch = new NpgsqlBatch(session);
                plan.AddTo(batch, connection.ProjectId);
                if (page.Gone.Count > 0) batch.BatchCommands.Add(LookAgain.AtGone(connection, page.Gone));
                if (plan.Suspects.Count > 0) batch.BatchCommands.Add(LookAgain.At(connection, LookAgain.Recheck, [.. plan.Suspects]));
                foreach (var command in remember(written)) batch.BatchCommands.Add(command);
                await batch.ExecuteNonQueryAsync(CancellationToken.None);
                return written;
            }
            catch (PostgresException e) when (attempt < Attempts && DatabaseFaults.IsContended(e))
            {
                // Read again below.
            }
            finally
            {
                places.Release();
            }
            await Task.Delay(Random.Shared.Next(1, 10 * attempt), ct);
        }
    }

    private sealed record ReadCard(RemoteContact Card, Identity Identity, IReadOnlyList<Identity> Reached);

    private async Task<ContactPlan> PlanAsync(NpgsqlConnection session, ConnectionRow connection, CardsToWrite page, CancellationToken ct)
    {
        var (country, shared) = await RulesAsync(session, connection.ProjectId, ct);
        var plan = new ContactPlan();
        var read = page.Cards.DistinctBy(c => c.Key)
            .Select(c => new ReadCard(c, new Identity(IdentityKind.CrmContact, CardIdentity.Of(connection.Id, c.Key)), Reached(c, country, shared))).ToList();
        var gone = page.Gone.Where(k => k.Kind == ContactKind.Contact).Select(k => (connection.Id, k.Id)).ToHashSet();
        var known = new Knowledge();
        await BatchLookup.OwnersAsync(session, connection.ProjectId, [.. read.SelectMany(r => r.Reached.Append(r.Identity))], known, ct);
        var reachable = await erased.WithoutAsync(session, connection.ProjectId, connection.Id, [.. read.Select(r => (r.Card.Key, r.Reached))], known.Owners.ContainsKey, ct);
        read = [.. read.Zip(reachable, (r, reached) => r with { Reached = reached })];
        await VersionsAsync(session, connection.ProjectId, known, ct);
        var book = new ClientBook();
        foreach (var (identity, owner) in known.Owners) book.Know(identity, known.Clients[owner]);
        foreach (var (card, identity, reached) in read)
        {
            if (reached.Count == 0)
            {
                plan.Skipped++;
                // Nobody can be recognised by it, now or later: a client of its own would only be in the way. One that is known already stays.
                if (book.Owner(identity) is null) continue;
            }
            var claimants = book.Claimants([identity, .. reached]);
            ContactResolution resolution;
            if (card.Key.Kind == ContactKind.Company) resolution = book.AttachFirm(identity, reached, NewId);
            else
            {
                if (claimants.Count > 1 || (claimants.Count == 1 && book.Owner(identity) is null))
                {
                    await BatchLookup.FactsAsync(session, connection.ProjectId, claimants, ct);
                    foreach (var claimant in claimants) claimant.Facts = claimant.Facts?.Without(gone);
                }
                resolution = book.AttachPerson(new ContactCard(identity, connection.Id, card.Key.Id), reached, NewId);
                if (page.Changed.Contains(card.Key))
                    foreach (var doubt in resolution.Doubts) Suspect(plan, connection.Id, book.Find(doubt.ClientB), page);
            }
            plan.Add(resolution, book.Find(resolution.ClientId)!, PersonName(card.Name), NewId);
        }
        return plan;
    }

    /// <summary>A card that has taken over a phone of another one's client may have swallowed that card; where the CRM lists no deletions this is how it is noticed.</summary>
    private static void Suspect(ContactPlan plan, Guid connection, KnownClient? client, CardsToWrite page)
    {
        var present = page.Cards.Select(c => c.Key).ToHashSet();
        foreach (var (_, contact) in (client?.Facts ?? MergeFacts.None).Contacts.Where(c => c.Connection == connection))
            if (plan.Suspects.Count < LookAgain.MostAtOnce && !present.Contains(new ContactKey(ContactKind.Contact, contact)))
                plan.Suspects.Add(new ContactKey(ContactKind.Contact, contact));
    }

    private Guid NewId() => Guid.CreateVersion7(clock.GetUtcNow());

    private static string? PersonName(string? name) => Text.CleanLine(name, 200);

    /// <summary>What a lead of this person could be recognised by. Empty for a card with so many that it is a list and no person.</summary>
    private static IReadOnlyList<Identity> Reached(RemoteContact card, string country, HashSet<Identity> shared)
    {
        var phones = card.Phones.SelectMany(p => Phone.TryParse(p, country, out var one) ? [one] : Phone.FindAll(p, country)).Select(p => p.E164).Distinct().ToList();
        var emails = card.Emails.Select(e => Email.TryParse(e, out var email) && !email.IsPlaceholder ? email.Address : null).OfType<string>().Distinct().ToList();
        if (phones.Count > ContactBook.MostOfOneKind || emails.Count > ContactBook.MostOfOneKind) return [];
        return
        [
            .. phones.Select(p => new Identity(IdentityKind.Phone, p)).Concat(emails.Select(e => new Identity(IdentityKind.Email, e))).Where(i => !shared.Contains(i)),
        ];
    }

    private static async Task<(string Country, HashSet<Identity> Shared)> RulesAsync(NpgsqlConnection session, Guid project, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Rules, session);
        command.Parameters.Add(Columns.Of(project));
        var (country, shared) = ("RU", new HashSet<Identity>());
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            if (rows.GetString(0) == "country") country = rows.GetString(1);
            else shared.Add(new Identity(Identity.ParseKind(rows.GetString(0)), rows.GetString(1)));
        }
        return (country, shared);
    }

    private static async Task VersionsAsync(NpgsqlConnection session, Guid project, Knowledge known, CancellationToken ct)
    {
        if (known.Owners.Count == 0) return;
        await using var command = new NpgsqlCommand("select id, version from clients where project_id = $1 and id = any($2)", session);
        command.Parameters.Add(Columns.Of(project));
        command.Parameters.Add(Columns.Of(known.Owners.Values.Distinct().ToArray(), NpgsqlDbType.Uuid));
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) known.Clients[rows.GetGuid(0)] = new KnownClient(rows.GetGuid(0)) { Version = rows.GetInt32(1) };
    }

    // Numbers of the business itself are nobody's, whoever typed them into a card.
    private const string Rules = """
        select kind, value from shared_contacts where project_id = $1
        union all select 'phone', number from tracking_numbers where project_id = $1
        union all (select 'country', default_country::text from sites where project_id = $1 order by created_at, id limit 1)
        """;
}
