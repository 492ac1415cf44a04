using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Identities;
using LeadIngest.Crm;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Import.Deals;

/// <param name="Changes">Steps of courses that became known.</param>
/// <param name="Currency">The account's, where it has one for all its deals.</param>
internal readonly record struct WrittenDeals(int Changes, string? Currency);

/// <summary>
/// Keeps a page of what was read, in one transaction with whatever the caller wants to remember of it. Nobody else writes these rows, and the caller's
/// statements prove that the account is still held: what was computed before the transaction cannot be stale.
/// </summary>
internal sealed class DealWriter(NpgsqlDataSource db, SemaphoreSlim places, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="connection">Whose deals these are.</param>
    /// <param name="page">What was read.</param>
    /// <param name="source">How it was asked for.</param>
    /// <param name="remember">The caller's statements, last in the transaction.</param>
    /// <param name="ct">Until the transaction starts.</param>
    /// <exception cref="PostgresException">40001: the lease is lost, or a person changed the reading meanwhile. Nothing was written.</exception>
    public async Task<WrittenDeals> WriteAsync(ConnectionRow connection, DealsRead.Page page, DealSource source, Func<WrittenDeals, IEnumerable<NpgsqlBatchCommand>> remember, CancellationToken ct)
    {
        await places.WaitAsync(ct);
        try
        {
            return await WriteInTurnAsync(connection, page, source, remember, ct);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<WrittenDeals> WriteInTurnAsync(ConnectionRow connection, DealsRead.Page page, DealSource source, Func<WrittenDeals, IEnumerable<NpgsqlBatchCommand>> remember, CancellationToken ct)
    {
        await using var session = await db.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(session);
        var writing = new Writing(batch, connection.ProjectId, connection.Id);
        var written = await DealsAsync(session, writing, connection, page, source, ct);
        if (page.Gone.Count > 0) writing.Add(DealSql.Gone, Kinds(page.Gone), Ids(page.Gone));
        if (page.Told.Count > 0)
        {
            writing.Add(DealSql.Told, Kinds([.. page.Told.Select(t => t.Deal)]), Ids([.. page.Told.Select(t => t.Deal)]), Columns.Of(page.Told, NpgsqlDbType.Text, t => t.What),
                Columns.Of(page.Told, NpgsqlDbType.TimestampTz, t => t.At.UtcDateTime));
            writing.Add(DealSql.AskTold, Columns.Of(page.Told, NpgsqlDbType.Text, t => CrmEvent.Text(t.Deal)), Kinds([.. page.Told.Select(t => t.Deal)]), Ids([.. page.Told.Select(t => t.Deal)]),
                Columns.Of(page.Told, NpgsqlDbType.Text, t => t.What));
        }
        if (page.Gone.Count + page.Told.Count + page.Deals.Count > 0 && source != DealSource.All) writing.Add(DealSql.LinkMerged);
        if (page.Products.Count > 0)
            writing.Add(DealSql.Products, Json(page.Products.SelectMany(p => p.Value.Index().Select(r => new ProductRow(KnownDeal.Wire(p.Key.Kind), Number(p.Key.Id), r.Index, r.Item.Id, Clean(r.Item.Name), r.Item.Price, r.Item.Quantity)))),
                Kinds([.. page.Products.Keys]), Ids([.. page.Products.Keys]));
        if (page.Tasks.Count > 0) writing.Add(DealSql.Tasks, Json(page.Tasks.DistinctBy(t => t.Id).Select(t => new
        {
            Id = Number(t.Id),
            OwnerKind = t.Owner?.Kind,
            OwnerId = t.Owner is { } owner ? Number(owner.Id) : (long?)null,
            t.Kind,
            t.ResponsibleId,
            t.CreatedAt,
            t.DueAt,
            t.IsDone,
            t.DoneAt,
            t.UpdatedAt,
        })));
        if (page.Touches.Count > 0)
            writing.Add(DealSql.Touches, Json(page.Touches.DistinctBy(t => t.Id).Select(t => new { t.Id, OwnerKind = t.Owner.Kind, OwnerId = Number(t.Owner.Id), t.At, t.Kind, t.Direction, ById = t.By })));
        if (page.Directories is { } directories) Directories(writing, directories);
        foreach (var command in remember(written)) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        return written;
    }

    private async Task<WrittenDeals> DealsAsync(NpgsqlConnection session, Writing writing, ConnectionRow connection, DealsRead.Page page, DealSource source, CancellationToken ct)
    {
        var (moves, prices) = (page.Moves.ToLookup(m => m.Deal), page.Prices.ToLookup(p => p.Deal));
        var keys = page.Deals.Select(d => d.Key).Concat(page.Moves.Select(m => m.Deal)).Concat(page.Prices.Select(p => p.Deal)).ToHashSet();
        if (keys.Count == 0) return new(0, page.Directories?.Currency);
        var known = await KnownDeal.ReadAsync(session, connection.ProjectId, connection.Id, keys, ct);
        var now = clock.GetUtcNow();
        var (rows, seen) = (new List<CardRow>(), new HashSet<DealKey>());
        foreach (var card in page.Deals)
        {
            var deal = known.GetValueOrDefault(card.Key);
            // A list that lags behind does not undo what was read by id.
            if (!seen.Add(card.Key) || (source != DealSource.Asked && deal?.UpdatedAt > card.UpdatedAt)) continue;
            known[card.Key] = deal ??= new KnownDeal(Guid.CreateVersion7(now)) { IsNew = true };
            deal.See(card, now);
            rows.Add(CardRow.Of(deal, card));
        }
        var (stages, amounts) = (new List<StageRow>(), new List<AmountRow>());
        var (newStages, newAmounts) = (new List<Guid>(), new List<Guid>());
        var changes = 0;
        foreach (var (key, deal) in known)
        {
            var course = deal.StagesWith(moves[key]);
            if (!course.SequenceEqual(deal.Stages))
            {
                newStages.Add(deal.Id);
                changes += Math.Max(0, course.Count - deal.Stages.Count);
                stages.AddRange(course.Select((s, n) => new StageRow(deal.Id, n, s.At, s.From?.Pipeline, s.From?.Stage, s.To.Pipeline, s.To.Stage, s.By, KnownDeal.Wire(s.Origin), s.Order, s.IsTold)));
            }
            var worth = deal.PricesWith(prices[key]);
            if (worth.SequenceEqual(deal.Prices)) continue;
            newAmounts.Add(deal.Id);
            changes += Math.Max(0, worth.Count - deal.Prices.Count);
            amounts.AddRange(worth.Select((s, n) => new AmountRow(deal.Id, n, s.At, s.From?.Amount, s.From?.Currency, s.To.Amount, s.To.Currency, s.By, KnownDeal.Wire(s.Origin), s.Order, s.IsTold)));
        }
        if (rows.Count > 0)
        {
            writing.Add(DealSql.Cards, Json(rows), new NpgsqlParameter<bool> { TypedValue = connection.Crm == "bitrix24" });
            writing.Add(DealSql.Join, Columns.Of(rows, NpgsqlDbType.Uuid, r => r.Id));
            // People who are not known here are read by their cards; at the first reading all that can be known is known already.
            if (source != DealSource.All) writing.Add(DealSql.AskContacts, Columns.Of(rows, NpgsqlDbType.Uuid, r => r.Id));
            if (page.Deals.Any(d => d.Products is not null))
                writing.Add(DealSql.Products, Json(page.Deals.Where(d => d.Products is not null && seen.Contains(d.Key)).DistinctBy(d => d.Key)
                    .SelectMany(d => d.Products!.Index().Select(r => new ProductRow(KnownDeal.Wire(d.Key.Kind), Number(d.Key.Id), r.Index, r.Item.Id, Clean(r.Item.Name), r.Item.Price, r.Item.Quantity)))),
                    Kinds([.. page.Deals.Select(d => d.Key)]), Ids([.. page.Deals.Select(d => d.Key)]));
        }
        if (newStages.Count > 0) writing.Add(DealSql.Stages, Columns.Of(newStages.ToArray(), NpgsqlDbType.Uuid), Json(stages));
        if (newAmounts.Count > 0) writing.Add(DealSql.Amounts, Columns.Of(newAmounts.ToArray(), NpgsqlDbType.Uuid), Json(amounts));
        return new(changes, page.Directories?.Currency);
    }

    private static void Directories(Writing writing, DealDirectories read)
    {
        if (read.Pipelines is { } pipelines)
            writing.Add(DealSql.Pipelines, Json(pipelines.Select(p => new { Kind = KnownDeal.Wire(p.Kind), p.Id, Name = Clean(p.Name) ?? "", p.Sort })),
                Json(pipelines.SelectMany(p => p.Stages.Select(s => new { Kind = KnownDeal.Wire(p.Kind), PipelineId = p.Id, s.Id, Name = Clean(s.Name) ?? "", s.Sort, s.State }))));
        if (read.Users is { } users) writing.Add(DealSql.Users, Json(users.Select(u => new { u.Id, Name = Clean(u.Name) ?? "", u.IsActive })));
        if (read.LostReasons is { } reasons) writing.Add(DealSql.Reasons, Json(reasons.Select(r => new { r.Id, Name = Clean(r.Name) ?? "" })));
    }

    private static string? Clean(string? name) => Text.CleanLine(name, 300);

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);

    private static NpgsqlParameter Json<T>(IEnumerable<T> rows) => new() { Value = JsonSerializer.Serialize(rows, Snake), NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static NpgsqlParameter<string[]> Kinds(IReadOnlyList<DealKey> keys) => Columns.Of(keys, NpgsqlDbType.Text, k => KnownDeal.Wire(k.Kind));

    private static NpgsqlParameter<long[]> Ids(IReadOnlyList<DealKey> keys) => Columns.Of(keys, NpgsqlDbType.Bigint, k => Number(k.Id));

    /// <summary>Statements with the project as $1 and the connection as $2.</summary>
    private sealed record Writing(NpgsqlBatch Batch, Guid Project, Guid Connection)
    {
        public void Add(string sql, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var parameter in (NpgsqlParameter[])[Columns.Of(Project), Columns.Of(Connection), .. parameters]) command.Parameters.Add(parameter);
            Batch.BatchCommands.Add(command);
        }
    }

    private sealed record ProductRow(string Kind, long RemoteId, int N, string? ProductId, string? Name, decimal? Price, decimal Quantity);

    private sealed record StageRow(Guid DealId, int N, DateTimeOffset At, string? FromPipelineId, string? FromStageId, string PipelineId, string StageId, string? ById, string Origin, string? OrderKey, bool IsTold);

    private sealed record AmountRow(Guid DealId, int N, DateTimeOffset At, decimal? FromAmount, string? FromCurrency, decimal Amount, string? Currency, string? ById, string Origin, string? OrderKey, bool IsTold);

    private sealed record CardRow
    {
        public required Guid Id { get; init; }
        public required string Kind { get; init; }
        public required long RemoteId { get; init; }
        public string? Name { get; init; }
        public required string PipelineId { get; init; }
        public required string StageId { get; init; }
        public required string State { get; init; }
        public required decimal Amount { get; init; }
        public string? Currency { get; init; }
        public string? ResponsibleId { get; init; }
        public string? ContactId { get; init; }
        public required IReadOnlyList<string> ContactIds { get; init; }
        public string? CompanyId { get; init; }
        public Guid? OurLeadId { get; init; }
        public long? FromLeadId { get; init; }
        public string? LostReasonId { get; init; }
        public DateTimeOffset? CreatedAt { get; init; }
        public DateTimeOffset? UpdatedAt { get; init; }
        public string? UpdatedBy { get; init; }
        public DateTimeOffset? MovedAt { get; init; }
        public string? MovedBy { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }
        public required bool ProductsDue { get; init; }

        public static CardRow Of(KnownDeal deal, RemoteDeal card) => new()
        {
            Id = deal.Id,
            Kind = KnownDeal.Wire(card.Key.Kind),
            RemoteId = Number(card.Key.Id),
            Name = Clean(card.Name),
            PipelineId = card.PipelineId ?? "",
            StageId = card.StageId,
            State = card.State,
            Amount = card.Amount,
            Currency = card.Currency,
            ResponsibleId = card.ResponsibleId,
            ContactId = card.ContactIds.Count > 0 ? card.ContactIds[0] : null,
            ContactIds = card.ContactIds,
            CompanyId = card.CompanyId,
            OurLeadId = card.OurLeadId,
            FromLeadId = card.FromLeadId is { } lead ? Number(lead) : null,
            LostReasonId = card.LostReasonId,
            CreatedAt = card.CreatedAt,
            UpdatedAt = card.UpdatedAt,
            UpdatedBy = card.UpdatedBy,
            MovedAt = card.MovedAt,
            MovedBy = card.MovedBy,
            ClosedAt = card.ClosedAt,
            // Rows of products make the amount: where there is none, nobody has entered any.
            ProductsDue = card.Products is null && card.Amount != 0,
        };
    }
}

/// <summary>How a page was asked for.</summary>
internal enum DealSource
{
    /// <summary>Everything, page by page.</summary>
    All,

    /// <summary>What changed, or the slow comparison.</summary>
    Changed,

    /// <summary>By id: as the CRM stands at this moment.</summary>
    Asked,
}
