using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Lists the rates that spend is converted by, newest day first: roubles for so many units, from the day on.</summary>
internal sealed class ListRates : IEndpoint
{
    private const int Most = 1_000;

    /// <param name="Currency">ISO 4217.</param>
    /// <param name="From">From this day on.</param>
    /// <param name="To">Up to this day.</param>
    internal sealed record Query(string? Currency, DateOnly? From, DateOnly? To);

    private sealed class Validator : AbstractValidator<Query>
    {
        public Validator() => RuleFor(q => q.Currency).Matches("^[A-Z]{3}$").WithMessage("An ISO 4217 code: USD.");
    }

    /// <param name="Items">At most 1,000.</param>
    internal sealed record Response(IReadOnlyList<Rate> Items);

    internal sealed record Rate
    {
        public required string Currency { get; init; }
        public required DateOnly Day { get; init; }

        /// <summary>For <c>nominal</c> units.</summary>
        public required decimal Rubles { get; init; }

        public required int Nominal { get; init; }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/rates", HandleAsync).Validate(new Validator());

    internal static async Task<Ok<Response>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Rate>(new CommandDefinition("""
            select currency::text as currency, day, rubles, nominal from rates
            where project_id = @ProjectId and (@Currency::text is null or currency = @Currency::text) and (@From::date is null or day >= @From) and (@To::date is null or day <= @To)
            order by day desc, currency limit @Most
            """, new { scope.ProjectId, query.Currency, query.From, query.To, Most }, cancellationToken: ct));
        return TypedResults.Ok(new Response(rows.AsList()));
    }
}
