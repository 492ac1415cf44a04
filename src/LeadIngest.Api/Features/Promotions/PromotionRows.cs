using Dapper;
using Npgsql;

namespace LeadIngest.Api.Features.Promotions;

/// <summary>Writes promotions.</summary>
internal static class PromotionRows
{
    /// <returns>The row as it is now; null when an update found none.</returns>
    public static Task<PromotionAnswer?> SaveAsync(NpgsqlConnection connection, Guid project, Guid id, PromotionAnswer.Request request, bool isNew, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<PromotionAnswer>(new CommandDefinition(isNew ? Insert : Update, new
        {
            Project = project,
            Id = id,
            Name = Core.Identities.Text.CleanLine(request.Name, 200) ?? "",
            TagKind = request.TagKind ?? "campaign",
            Tag = Core.Identities.Text.CleanLine(request.Tag, 500),
            Goal = request.Goal ?? "leads",
            request.GoalTarget,
            Description = Core.Identities.Text.Clean(request.Description, 4_000),
            request.From,
            request.To,
            Responsible = Core.Identities.Text.CleanLine(request.Responsible, 200),
            request.PlanLeads,
            request.PlanClients,
            request.PlanRevenue,
            request.PlanBudget,
            request.ActualSpend,
        }, cancellationToken: ct));

    private const string Insert = $"""
        insert into promotions (project_id, id, name, tag_kind, tag, goal, goal_target, description, first_day, last_day, responsible, plan_leads, plan_clients, plan_revenue, plan_budget, actual_spend)
        values (@Project, @Id, @Name, @TagKind, @Tag, @Goal, @GoalTarget, @Description, @From, @To, @Responsible, @PlanLeads, @PlanClients, @PlanRevenue, @PlanBudget, @ActualSpend)
        returning {PromotionAnswer.Columns}
        """;

    private const string Update = $"""
        update promotions set name = @Name, tag_kind = @TagKind, tag = @Tag, goal = @Goal, goal_target = @GoalTarget, description = @Description, first_day = @From, last_day = @To, responsible = @Responsible,
            plan_leads = @PlanLeads, plan_clients = @PlanClients, plan_revenue = @PlanRevenue, plan_budget = @PlanBudget, actual_spend = @ActualSpend, updated_at = clock_timestamp()
        where project_id = @Project and id = @Id
        returning {PromotionAnswer.Columns}
        """;
}
