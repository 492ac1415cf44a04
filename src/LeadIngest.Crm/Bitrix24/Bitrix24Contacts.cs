using System.Globalization;
using System.Text.Json;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Reading;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>
/// Contacts and companies of a portal, by rising id and without counting. One request asks for several ranges of ids, each no wider than a page, and for
/// the page behind them: ranges never depend on each other, and the last page jumps over any gap in the ids.
/// </summary>
internal sealed class Bitrix24Contacts(Bitrix24Client client, bool isApplication) : IContactReader
{
    private const int PageSize = 50;

    /// <summary>With the page behind them a thousand cards a request: few enough for a lead not to wait long behind it.</summary>
    private const int Ranges = 19;

    private static readonly string[] Events =
        [.. new[] { "CONTACT", "COMPANY", "DEAL", "LEAD" }.SelectMany(n => new[] { $"ONCRM{n}ADD", $"ONCRM{n}UPDATE", $"ONCRM{n}DELETE" }), "ONCRMDEALMOVETOCATEGORY"];

    public async Task<ContactsRead> ReadAsync(ContactQuery query, ICallGuard guard, CancellationToken ct)
    {
        var last = long.TryParse(query.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : 0;
        // What changed lies scattered over all ids: ranges would mostly come back empty.
        var ranges = query.Since is null ? Ranges : 0;
        var commands = new Dictionary<string, Bitrix24Command>();
        for (var i = 0; i < ranges; i++)
        {
            var after = last + (i * PageSize);
            commands[$"r{i}"] = List(query, after).With(Text(after + PageSize), "filter", "<=ID");
        }

        commands["next"] = List(query, last + (ranges * PageSize));
        var answers = await client.BatchAsync(commands, halt: false, isRead: true, guard, ct, isBackground: true).ConfigureAwait(false);
        var found = new List<RemoteContact>();
        var behind = 0;
        foreach (var key in commands.Keys)
        {
            if (answers.Of(key) is not CallEnd.Ok rows)
            {
                return answers.Of(key).ToRead();
            }

            foreach (var row in rows.Body.Items())
            {
                behind += key == "next" ? 1 : 0;
                if (Contact(query.Kind, row) is not { } contact)
                {
                    continue;
                }

                last = Math.Max(last, long.Parse(contact.Key.Id, CultureInfo.InvariantCulture));
                // A portal that does not understand the moment would answer with everything.
                if (query.Since is null || contact.UpdatedAt is null || contact.UpdatedAt >= query.Since)
                {
                    found.Add(contact);
                }
            }
        }

        return new ContactsRead.Page(found, behind < PageSize ? null : Text(last));
    }

    public async Task<ContactsRead> GetAsync(IReadOnlyList<ContactKey> keys, ICallGuard guard, CancellationToken ct)
    {
        var asked = keys.Take(Bitrix24Client.MaxCommands).ToArray();
        var commands = asked.Index().ToDictionary(k => $"k{k.Index}", k => new Bitrix24Command($"crm.{Noun(k.Item.Kind)}.get").With(k.Item.Id, "id"));
        var answers = await client.BatchAsync(commands, halt: false, isRead: true, guard, ct, isBackground: true).ConfigureAwait(false);
        if (answers.Whole is not CallEnd.Ok)
        {
            return answers.Whole.ToRead();
        }

        var (found, gone, hidden) = (new List<RemoteContact>(), new List<ContactKey>(), new List<ContactKey>());
        ContactsRead? failure = null;
        foreach (var (index, key) in asked.Index())
        {
            switch (answers.Of($"k{index}"))
            {
                case CallEnd.Ok { Body: { } body } when Contact(key.Kind, body) is { } contact:
                    found.Add(contact);
                    break;
                case CallEnd.Ok or CallEnd.Data:
                    gone.Add(key);
                    break;
                case CallEnd.AccountBlocked:
                    hidden.Add(key);
                    break;
                case var end:
                    failure ??= end.ToRead();
                    break;
            }
        }

        return failure is not null && found.Count + gone.Count + hidden.Count == 0 ? failure : new ContactsRead.Page(found, null) { Gone = gone, Hidden = hidden };
    }

    public Task<ContactsRead> ReadLogAsync(DateTimeOffset since, string? cursor, ICallGuard guard, CancellationToken ct) =>
        Task.FromResult<ContactsRead>(new ContactsRead.Refused("Bitrix24 keeps no log of deleted cards."));

    public async Task<HookSubscription> SubscribeAsync(Uri address, ICallGuard guard, CancellationToken ct)
    {
        if (!isApplication)
        {
            return new HookSubscription("manual", "An inbound webhook cannot subscribe to events: make an outgoing webhook in the portal (Developer resources, Other, Outgoing webhook).");
        }

        var bound = await client.BatchAsync(new Dictionary<string, Bitrix24Command> { ["get"] = new("event.get") }, halt: false, isRead: true, guard, ct, isBackground: true).ConfigureAwait(false);
        if (bound.Of("get") is not CallEnd.Ok known)
        {
            return bound.Of("get").ToSubscription();
        }

        var have = known.Body.Items().Where(b => b.Get("handler").Text() == address.AbsoluteUri).Select(b => b.Get("event").Text()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = Events.Where(e => !have.Contains(e)).ToArray();
        if (missing.Length == 0)
        {
            return new HookSubscription("on");
        }

        var commands = missing.Index().ToDictionary(e => $"e{e.Index}", e => new Bitrix24Command("event.bind").With(e.Item, "event").With(address.AbsoluteUri, "handler"));
        var made = await client.BatchAsync(commands, halt: false, isRead: false, guard, ct).ConfigureAwait(false);
        return commands.Keys.Select(made.Of).FirstOrDefault(e => e is not CallEnd.Ok)?.ToSubscription() ?? new HookSubscription("on");
    }

    private static Bitrix24Command List(ContactQuery query, long after)
    {
        var command = new Bitrix24Command($"crm.{Noun(query.Kind)}.list").With("ASC", "order", "ID").With("-1", "start").With(Text(after), "filter", ">ID");
        if (query.Since is { } since)
        {
            command.With(since.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture), "filter", ">=DATE_MODIFY");
        }

        string[] names = query.Kind == ContactKind.Contact
            ? ["ID", "NAME", "SECOND_NAME", "LAST_NAME", "DATE_MODIFY", "PHONE", "EMAIL"]
            : ["ID", "TITLE", "DATE_MODIFY", "PHONE", "EMAIL"];
        foreach (var (index, name) in names.Index())
        {
            command.With(name, "select", Text(index));
        }

        return command;
    }

    private static string Noun(ContactKind kind) => kind == ContactKind.Contact ? "contact" : "company";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static RemoteContact? Contact(ContactKind kind, JsonElement row)
    {
        if (!row.Get("ID").TryId(out var id))
        {
            return null;
        }

        string[] names = kind == ContactKind.Contact ? ["LAST_NAME", "NAME", "SECOND_NAME"] : ["TITLE"];
        var name = string.Join(' ', names.Select(n => row.Get(n).Text()).OfType<string>());
        var at = DateTimeOffset.TryParse(row.Get("DATE_MODIFY").Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : (DateTimeOffset?)null;
        return new RemoteContact(new ContactKey(kind, id), name.Length == 0 ? null : name, Values(row, "PHONE"), Values(row, "EMAIL"), at);
    }

    private static IReadOnlyList<string> Values(JsonElement row, string field) =>
        [.. row.Get(field).Items().Select(v => v.Get("VALUE").Text()).OfType<string>()];
}
