using System.Data.Common;
using Dapper;
using LeadIngest.Api.Features.Reports.Shared;
using LeadIngest.Api.Features.Reports.Team.Shared;
using LeadIngest.Core.Metrics;
using LeadIngest.Core.Times;
using Npgsql;

namespace LeadIngest.Api.Features.Reports.Team.Funnel;

/// <param name="ConnectionId">The CRM account.</param>
/// <param name="PipelineId">In which the deals stand now.</param>
/// <param name="Key">Null: of rows that have none, and of a pipeline's total.</param>
/// <param name="Owner">The account that the key belongs to.</param>
/// <param name="IsTotal">All deals of the pipeline.</param>
internal readonly record struct FunnelKey(Guid ConnectionId, string PipelineId, string? Key, Guid? Owner, bool IsTotal);

/// <summary>
/// Counts the funnels of deals made in a period. The database only finds the deals and their steps, each once and in no order; a year of 130,000 deals with half a million
/// steps is then counted here by <see cref="FunnelCount"/> faster than the database could sort them.
/// </summary>
internal static class FunnelReading
{
    /// <summary>A stage of another pipeline, or one that nobody knows.</summary>
    private const string Elsewhere = "";

    /// <summary>A deal of the cohort: whose funnels it counts in, and the stages that its pipeline has.</summary>
    private readonly record struct Member(int Group, int Total, Dictionary<string, string> Stages);

    private readonly record struct Step(int Deal, int N, DateTime At, string StageId);

    public static async Task<Dictionary<FunnelKey, FunnelReport>> ReadAsync(NpgsqlConnection connection, ReportProject project, ReportQuery query, FunnelStages stages, Dimension? dimension, DayRange range, CancellationToken ct)
    {
        var values = Filters.Values(project, query, range);
        // A step of a deal that is written between both readings would belong to no deal of the first.
        await using var tx = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        // The deals of a year fit into one hash of this size; spilled to disk they take half as long again.
        await connection.ExecuteAsync(new CommandDefinition("set local work_mem = '64MB'", transaction: tx, cancellationToken: ct));

        var origins = dimension?.Key.StartsWith("o.", StringComparison.Ordinal) == true || Filters.NamePassport(query) ? Filters.Origins : "";
        var cohort = $"from deal_facts f {origins} where f.project_id = @ProjectId and f.made_day between @First and @Last{Filters.OfDeals(query)}";
        var funnels = new List<(FunnelKey Key, FunnelCount Count)>();
        var byKey = new Dictionary<FunnelKey, int>();
        var known = new Dictionary<(Guid, string), Dictionary<string, string>>();
        var deals = new Dictionary<Guid, int>();
        var members = new List<Member>();
        await using (var reader = await ReaderAsync($"select f.deal_id, f.connection_id, f.pipeline_id, {dimension?.Key ?? "null::text"} as key {cohort}"))
            while (await reader.ReadAsync(ct))
            {
                var (account, pipeline) = (reader.GetGuid(1), reader.GetString(2));
                if (!known.TryGetValue((account, pipeline), out var ids)) known[(account, pipeline)] = ids = stages.Of(account, pipeline).ToDictionary(s => s.Id, s => s.Id, StringComparer.Ordinal);
                var total = Funnel(new(account, pipeline, null, null, true));
                var group = dimension is null ? total : Funnel(new(account, pipeline, reader.IsDBNull(3) ? null : reader.GetString(3), dimension.IsOfConnection ? account : null, false));
                deals.Add(reader.GetGuid(0), members.Count);
                members.Add(new(group, total, ids));
            }

        var steps = new List<Step>(members.Count * 5);
        await using (var reader = await ReaderAsync($"select s.deal_id, s.n, s.at, case when s.pipeline_id = f.pipeline_id then s.stage_id end from (select f.project_id, f.deal_id, f.pipeline_id {cohort}) f join stage_changes s on s.project_id = f.project_id and s.deal_id = f.deal_id"))
            while (await reader.ReadAsync(ct))
            {
                var deal = deals[reader.GetGuid(0)];
                steps.Add(new(deal, reader.GetInt32(1), reader.GetDateTime(2), reader.IsDBNull(3) ? Elsewhere : members[deal].Stages.GetValueOrDefault(reader.GetString(3), Elsewhere)));
            }
        await tx.CommitAsync(ct);
        Count(members, steps, funnels);
        return funnels.ToDictionary(f => f.Key, f => f.Count.Report());

        Task<DbDataReader> ReaderAsync(string sql) => connection.ExecuteReaderAsync(new CommandDefinition(sql, values, tx, cancellationToken: ct));

        int Funnel(FunnelKey key)
        {
            if (byKey.TryGetValue(key, out var at)) return at;
            funnels.Add((key, new([.. stages.Of(key.ConnectionId, key.PipelineId).Select(s => new FunnelStage(s.Id, s.Kind))])));
            return byKey[key] = funnels.Count - 1;
        }
    }

    /// <summary>Puts the steps to their deals (by counting: there are as many places as deals) and each deal's into their order.</summary>
    private static void Count(List<Member> members, List<Step> steps, List<(FunnelKey Key, FunnelCount Count)> funnels)
    {
        var ends = new int[members.Count + 1];
        foreach (var step in steps) ends[step.Deal + 1]++;
        for (var at = 1; at < ends.Length; at++) ends[at] += ends[at - 1];
        var next = ends[..^1];
        var (numbers, entries) = (new int[steps.Count], new StageEntry[steps.Count]);
        foreach (var step in steps)
        {
            var at = next[step.Deal]++;
            (numbers[at], entries[at]) = (step.N, new(step.At, step.StageId));
        }
        for (var deal = 0; deal < members.Count; deal++)
        {
            var (from, length) = (ends[deal], ends[deal + 1] - ends[deal]);
            Array.Sort(numbers, entries, from, length);
            var (group, total, _) = members[deal];
            funnels[group].Count.Add(entries.AsSpan(from, length));
            if (total != group) funnels[total].Count.Add(entries.AsSpan(from, length));
        }
    }
}
