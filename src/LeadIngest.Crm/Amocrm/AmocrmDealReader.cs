using System.Globalization;
using System.Text.Json;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Reading;

namespace LeadIngest.Crm.Amocrm;

/// <summary>
/// Deals of an amoCRM account. Pages of cards are asked for without filters, which are a paid add-on: all by rising id, changed ones by falling time of
/// change up to the first older one. What happened to them is told by the events, whose filters always work.
/// </summary>
internal sealed class AmocrmDealReader(AmocrmClient client) : IDealReader
{
    private const int PageSize = 250;

    /// <summary>Each id is a request of its own, and a lead may be waiting behind them.</summary>
    private const int KeysACall = 5;

    private const string Card = "with=contacts,loss_reason,catalog_elements";

    private readonly AmocrmProducts _products = new(client);
    private string? _currency;

    public IReadOnlyList<DealPart> Parts { get; } = [DealPart.Directories, DealPart.Deals, DealPart.History, DealPart.Tasks];

    public bool CardsHaveProducts => true;

    public Task<DealsRead> ReadAsync(DealQuery query, ICallGuard guard, CancellationToken ct) => query.Part switch
    {
        DealPart.Directories => DirectoriesAsync(guard, ct),
        DealPart.Deals => CardsAsync(query, guard, ct),
        DealPart.History => EventsAsync(query, guard, ct),
        DealPart.Tasks => TasksAsync(query, guard, ct),
        _ => Task.FromResult<DealsRead>(new DealsRead.Refused($"amoCRM has no {query.Part}.")),
    };

    public async Task<DealsRead> GetAsync(IReadOnlyList<DealKey> keys, ICallGuard guard, CancellationToken ct)
    {
        if (await CurrencyAsync(guard, ct).ConfigureAwait(false) is { } failed)
        {
            return failed;
        }

        var (found, gone) = (new List<JsonElement>(), new List<DealKey>());
        foreach (var key in keys.Take(KeysACall))
        {
            // There are no leads beside the deals here: nobody will ever find one.
            if (key.Kind != DealKind.Deal)
            {
                gone.Add(key);
                continue;
            }

            var end = await client.GetInBackgroundAsync($"leads/{key.Id}?{Card}", guard, ct).ConfigureAwait(false);
            if (end is CallEnd.Ok { Body: { } body } && body.Get("id").TryId(out _) && body.Get("is_deleted").Text() is not "true")
            {
                found.Add(body);
            }
            else if (end is CallEnd.Ok || end.Status == 404)
            {
                gone.Add(key);
            }
            else if (found.Count + gone.Count == 0)
            {
                return end.ToDealsRead();
            }
            else
            {
                break;
            }
        }

        var (deals, failure) = await DealsAsync(found, guard, ct).ConfigureAwait(false);
        return failure ?? new DealsRead.Page { Deals = deals, Gone = gone };
    }

    public Task<DealsRead> ReadProductsAsync(IReadOnlyList<DealKey> keys, ICallGuard guard, CancellationToken ct) =>
        Task.FromResult<DealsRead>(new DealsRead.Refused("amoCRM tells the products with the card."));

    public Task<DealsRead> CountAsync(DealKind kind, IReadOnlyList<Period> periods, ICallGuard guard, CancellationToken ct) =>
        Task.FromResult<DealsRead>(new DealsRead.Refused("amoCRM does not count its deals."));

    private async Task<DealsRead> CardsAsync(DealQuery query, ICallGuard guard, CancellationToken ct)
    {
        if (await CurrencyAsync(guard, ct).ConfigureAwait(false) is { } failed)
        {
            return failed;
        }

        var page = AmocrmRows.PageOf(query.Cursor);
        var order = query.Since is null ? "order[id]=asc" : "order[updated_at]=desc";
        var end = await client.GetInBackgroundAsync($"leads?limit={PageSize}&page={page}&{order}&{Card}", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok answer)
        {
            return end.ToDealsRead();
        }

        var rows = answer.Body.Get("_embedded").Get("leads").Items().ToList();
        var hasNext = AmocrmRows.HasNext(answer.Body);
        if (query.Since is { } since)
        {
            // A page that begins with what is new enough may end with what is not: then nothing newer follows.
            var seen = rows.Count;
            rows.RemoveAll(r => AmocrmRows.Moment(r.Get("updated_at")) < since);
            hasNext &= rows.Count == seen;
        }

        var (deals, failure) = await DealsAsync(rows, guard, ct).ConfigureAwait(false);
        return failure ?? new DealsRead.Page(hasNext ? AmocrmRows.Text(page + 1) : null) { Deals = deals };
    }

