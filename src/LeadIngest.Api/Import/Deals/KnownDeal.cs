using Dapper;
using LeadIngest.Core.Deals;
using LeadIngest.Crm;
using Npgsql;

namespace LeadIngest.Api.Import.Deals;

/// <summary>Where a deal stands.</summary>
/// <param name="Pipeline">Empty: the only one.</param>
/// <param name="Stage">The CRM's id.</param>
internal sealed record Place(string Pipeline, string Stage);

/// <param name="Amount">In major units.</param>
/// <param name="Currency">ISO 4217; null when the CRM does not say.</param>
internal sealed record Price(decimal Amount, string? Currency);

/// <summary>A deal as it is kept here, with its course: read before a page that speaks of it is written.</summary>
internal sealed class KnownDeal(Guid id)
{
    public Guid Id => id;
    public Place Place { get; private set; } = new("", "");
    public Price Price { get; private set; } = new(0, null);
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? UpdatedAt { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }
    private string? UpdatedBy { get; set; }
    private DateTimeOffset? MovedAt { get; set; }
    private string? MovedBy { get; set; }

    /// <summary>When it was seen that the currency is another one: no clock of the CRM tells that.</summary>
    private DateTimeOffset? RelabelledAt { get; set; }

    public bool IsNew { get; init; }
    public List<Step<Place>> Stages { get; } = [];
    public List<Step<Price>> Prices { get; } = [];

    /// <summary>Takes over what the card shows now.</summary>
    /// <param name="card">As it was read.</param>
    /// <param name="now">For what the CRM does not date.</param>
    public void See(RemoteDeal card, DateTimeOffset now)
    {
        var price = new Price(card.Amount, card.Currency);
        if (!IsNew && price.Currency != Price.Currency) RelabelledAt = now;
        (Place, Price) = (new(card.PipelineId ?? "", card.StageId), price);
        if (IsNew) CreatedAt = card.CreatedAt ?? now;
        (UpdatedAt, UpdatedBy, MovedAt, MovedBy, ClosedAt) = (card.UpdatedAt ?? now, card.UpdatedBy, card.MovedAt, card.MovedBy, card.ClosedAt);
    }

    public IReadOnlyList<Step<Place>> StagesWith(IEnumerable<RemoteMove> told) => Course.Of(CreatedAt, ClosedAt ?? CreatedAt, Stages.Concat(told.Select(m =>
        new Step<Place>(m.At, m.From is { } from ? new Place(from.PipelineId ?? "", from.StageId) : null, new Place(m.To.PipelineId ?? "", m.To.StageId), m.By, StepOrigin.History, m.Order)
        {
            IsCreation = m.IsCreation,
            IsTold = m.From is not null,
        })), new Step<Place>(MovedAt ?? UpdatedAt ?? CreatedAt, null, Place, MovedAt is null ? UpdatedBy : MovedBy, StepOrigin.Seen));

    public IReadOnlyList<Step<Price>> PricesWith(IEnumerable<RemotePrice> told) => Course.Of(CreatedAt, CreatedAt, Prices.Concat(told.Select(p =>
        new Step<Price>(p.At, new Price(p.From, Price.Currency), new Price(p.To, Price.Currency), p.By, StepOrigin.History, p.Order) { IsTold = true })),
        new Step<Price>(RelabelledAt ?? UpdatedAt ?? CreatedAt, null, Price, RelabelledAt is null ? UpdatedBy : null, StepOrigin.Seen));

