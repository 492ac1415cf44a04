using System.Globalization;
using System.Text.Json;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Reading;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>
/// Deals and leads of a portal, their stage history and their activities, by rising id and without counting: a thousand rows a request, as with contacts
/// (<see cref="Bitrix24Contacts"/>).
/// </summary>
internal sealed class Bitrix24DealReader(Bitrix24Client client, ConnectionSettings settings) : IDealReader
{
    private const int PageSize = 50;

    /// <summary>With the page behind them a thousand rows a request: few enough for a lead not to wait long behind it.</summary>
    private const int Ranges = 19;

    /// <summary>Rows of products that a deal is asked for, in pages of 50.</summary>
    private const int MostProductPages = 10;

    /// <summary>Leads first: the deals made of them point back at them.</summary>
    public IReadOnlyList<DealPart> Parts { get; } = [DealPart.Directories, DealPart.Leads, DealPart.Deals, DealPart.LeadHistory, DealPart.History, DealPart.Tasks];

    public bool CardsHaveProducts => false;

    public Task<DealsRead> ReadAsync(DealQuery query, ICallGuard guard, CancellationToken ct) => query.Part switch
    {
        DealPart.Directories => new Bitrix24Directories(client, settings).ReadAsync(guard, ct),
        DealPart.Deals => ListAsync(query, Cards(DealKind.Deal, query), rows => new DealsRead.Page
        {
            Deals = [.. rows.Select(r => Bitrix24Rows.Deal(r, DealKind.Deal, settings)).OfType<RemoteDeal>().Where(d => IsWanted(d, query))],
        }, guard, ct),
        DealPart.Leads => ListAsync(query, Cards(DealKind.Lead, query), rows => new DealsRead.Page
        {
            Deals = [.. rows.Select(r => Bitrix24Rows.Deal(r, DealKind.Lead, settings)).OfType<RemoteDeal>().Where(d => IsWanted(d, query))],
        }, guard, ct),
        DealPart.History => ListAsync(query, Moves(DealKind.Deal, query), rows => new DealsRead.Page
        {
            Moves = [.. rows.Select(r => Bitrix24Rows.Move(r, DealKind.Deal)).OfType<RemoteMove>().Where(m => query.Since is null || m.At >= query.Since)],
        }, guard, ct),
        DealPart.LeadHistory => ListAsync(query, Moves(DealKind.Lead, query), rows => new DealsRead.Page
        {
            Moves = [.. rows.Select(r => Bitrix24Rows.Move(r, DealKind.Lead)).OfType<RemoteMove>().Where(m => query.Since is null || m.At >= query.Since)],
        }, guard, ct),
        DealPart.Tasks => ListAsync(query, Activities(query), rows => new DealsRead.Page
        {
            Tasks = [.. rows.Select(Bitrix24Rows.Task).OfType<RemoteTask>().Where(t => !(query.OpenOnly && t.IsDone))],
            Touches = [.. rows.Select(Bitrix24Rows.Touch).OfType<RemoteTouch>()],
        }, guard, ct),
        _ => Task.FromResult<DealsRead>(new DealsRead.Refused($"Bitrix24 has no {query.Part}.")),
    };