    private async Task<(IReadOnlyList<RemoteDeal> Deals, DealsRead? Failure)> DealsAsync(List<JsonElement> rows, ICallGuard guard, CancellationToken ct)
    {
        if (await _products.LearnAsync(rows, guard, ct).ConfigureAwait(false) is { } failure)
        {
            return ([], failure);
        }

        return ([.. rows.Select(r => AmocrmRows.Deal(r, _currency, _products)).OfType<RemoteDeal>()], null);
    }

    private async Task<DealsRead> EventsAsync(DealQuery query, ICallGuard guard, CancellationToken ct)
    {
        var page = AmocrmRows.PageOf(query.Cursor);
        var from = query.Since is { } moment ? $"&filter[created_at]={moment.ToUnixTimeSeconds()}" : "";
        var end = await client.GetInBackgroundAsync($"events?limit={AmocrmEvents.PageSize}&page={page}&filter[type]={AmocrmEvents.Types}{from}", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok answer)
        {
            return end.ToDealsRead();
        }

        var rows = answer.Body.Get("_embedded").Get("events").Items().ToList();
        // Newest first: a list that passes the filter over is left at its first older row all the same.
        var isOver = query.Since is { } since && rows.Any(r => AmocrmRows.Moment(r.Get("created_at")) < since);
        return AmocrmEvents.Read(rows) with { Next = !isOver && AmocrmRows.HasNext(answer.Body) ? AmocrmRows.Text(page + 1) : null };
    }

    private async Task<DealsRead> TasksAsync(DealQuery query, ICallGuard guard, CancellationToken ct)
    {
        var page = AmocrmRows.PageOf(query.Cursor);
        var filter = (query.Since is { } since ? $"&filter[updated_at][from]={since.ToUnixTimeSeconds()}" : "") + (query.OpenOnly ? "&filter[is_completed]=0" : "");
        var end = await client.GetInBackgroundAsync($"tasks?limit={PageSize}&page={page}&order[id]=asc{filter}", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok answer)
        {
            return end.ToDealsRead();
        }

        return new DealsRead.Page(AmocrmRows.HasNext(answer.Body) ? AmocrmRows.Text(page + 1) : null)
        {
            Tasks = [.. answer.Body.Get("_embedded").Get("tasks").Items().Select(AmocrmRows.Task).OfType<RemoteTask>()
                .Where(t => (query.Since is null || t.UpdatedAt is null || t.UpdatedAt >= query.Since.Value.AddSeconds(-1)) && !(query.OpenOnly && t.IsDone))],
        };
    }

    private async Task<DealsRead> DirectoriesAsync(ICallGuard guard, CancellationToken ct)
    {
        _currency = null;
        if (await CurrencyAsync(guard, ct).ConfigureAwait(false) is { } failed)
        {
            return failed;
        }

        var end = await client.GetInBackgroundAsync("leads/pipelines", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok pipelines)
        {
            return end.ToDealsRead();
        }

        end = await client.GetInBackgroundAsync("leads/loss_reasons?limit=250", guard, ct).ConfigureAwait(false);
        if (end is not (CallEnd.Ok or CallEnd.Data or CallEnd.AccountBlocked))
        {
            return end.ToDealsRead();
        }

        var reasons = (end as CallEnd.Ok)?.Body.Get("_embedded").Get("loss_reasons").Items().Select(AmocrmRows.Reason).OfType<RemoteReason>().ToList();
        var (users, failure) = await UsersAsync(guard, ct).ConfigureAwait(false);
        return failure ?? new DealsRead.Page
        {
            Directories = new DealDirectories
            {
                Pipelines = [.. pipelines.Body.Get("_embedded").Get("pipelines").Items().Select(AmocrmRows.Pipeline).OfType<RemotePipeline>()],
                LostReasons = reasons,
                Users = users,
                Currency = _currency,
            },
        };
    }

    /// <returns>Null users: only an administrator may see them.</returns>
    private async Task<(List<RemoteUser>? Users, DealsRead? Failure)> UsersAsync(ICallGuard guard, CancellationToken ct)
    {
        var (rows, failure) = await AmocrmPages.ReadAsync(path => client.GetInBackgroundAsync(path, guard, ct), "users", 20).ConfigureAwait(false);
        return rows is not null ? ([.. rows.Select(AmocrmRows.User).OfType<RemoteUser>()], null)
            : failure is CallEnd.AccountBlocked or CallEnd.Data ? (null, null)
            : (null, failure!.ToDealsRead());
    }

    /// <summary>All deals of an account are in its one currency.</summary>
    private async Task<DealsRead?> CurrencyAsync(ICallGuard guard, CancellationToken ct)
    {
        if (_currency is not null)
        {
            return null;
        }

        var end = await client.GetInBackgroundAsync("account", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok answer)
        {
            return end.ToDealsRead();
        }

        _currency = answer.Body.Get("currency").Text() is { Length: 3 } code ? code.ToUpper(CultureInfo.InvariantCulture) : null;
        return null;
    }
}
