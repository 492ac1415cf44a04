using FluentValidation;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Promotions;

/// <summary>A promotion: what was planned, and the tag by which its leads, deals and spend are known.</summary>
internal sealed record PromotionAnswer
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Where the tag stands: <c>source</c>, <c>medium</c>, <c>campaign</c>, <c>content</c> or <c>keyword</c>.</summary>
    public required string TagKind { get; init; }

    public required string Tag { get; init; }
    public required string Goal { get; init; }
    public decimal? GoalTarget { get; init; }
    public string? Description { get; init; }
    public required DateOnly From { get; init; }
    public required DateOnly To { get; init; }
    public string? Responsible { get; init; }
    public int? PlanLeads { get; init; }
    public int? PlanClients { get; init; }

    /// <summary>In the project's currency, like the others.</summary>
    public decimal? PlanRevenue { get; init; }

    public decimal? PlanBudget { get; init; }
    public decimal? ActualSpend { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    public const string Columns = """
        id, name, tag_kind, tag, goal, goal_target, description, first_day as "from", last_day as "to", responsible, plan_leads, plan_clients, plan_revenue, plan_budget, actual_spend, created_at, updated_at
        """;

    /// <param name="Name">1 to 200 characters.</param>
    /// <param name="TagKind"><c>source</c>, <c>medium</c>, <c>campaign</c> (when absent), <c>content</c> or <c>keyword</c>.</param>
    /// <param name="Tag">As the passport names it, or the value of the utm tag of that level; case and spacing mean nothing.</param>
    /// <param name="Goal"><c>leads</c> (when absent), <c>clients</c>, <c>deals</c>, <c>revenue</c>, <c>checks</c> (average check), <c>frequency</c> (purchases a client) or <c>reach</c> (visits).</param>
    /// <param name="GoalTarget">What the goal's figure should come to, where no plan below says it.</param>
    /// <param name="From">The first day.</param>
    /// <param name="To">The last day; at most 731 days in all.</param>
    /// <param name="ActualSpend">Where no cabinet tells; replaces the spend of the tag.</param>
    internal sealed record Request(string Name, string? TagKind, string Tag, string? Goal, decimal? GoalTarget, string? Description, DateOnly From, DateOnly To, string? Responsible, int? PlanLeads, int? PlanClients,
        decimal? PlanRevenue, decimal? PlanBudget, decimal? ActualSpend);

    internal sealed class Validator : AbstractValidator<Request>
    {
        private const int MostDays = 731;

        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200);
            RuleFor(r => r.TagKind).OneOf("source", "medium", "campaign", "content", "keyword");
            RuleFor(r => r.Tag).Must(t => Core.Identities.Text.CleanLine(t, 500) is { Length: > 0 }).WithMessage("A tag to know its leads by: spring_sale.").MaximumLength(500);
            RuleFor(r => r.Goal).OneOf("leads", "clients", "deals", "revenue", "checks", "frequency", "reach");
            RuleFor(r => r.Description).MaximumLength(4_000);
            RuleFor(r => r.Responsible).MaximumLength(200);
            RuleFor(r => r.From).InclusiveBetween(new DateOnly(2000, 1, 1), new DateOnly(2099, 12, 31));
            RuleFor(r => r.To).Must((r, to) => to >= r.From && to.DayNumber - r.From.DayNumber < MostDays).WithMessage($"Not before 'from', and within {MostDays} days of it.");
            RuleFor(r => r.PlanLeads).InclusiveBetween(0, 1_000_000_000);
            RuleFor(r => r.PlanClients).InclusiveBetween(0, 1_000_000_000);
            foreach (var money in new System.Linq.Expressions.Expression<Func<Request, decimal?>>[] { r => r.GoalTarget, r => r.PlanRevenue, r => r.PlanBudget, r => r.ActualSpend })
                RuleFor(money).InclusiveBetween(0, 1_000_000_000_000).Must(m => m is null || decimal.Round(m.Value, 2) == m).WithMessage("Not negative, at most two digits after the point.");
        }
    }

    public const string Example = """
        {"name":"Весенняя распродажа","tagKind":"campaign","tag":"spring_sale","goal":"leads","description":"Скидка 10 % на остекление балконов","from":"2026-03-01","to":"2026-03-31","responsible":"Отдел маркетинга","planLeads":200,"planClients":30,"planRevenue":900000.00,"planBudget":150000.00}
        """;
}