    public async Task<DealsRead> GetAsync(IReadOnlyList<DealKey> keys, ICallGuard guard, CancellationToken ct)
    {
        var asked = keys.Take(Bitrix24Client.MaxCommands).ToArray();
        var commands = asked.Index().ToDictionary(k => $"k{k.Index}", k => new Bitrix24Command($"crm.{Noun(k.Item.Kind)}.get").With(k.Item.Id, "id"));
        var answers = await client.BatchAsync(commands, halt: false, isRead: true, guard, ct, isBackground: true).ConfigureAwait(false);
        if (answers.Whole is not CallEnd.Ok)
        {
            return answers.Whole.ToDealsRead();
        }

        var (found, gone, hidden) = (new List<RemoteDeal>(), new List<DealKey>(), new List<DealKey>());
        DealsRead? failure = null;
        foreach (var (index, key) in asked.Index())
        {
            switch (answers.Of($"k{index}"))
            {
                case CallEnd.Ok { Body: { } body } when Bitrix24Rows.Deal(body, key.Kind, settings) is { } deal:
                    found.Add(deal);
                    break;
                // A template of recurring deals is no sale: nothing here may wait for it.
                case CallEnd.Ok { Body: { } body } when body.Get("ID").TryId(out _):
                    hidden.Add(key);
                    break;
                case CallEnd.Ok or CallEnd.Data:
                    gone.Add(key);
                    break;
                case CallEnd.AccountBlocked:
                    hidden.Add(key);
                    break;
                case var end:
                    failure ??= end.ToDealsRead();
                    break;
            }
        }

        return failure is not null && found.Count + gone.Count + hidden.Count == 0 ? failure : new DealsRead.Page { Deals = found, Gone = gone, Hidden = hidden };
    }

    public async Task<DealsRead> ReadProductsAsync(IReadOnlyList<DealKey> keys, ICallGuard guard, CancellationToken ct)
    {
        var open = keys.Take(Bitrix24Client.MaxCommands).ToDictionary(k => k, _ => new List<RemoteProduct>());
        var done = new Dictionary<DealKey, IReadOnlyList<RemoteProduct>>();
        for (var page = 0; open.Count > 0 && page < MostProductPages; page++)
        {
            var asked = open.Keys.ToArray();
            var commands = asked.Index().ToDictionary(k => $"k{k.Index}", k => new Bitrix24Command("crm.item.productrow.list")
                .With(k.Item.Kind == DealKind.Deal ? "D" : "L", "filter", "=ownerType").With(k.Item.Id, "filter", "=ownerId").With("ASC", "order", "id").With(Text(page * PageSize), "start"));
            var answers = await client.BatchAsync(commands, halt: false, isRead: true, guard, ct, isBackground: true).ConfigureAwait(false);
            if (answers.Whole is not CallEnd.Ok)
            {
                return answers.Whole.ToDealsRead();
            }

            foreach (var (index, key) in asked.Index())
            {
                var end = answers.Of($"k{index}");
                if (end is CallEnd.Ok ok)
                {
                    var rows = ok.Body.Get("productRows").Items().ToList();
                    open[key].AddRange(rows.Select(Bitrix24Rows.Product));
                    if (rows.Count == PageSize && page + 1 < MostProductPages)
                    {
                        continue;
                    }

                    done[key] = open[key];
                }
                else if (end is CallEnd.Data or CallEnd.AccountBlocked)
                {
                    // The deal was removed a moment ago, or is not to be seen: without rows here, and found out by its card.
                    done[key] = [];
                }
                else if (done.Count == 0)
                {
                    return end.ToDealsRead();
                }

                open.Remove(key);
            }
        }

        return new DealsRead.Page { Products = done };
    }

    public async Task<DealsRead> CountAsync(DealKind kind, IReadOnlyList<Period> periods, ICallGuard guard, CancellationToken ct)
    {
        var counts = new List<int>();
        foreach (var part in periods.Chunk(Bitrix24Client.MaxCommands))
        {
            var commands = part.Index().ToDictionary(p => $"p{p.Index}", p => Within(new Bitrix24Command($"crm.{Noun(kind)}.list"), p.Item).With("ID", "select", "0").With("0", "start"));
            var answers = await client.BatchAsync(commands, halt: false, isRead: true, guard, ct, isBackground: true).ConfigureAwait(false);
            foreach (var key in commands.Keys)
            {
                if (answers.Of(key) is not CallEnd.Ok)
                {
                    return answers.Of(key).ToDealsRead();
                }

                if (answers.Total(key) is not { } total)
                {
                    return new DealsRead.Refused("The portal does not count.");
                }

                counts.Add(total);
            }
        }

        return new DealsRead.Page { Counts = counts };
    }

