using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Lists imported spend by day and level, newest import first. Amounts by hand have their own list; both count in the summary.</summary>
internal sealed class ListSpend : IEndpoint
{
    /// <param name="From">From this day on.</param>
    /// <param name="To">Up to this day.</param>
    /// <param name="AccountId">Of this account.</param>
    /// <param name="ImportId">Of this import, as far as it counts.</param>
    /// <param name="Source">Of this source.</param>
    /// <param name="CampaignId">Of this campaign.</param>
    /// <param name="Limit">Rows a page, 1 to 500; 50 when absent.</param>
    /// <param name="Cursor"><c>nextCursor</c> of the page before.</param>
    internal sealed record Query(DateOnly? From, DateOnly? To, Guid? AccountId, Guid? ImportId, string? Source, string? CampaignId, int? Limit, string? Cursor) : IPageQuery;

    /// <summary>The spend of one day at one level.</summary>
    internal sealed record SpendAnswer
    {
        public required Guid Id { get; init; }
        public required DateOnly Day { get; init; }
        public required Guid AccountId { get; init; }
        public required Guid ImportId { get; init; }
        public string? CampaignId { get; init; }
        public string? CampaignName { get; init; }
        public string? GroupId { get; init; }
        public string? GroupName { get; init; }
        public string? AdId { get; init; }
        public string? AdName { get; init; }
        public string? Keyword { get; init; }
        public string? Source { get; init; }
        public string? Medium { get; init; }

        /// <summary>As the cabinet tells it.</summary>
        public required decimal Amount { get; init; }

        /// <summary>ISO 4217, of the amount.</summary>
        public required string Currency { get; init; }

        public required bool VatIncluded { get; init; }

        /// <summary>Per cent, of the day.</summary>
        public required decimal VatRate { get; init; }

        /// <summary>In the project's currency, on its VAT basis; null: no rate is known for the day.</summary>
        public decimal? Money { get; init; }

        /// <summary>ISO 4217, of the money.</summary>
        public required string MoneyCurrency { get; init; }

        public required long Clicks { get; init; }
        public required long Impressions { get; init; }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).Validate(new PageValidator<Query>());

    internal static async Task<Ok<Page<SpendAnswer>>> HandleAsync([AsParameters] Query query, ProjectScope scope, Database db, CancellationToken ct)
    {
        var (limit, before) = query.Bounds();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<SpendAnswer>(new CommandDefinition(All, new
        {
            scope.ProjectId,
            Before = before,
            Rows = limit + 1,
            query.From,
            query.To,
            query.AccountId,
            query.ImportId,
            query.Source,
            query.CampaignId,
        }, cancellationToken: ct));
        return TypedResults.Ok(Cursor.Page(rows.AsList(), limit, r => r.Id));
    }

    private const string All = """
        select id, day, account_id, import_id, campaign_id, campaign_name, group_id, group_name, ad_id, ad_name, keyword, source, medium, amount, currency::text, vat_included, vat_rate,
            round(money, 2) as money, money_currency::text, clicks, impressions
        from spend_money
        where project_id = @ProjectId and manual_id is null and id < @Before and (@From::date is null or day >= @From) and (@To::date is null or day <= @To)
            and (@AccountId::uuid is null or account_id = @AccountId) and (@ImportId::uuid is null or import_id = @ImportId) and (@Source::text is null or source = @Source)
            and (@CampaignId::text is null or campaign_id = @CampaignId)
        order by id desc limit @Rows
        """;
}
