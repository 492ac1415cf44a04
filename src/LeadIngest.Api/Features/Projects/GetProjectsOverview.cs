using System.Collections.Concurrent;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Alerts;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Sources;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Projects;

/// <summary>Shows side by side what each of the caller's projects cost and brought, where the caller may see its reports. Each by its own time zone, model and currency: nothing is added up.</summary>
internal sealed class GetProjectsOverview : IEndpoint
{
    private const int MostProjects = 200, MostDays = 3_700, AtOnce = 2;

    /// <param name="From">First day; 29 days before <paramref name="To"/> when absent.</param>
    /// <param name="To">Last day, included; today (UTC) when absent.</param>
    internal sealed record Query(DateOnly? From, DateOnly? To);

    private sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(q => q.To).GreaterThanOrEqualTo(q => q.From).When(q => q.From is not null && q.To is not null).WithMessage("Must not be before 'from'.");
            RuleFor(q => q.To).Must((q, to) => to!.Value.DayNumber - q.From!.Value.DayNumber < MostDays).When(q => q.From is not null && q.To >= q.From).WithMessage($"At most {MostDays} days.");
            RuleFor(q => q.From).Must(d => d!.Value.Year is >= 2000 and <= 2100).When(q => q.From is not null).WithMessage("From 2000 to 2100.");
            RuleFor(q => q.To).Must(d => d!.Value.Year is >= 2000 and <= 2100).When(q => q.To is not null).WithMessage("From 2000 to 2100.");
        }
    }

    /// <param name="Items">By name; at most 200.</param>
    internal sealed record Response(DateOnly From, DateOnly To, IReadOnlyList<ProjectFigures> Items);

    /// <param name="Role">The caller's in it; <c>owner</c> for an API key.</param>
    /// <param name="Currency">ISO 4217, of all money in this row.</param>
    /// <param name="Romi">Which meaning the project's pages show: <c>payback</c> or <c>net</c>.</param>
    /// <param name="Spend">Null: unknown, which is not 0.</param>
    /// <param name="Deals">Made in the period.</param>
    /// <param name="Won">Won in the period and not lost since; deals of amount 0 are among them.</param>
    /// <param name="Cpl">Spend a lead; null: no value.</param>
    /// <param name="RomiPayback">Revenue / spend: 1 is break-even; null: no value.</param>
    /// <param name="RomiNet">(Revenue − spend) / spend: 0 is break-even; null: no value.</param>
    /// <param name="Alerts">Errors and warnings that concern the caller.</param>
    internal sealed record ProjectFigures(Guid Id, string Name, bool IsDemo, string Role, string Currency, string Romi, decimal? Spend, long Leads, decimal Deals, decimal Won, decimal Revenue, decimal? Cpl,
        decimal? RomiPayback, decimal? RomiNet, int Alerts);

    private sealed record Member(Guid Id, string Name, bool IsDemo, string Role);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/overview", HandleAsync).Validate(new Validator()).Needs(Right.Names);

    internal static async Task<Ok<Response>> HandleAsync([AsParameters] Query query, Caller caller, Database db, AlertBoard board, TimeProvider clock, CancellationToken ct)
    {
        var to = query.To ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var range = new DayRange(query.From is { } from && from <= to ? from : query.From is null ? to.AddDays(-29) : to, to);
        var items = await OutsideRequest.RunAsync(() => CountAsync(caller, range, db, board, ct));
        return TypedResults.Ok(new Response(range.From, range.To, items));
    }

    private static async Task<IReadOnlyList<ProjectFigures>> CountAsync(Caller caller, DayRange range, Database db, AlertBoard board, CancellationToken ct)
    {
        List<Member> members;
        await using (var connection = await db.Reading.OpenConnectionAsync(ct))
            members = [.. (await connection.QueryAsync<Member>(new CommandDefinition(caller.UserId is null ? Own : All, new { caller.ProjectId, User = caller.UserId, MostProjects }, cancellationToken: ct)))
                .Where(m => Roles.RightsOf(m.Role).HasFlag(Right.Reports))];
        var figures = new ConcurrentDictionary<Guid, ProjectFigures>();
        // Few at a time: reports of others go on meanwhile.
        await Parallel.ForEachAsync(members, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (member, stop) => figures[member.Id] = await OfAsync(member, range, db, board, stop));
        return [.. members.Select(m => figures[m.Id])];
    }

    private static async Task<ProjectFigures> OfAsync(Member member, DayRange range, Database db, AlertBoard board, CancellationToken ct)
    {
        ReportProject project;
        SourceFigures sums;
        await using (var connection = await db.Reports.OpenConnectionAsync(ct))
        {
            project = await ReportProject.ReadAsync(connection, member.Id, ct);
            var query = new GetSources.Query { From = range.From, To = range.To };
            var all = await GetSources.SumsAsync(connection, new SourcesSql(member.Id, query, [], [], query.Place(project.Attribution.Model)), range, ct);
            sums = SourceSums.Sum([.. all.Values]).Figures();
        }
        var (alerts, _) = await board.OfAsync(member.Id, ct);
        return new(member.Id, member.Name, member.IsDemo, member.Role, project.Currency, project.Romi == RomiKind.Net ? "net" : "payback", sums.Spend, sums.Leads, sums.Deals, sums.Won, sums.Revenue,
            sums.Cpl.Value, sums.RomiPayback.Value, sums.RomiNet.Value, Alert.For(alerts, Roles.RightsOf(member.Role), seesAll: true).Count(a => a.Severity is "error" or "warning"));
    }

    private const string Own = "select project_id as id, name, is_demo, 'owner' as role from projects where project_id = @ProjectId";

    private const string All = """
        select p.project_id as id, p.name, p.is_demo, m.role from memberships m join projects p on p.project_id = m.project_id
        where m.user_id = @User and m.disabled_at is null order by lower(p.name), p.project_id limit @MostProjects
        """;
}
