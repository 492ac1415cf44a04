using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Masks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Reports.Sources;

/// <summary>
/// The visits, leads, clients, deals and rows of spend behind one figure of the report, asked with the report's own parameters and the key of its row. Their shares and amounts add up to the figure, exactly.
/// </summary>
internal sealed class ListSourceRows : IEndpoint
{
    internal sealed record Query : SourcesQuery, IPageQuery
    {
        /// <summary><c>visits</c>, <c>leads</c>, <c>calls</c> and <c>answeredCalls</c> (their leads), <c>clients</c>, <c>deals</c> (made), <c>won</c>, <c>revenue</c> or <c>spend</c>; <c>leads</c> when absent.</summary>
        public string? What { get; init; }

        /// <summary>1 to 500; 50 when absent.</summary>
        public int? Limit { get; init; }

        /// <summary><c>nextCursor</c> of the page before.</summary>
        public string? Cursor { get; init; }
    }

    /// <param name="Kind"><c>visit</c>, <c>lead</c>, <c>client</c>, <c>deal</c> or <c>spend</c>.</param>
    /// <param name="Day">On which it counts, by the project's time zone.</param>
    /// <param name="Share">How much of it counts here: 1, or the part of a deal that these touches get; 0 for a change of a deal's amount.</param>
    /// <param name="Amount">The money that counts here, in the project's currency; of a client what it has brought by now. Null: it has none, or no rate is known.</param>
    /// <param name="Name">Of a deal its name, of spend the campaign's.</param>
    internal sealed record Row(string Kind, Guid Id, DateOnly Day, DateTimeOffset? At, decimal Share, decimal? Amount, string? Channel, string? Source, string? Medium, string? Campaign, Guid? ClientId, [property: Contact(MaskKind.Free)] string? ClientName, [property: Contact(MaskKind.Free)] string? Name);

    private sealed record Found(Guid Id, DateOnly Day, DateTimeOffset? At, long Share, long? Amount, string? Channel, string? Source, string? Medium, string? Campaign, Guid? ClientId, string? Name);

    private sealed class Validator : SourcesValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.What).OneOf("visits", "leads", "calls", "answeredCalls", "clients", "deals", "won", "revenue", "spend");
            RuleFor(q => q.Limit).InclusiveBetween(1, Http.Cursor.MaxLimit).WithMessage($"From 1 to {Http.Cursor.MaxLimit}.");
            RuleFor(q => q.Cursor).Must(c => TryRead(c, out _, out _)).WithMessage("Not a cursor: pass nextCursor of the page before, unchanged.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/sources/rows", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Page<Row>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reports.OpenConnectionAsync(ct);
        var project = await ReportProject.ReadAsync(connection, scope.ProjectId, ct);
        var range = project.Range(query, clock);
        var all = query.Groups.Select(g => Dimension.All[g]).ToList();
        IReadOnlyList<string?> above = query.Parent is { } parent ? NodeKey.Read(parent) : [];
        var sql = new SourcesSql(scope.ProjectId, query, [], [.. above.Select((v, i) => (all[i], v))], query.Place(project.Attribution.Model));
        var limit = Http.Cursor.Limit(query.Limit);
        _ = TryRead(query.Cursor, out var before, out var beforeDay);
        sql.Parameters.Add("From", range.From);
        sql.Parameters.Add("To", range.To);
        sql.Parameters.Add("Before", before);
        sql.Parameters.Add("BeforeDay", beforeDay);
        sql.Parameters.Add("Most", limit + 1);
        var what = query.What ?? "leads";
        var kind = what is "won" or "revenue" or "deals" ? "deal" : what == "spend" ? "spend" : what is "calls" or "answeredCalls" ? "lead" : what.TrimEnd('s');
        var found = (await connection.QueryAsync<Found>(new CommandDefinition(sql.Behind(what), sql.Parameters, cancellationToken: ct))).AsList();
        var clients = await ClientNames.ReadAsync(connection, scope.ProjectId, found.Select(r => r.ClientId), ct);
        var rows = found.Select(r => new Row(kind, r.Id, r.Day, r.At, r.Share / 1_000_000m, r.Amount / 100m, r.Channel, r.Source, r.Medium, r.Campaign, r.ClientId, clients.Of(r.ClientId), r.Name)).ToList();
        return TypedResults.Ok(rows.Count <= limit ? new Page<Row>(rows, null) : new([.. rows.Take(limit)], Write(rows[limit - 1])));
    }

    // Of spend one row may stand for many days.
    private static string Write(Row last) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.Id:N}{last.Day:yyyyMMdd}")));

    private static bool TryRead(string? cursor, out Guid before, out DateOnly day)
    {
        (before, day) = (Guid.AllBitsSet, DateOnly.MaxValue);
        if (string.IsNullOrEmpty(cursor)) return true;
        Span<byte> bytes = stackalloc byte[64];
        if (cursor.Length > 80 || Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(cursor), bytes, out _, out var written) != System.Buffers.OperationStatus.Done || written != 40) return false;
        var text = Encoding.ASCII.GetString(bytes[..40]);
        return Guid.TryParseExact(text[..32], "N", out before) && DateOnly.TryParseExact(text[32..], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }
}
