using FluentValidation;
using LeadIngest.Core.Spend;

namespace LeadIngest.Api.Features.Spend;

/// <summary>An amount that no cabinet tells: a banner, a blogger. It is spread evenly over its days, kopecks that are left over to the first ones.</summary>
internal sealed record ManualSpendAnswer
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required DateOnly From { get; init; }
    public required DateOnly To { get; init; }
    public required decimal Amount { get; init; }
    public required string Currency { get; init; }
    public required bool VatIncluded { get; init; }
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? CampaignId { get; init; }
    public string? Campaign { get; init; }
    public string? Note { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    public const string Columns = """
        id, name, first_day as "from", last_day as "to", amount, currency::text as currency, vat_included, source, medium, campaign_id, campaign_name as campaign, note, created_at, updated_at
        """;

    /// <param name="Name">1 to 200 characters.</param>
    /// <param name="From">The first day.</param>
    /// <param name="To">The last day; at most 731 days in all.</param>
    /// <param name="Amount">In all, at most two digits after the point; negative for a refund.</param>
    /// <param name="Currency">ISO 4217; absent: the project's.</param>
    /// <param name="VatIncluded">Absent: VAT is in it.</param>
    /// <param name="Source">As leads name it: <c>blogger</c>.</param>
    /// <param name="Campaign">As leads name it in <c>utm_campaign</c>.</param>
    internal sealed record Request(string Name, DateOnly From, DateOnly To, decimal Amount, string? Currency, bool? VatIncluded, string? Source, string? Medium, string? CampaignId, string? Campaign, string? Note);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200);
            RuleFor(r => r.From).InclusiveBetween(new DateOnly(2000, 1, 1), new DateOnly(2099, 12, 31));
            RuleFor(r => r.To).Must((r, to) => to >= r.From && to.DayNumber - r.From.DayNumber < DateText.MostDays).WithMessage($"Not before `from`, and within {DateText.MostDays} days of it.");
            RuleFor(r => r.Amount).InclusiveBetween(-1_000_000_000, 1_000_000_000).Must(a => decimal.Round(a, 2) == a).WithMessage("At most two digits after the point.");
            RuleFor(r => r.Currency).Matches("^[A-Z]{3}$").WithMessage("An ISO 4217 code: RUB.");
            RuleFor(r => r.Source).MaximumLength(200);
            RuleFor(r => r.Medium).MaximumLength(200);
            RuleFor(r => r.CampaignId).MaximumLength(200);
            RuleFor(r => r.Campaign).MaximumLength(500);
            RuleFor(r => r.Note).MaximumLength(2000);
        }
    }

    public const string Example = """
        {"name":"Обзор у блогера","from":"2026-08-01","to":"2026-08-10","amount":50000.00,"currency":"RUB","vatIncluded":true,"source":"blogger","medium":"post","campaign":"obzor_avgust"}
        """;
}
