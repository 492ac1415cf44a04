using System.Globalization;
using LeadIngest.Crm.Deals;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>
/// What became of deals (or leads) in a portal. It tells nobody of merges: a merged card is found by our id, which the surviving card takes over where it had
/// none. Of two cards that were both ours one leaves no trace.
/// </summary>
internal sealed class Bitrix24Deals(Bitrix24Client client, ConnectionSettings settings) : IDealStates
{
    public async Task<(IReadOnlyDictionary<string, DealState> Deals, CallEnd? Failure)> ReadAsync(IReadOnlyCollection<string> ids, ICallGuard guard, CancellationToken ct)
    {
        var deals = new Dictionary<string, DealState>();
        foreach (var part in ids.Distinct().Chunk(Bitrix24Client.MaxCommands))
        {
            var answers = await AskAsync(part, id => Bitrix24Cards.GetCard(id, settings), guard, ct).ConfigureAwait(false);
            foreach (var (index, id) in part.Index())
            {
                switch (answers.Of($"g{index}"))
                {
                    case CallEnd.Ok ok when ok.Body.Get("item") is { } card:
                        deals[id] = new DealState(card.Get("stageSemanticId").Text() is "S" or "F" || card.Get("closed").Text() is "Y", User(card.Get("assignedById").Text()));
                        break;
                    case CallEnd.Ok or CallEnd.Data { Errors: [{ Code: "NOT_FOUND" or "" }] }:
                        break;
                    // It is there, and closed to the webhook's user, or not to be asked for: the note is tried as ever.
                    case CallEnd.AccountBlocked { Status: 0 } or CallEnd.Data { Status: 0 }:
                        deals[id] = new DealState(IsClosed: false, null);
                        break;
                    case var failure:
                        return (deals, failure);
                }
            }
        }

        return (deals, null);
    }

    public async Task<(IReadOnlyDictionary<string, string> Into, CallEnd? Failure)> FollowAsync(IReadOnlyList<OutgoingLead> gone, ICallGuard guard, CancellationToken ct)
    {
        var into = new Dictionary<string, string>();
        foreach (var part in gone.Where(l => l.DealLeadId is not null).Chunk(Bitrix24Client.MaxCommands))
        {
            var answers = await AskAsync(part, l => Bitrix24Cards.FindCard(l.DealLeadId!.Value, settings), guard, ct).ConfigureAwait(false);
            foreach (var (index, lead) in part.Index())
            {
                if (answers.Of($"g{index}") is not CallEnd.Ok rows)
                {
                    return (into, answers.Of($"g{index}"));
                }

                if (Bitrix24Lookup.Ours(rows, lead.DealLeadId!.Value).FirstOrDefault(id => id != lead.DealId) is { } deal)
                {
                    into[lead.DealId!] = deal;
                }
            }
        }

        return (into, null);
    }

    public async Task<(IReadOnlyDictionary<string, int> Users, CallEnd? Failure)> ResponsibleAsync(IReadOnlyList<string> contacts, ICallGuard guard, CancellationToken ct)
    {
        var users = new Dictionary<string, int>();
        foreach (var part in contacts.Chunk(Bitrix24Client.MaxCommands))
        {
            var answers = await AskAsync(part, Bitrix24Cards.GetContact, guard, ct).ConfigureAwait(false);
            if (answers.Whole is not CallEnd.Ok)
            {
                return (users, answers.Whole);
            }

            foreach (var (index, contact) in part.Index())
            {
                if (answers.Of($"g{index}") is CallEnd.Ok ok && User(ok.Body.Get("item").Get("assignedById").Text()) is { } user)
                {
                    users[contact] = user;
                }
            }
        }

        return (users, null);
    }

    private Task<Bitrix24Answers> AskAsync<T>(T[] asked, Func<T, Bitrix24Command> command, ICallGuard guard, CancellationToken ct) =>
        client.BatchAsync(asked.Index().ToDictionary(a => $"g{a.Index}", a => command(a.Item)), halt: false, isRead: true, guard, ct);

    private static int? User(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var user) && user > 0 ? user : null;
}