    /// <param name="query">What is asked for.</param>
    /// <param name="list">A list by rising id, to be narrowed.</param>
    /// <param name="read">Makes a page of the rows.</param>
    /// <param name="guard">Asked before the bytes go out.</param>
    /// <param name="ct">The caller's.</param>
    private async Task<DealsRead> ListAsync(DealQuery query, Func<Bitrix24Command> list, Func<IReadOnlyList<JsonElement>, DealsRead.Page> read, ICallGuard guard, CancellationToken ct)
    {
        var last = long.TryParse(query.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : 0;
        // What changed lies scattered over all ids: ranges would mostly come back empty.
        var ranges = query.Since is null && !query.OpenOnly ? Ranges : 0;
        var commands = new Dictionary<string, Bitrix24Command>();
        for (var i = 0; i < ranges; i++)
        {
            var after = last + (i * PageSize);
            commands[$"r{i}"] = list().With(Text(after), "filter", ">ID").With(Text(after + PageSize), "filter", "<=ID");
        }

        commands["next"] = list().With(Text(last + (ranges * PageSize)), "filter", ">ID");
        var answers = await client.BatchAsync(commands, halt: false, isRead: true, guard, ct, isBackground: true).ConfigureAwait(false);
        var found = new List<JsonElement>();
        var behind = 0;
        foreach (var key in commands.Keys)
        {
            if (answers.Of(key) is not CallEnd.Ok { Body: var body })
            {
                return answers.Of(key).ToDealsRead();
            }

            foreach (var row in (body.Get("items") ?? body).Items())
            {
                behind += key == "next" ? 1 : 0;
                if (row.Get("ID").TryId(out var id))
                {
                    last = Math.Max(last, long.Parse(id, CultureInfo.InvariantCulture));
                    found.Add(row);
                }
            }
        }

        return read(found) with { Next = behind < PageSize ? null : Text(last) };
    }

    private Func<Bitrix24Command> Cards(DealKind kind, DealQuery query) => () =>
    {
        var command = Ordered(new Bitrix24Command($"crm.{Noun(kind)}.list"), Bitrix24Rows.Names(kind, settings));
        if (query.Made is { } made)
        {
            Within(command, made);
        }

        return Since(command, query, "DATE_MODIFY");
    };

    private static Func<Bitrix24Command> Moves(DealKind kind, DealQuery query) =>
        () => Since(Ordered(new Bitrix24Command("crm.stagehistory.list").With(kind == DealKind.Deal ? "2" : "1", "entityTypeId"), []), query, "CREATED_TIME");

    private static Func<Bitrix24Command> Activities(DealQuery query) => () =>
    {
        var command = Since(Ordered(new Bitrix24Command("crm.activity.list"), Bitrix24Rows.ActivityNames), query, "LAST_UPDATED");
        return query.OpenOnly ? command.With("N", "filter", "COMPLETED") : command;
    };

    private static Bitrix24Command Ordered(Bitrix24Command command, IReadOnlyList<string> select)
    {
        command.With("ASC", "order", "ID").With("-1", "start");
        foreach (var (index, name) in select.Index())
        {
            command.With(name, "select", Text(index));
        }

        return command;
    }

    private static Bitrix24Command Since(Bitrix24Command command, DealQuery query, string field) =>
        query.Since is { } since ? command.With(Moment(since), "filter", ">=" + field) : command;

    private static Bitrix24Command Within(Bitrix24Command command, Period made) =>
        command.With(Moment(made.From), "filter", ">=DATE_CREATE").With(Moment(made.To), "filter", "<DATE_CREATE");

    /// <summary>A portal that does not understand the moment would answer with everything.</summary>
    private static bool IsWanted(RemoteDeal deal, DealQuery query) => (query.Since is null || deal.UpdatedAt is null || deal.UpdatedAt >= query.Since.Value.AddSeconds(-1))
        && (query.Made is not { } made || deal.CreatedAt is null || (deal.CreatedAt >= made.From && deal.CreatedAt < made.To));

    private static string Noun(DealKind kind) => kind == DealKind.Deal ? "deal" : "lead";

    private static string Moment(DateTimeOffset moment) => moment.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
