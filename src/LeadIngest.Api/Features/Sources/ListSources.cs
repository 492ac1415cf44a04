using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Core.Passports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Sources;

/// <summary>Lists the whole dictionary: the project's own lines, newest first, then those shipped with the product by source.</summary>
/// <remarks>The most specific line names a source: exact medium, then kind of medium, then any. The project's own lines are asked before all shipped ones.</remarks>
internal sealed class ListSources : IEndpoint
{
    /// <param name="Q">A part of source, medium or name.</param>
    /// <param name="Origin"><c>own</c> or <c>shipped</c>.</param>
    internal sealed record Query(string? Q, string? Origin);

    private sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.Q).MaximumLength(200);
            RuleFor(q => q.Origin).OneOf("own", "shipped");
        }
    }

    /// <param name="Items">All lines that match: a few hundred.</param>
    internal sealed record Response(IReadOnlyList<SourceAnswer> Items);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Response>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var own = (await connection.QueryAsync<SourceAnswer>(new CommandDefinition(
            $"select {SourceRows.Columns} from source_entries where project_id = @ProjectId order by id desc", new { scope.ProjectId }, cancellationToken: ct))).AsList();
        var ids = own.ToDictionary(o => (o.Source, o.Medium), o => o.Id);
        var dictionary = SourceDictionary.Default.With(own.Select(Entry));
        var shipped = dictionary.ShippedLines.Select(line => SourceAnswer.Of(line, dictionary.TryFindOwn(line.Source, line.Medium, out var before) ? ids[(before.Source, before.Medium)] : null));
        return TypedResults.Ok(new Response([.. own.Concat(shipped).Where(line => query.Origin is null || line.Origin == query.Origin).Where(Matches)]));

        bool Matches(SourceAnswer line) => string.IsNullOrWhiteSpace(query.Q)
            || new[] { line.Source, line.Medium, line.Name }.Any(text => text?.Contains(query.Q.Trim(), StringComparison.OrdinalIgnoreCase) == true);
    }

    private static SourceEntry Entry(SourceAnswer line) => new(line.Source, line.Medium, line.Name ?? "", PassportNames.TryParse(line.Channel, out Channel channel) ? channel : Channel.Other);
}