    /// <summary>Those of these deals that are known, with their courses.</summary>
    public static async Task<Dictionary<DealKey, KnownDeal>> ReadAsync(NpgsqlConnection db, Guid project, Guid connection, IReadOnlyCollection<DealKey> keys, CancellationToken ct)
    {
        var args = new { P = project, C = connection, Kinds = keys.Select(k => Wire(k.Kind)).ToArray(), Ids = keys.Select(k => long.Parse(k.Id, System.Globalization.CultureInfo.InvariantCulture)).ToArray() };
        var known = new Dictionary<DealKey, KnownDeal>();
        var byId = new Dictionary<Guid, KnownDeal>();
        foreach (var row in await db.QueryAsync<DealRow>(new CommandDefinition(Deals, args, cancellationToken: ct)))
        {
            var deal = new KnownDeal(row.Id)
            {
                Place = new(row.PipelineId, row.StageId),
                Price = new(row.Amount, row.Currency),
                CreatedAt = row.CreatedAt ?? row.FirstSeenAt,
                UpdatedAt = row.UpdatedAt,
                UpdatedBy = row.UpdatedBy,
                MovedAt = row.MovedAt,
                MovedBy = row.MovedBy,
                ClosedAt = row.ClosedAt,
            };
            byId[row.Id] = known[new DealKey(row.Kind == "lead" ? DealKind.Lead : DealKind.Deal, row.RemoteId.ToString(System.Globalization.CultureInfo.InvariantCulture))] = deal;
        }
        if (byId.Count == 0) return known;
        var of = new { P = project, Ids = byId.Keys.ToArray() };
        foreach (var row in await db.QueryAsync<StepRow>(new CommandDefinition(StageSteps, of, cancellationToken: ct)))
            byId[row.DealId].Stages.Add(row.Step(row.FromStageId is null ? null : new Place(row.FromPipelineId ?? "", row.FromStageId), new Place(row.PipelineId, row.StageId), byId[row.DealId].CreatedAt));
        foreach (var row in await db.QueryAsync<StepRow>(new CommandDefinition(PriceSteps, of, cancellationToken: ct)))
            byId[row.DealId].Prices.Add(row.Step(row.FromAmount is { } from ? new Price(from, row.FromCurrency) : null, new Price(row.Amount, row.Currency), byId[row.DealId].CreatedAt));
        return known;
    }

    public static string Wire(DealKind kind) => kind == DealKind.Lead ? "lead" : "deal";

    public static string Wire(StepOrigin origin) => origin switch { StepOrigin.History => "history", StepOrigin.Seen => "seen", _ => "inferred" };

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record DealRow
    {
        public required Guid Id { get; init; }
        public required string Kind { get; init; }
        public required long RemoteId { get; init; }
        public required string PipelineId { get; init; }
        public required string StageId { get; init; }
        public required decimal Amount { get; init; }
        public string? Currency { get; init; }
        public DateTimeOffset? CreatedAt { get; init; }
        public required DateTimeOffset FirstSeenAt { get; init; }
        public DateTimeOffset? UpdatedAt { get; init; }
        public string? UpdatedBy { get; init; }
        public DateTimeOffset? MovedAt { get; init; }
        public string? MovedBy { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1812", Justification = "Made by Dapper.")]
    private sealed record StepRow
    {
        public required Guid DealId { get; init; }
        public required DateTimeOffset At { get; init; }
        public string? FromPipelineId { get; init; }
        public string? FromStageId { get; init; }
        public string PipelineId { get; init; } = "";
        public string StageId { get; init; } = "";
        public decimal? FromAmount { get; init; }
        public string? FromCurrency { get; init; }
        public decimal Amount { get; init; }
        public string? Currency { get; init; }
        public string? ById { get; init; }
        public required string Origin { get; init; }
        public string? OrderKey { get; init; }
        public required bool IsTold { get; init; }

        public Step<T> Step<T>(T? from, T to, DateTimeOffset createdAt) where T : class =>
            new(At, from, to, ById, Origin switch { "history" => StepOrigin.History, "seen" => StepOrigin.Seen, _ => StepOrigin.Inferred }, OrderKey)
            {
                IsTold = IsTold,
                IsCreation = from is null && Origin == "history" && OrderKey is not null && At == createdAt,
            };
    }

    // A look by key for each, which no plan can turn into a reading of all deals.
    private const string Deals = """
        select d.id, d.kind, d.remote_id, d.pipeline_id, d.stage_id, d.amount, d.currency, d.created_at, d.first_seen_at, d.updated_at, d.updated_by, d.moved_at, d.moved_by, d.closed_at
        from unnest(@Kinds, @Ids) as a (kind, remote_id)
        cross join lateral (select * from deals d where d.project_id = @P and d.connection_id = @C and d.kind = a.kind and d.remote_id = a.remote_id limit 1) d
        """;

    private const string StageSteps = """
        select deal_id, at, from_pipeline_id, from_stage_id, pipeline_id, stage_id, by_id, origin, order_key, is_told
        from stage_changes where project_id = @P and deal_id = any(@Ids) order by deal_id, n
        """;

    private const string PriceSteps = """
        select deal_id, at, from_amount, from_currency, amount, currency, by_id, origin, order_key, is_told
        from deal_changes where project_id = @P and deal_id = any(@Ids) order by deal_id, n
        """;
}
