using System.Text.Json;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Reading;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>Pipelines, stages, people and reasons of loss of a portal.</summary>
/// <param name="client">Of the portal.</param>
/// <param name="settings">Of the connection.</param>
/// <param name="isBackground">False for a person who waits.</param>
internal sealed class Bitrix24Directories(Bitrix24Client client, ConnectionSettings settings, bool isBackground = true)
{
    private const int PageSize = 50;

    /// <summary>Two thousand people.</summary>
    private const int MostUserPages = 40;

    public async Task<DealsRead> ReadAsync(ICallGuard guard, CancellationToken ct)
    {
        var commands = new Dictionary<string, Bitrix24Command>
        {
            ["categories"] = new Bitrix24Command("crm.category.list").With("2", "entityTypeId"),
            ["leads"] = Statuses("STATUS"),
            ["users"] = Users(0),
        };
        if (settings.LostReasonField is { } field)
        {
            commands["reasons"] = new Bitrix24Command("crm.deal.userfield.list").With(field, "filter", "FIELD_NAME");
        }

        var answers = await AskAsync(commands, guard, ct).ConfigureAwait(false);
        if (answers.Of("categories") is not CallEnd.Ok categories)
        {
            return answers.Of("categories").ToDealsRead();
        }

        var pipelines = categories.Body.Get("categories").Items().Select(c => (Id: c.Get("id").Text() ?? "0", Name: c.Get("name").Text() ?? "", Sort: Bitrix24Rows.Sort(c.Get("sort")), IsMain: c.Get("isDefault").Text() is "Y")).ToList();
        if (!pipelines.Exists(p => p.Id == "0"))
        {
            // Not every portal lists the pipeline that everyone has.
            pipelines.Insert(0, ("0", "", 0, !pipelines.Exists(p => p.IsMain)));
        }

        commands = pipelines.Take(Bitrix24Client.MaxCommands - 1).ToDictionary(p => $"p{p.Id}", p => Statuses(p.Id == "0" ? "DEAL_STAGE" : $"DEAL_STAGE_{p.Id}"));
        var stages = await AskAsync(commands, guard, ct).ConfigureAwait(false);
        var read = new List<RemotePipeline>();
        foreach (var (id, name, sort, isMain) in pipelines.Where(p => commands.ContainsKey($"p{p.Id}")))
        {
            if (stages.Of($"p{id}") is not CallEnd.Ok rows)
            {
                return stages.Of($"p{id}").ToDealsRead();
            }

            read.Add(new RemotePipeline(DealKind.Deal, id, Words.Bound(name, 300, oneLine: true) ?? id, sort, Stages(rows)) { IsMain = isMain });
        }

        if (answers.Of("leads") is CallEnd.Ok statuses)
        {
            read.Add(new RemotePipeline(DealKind.Lead, "", "", 0, Stages(statuses)));
        }

        var (users, failure) = await UsersAsync(answers, guard, ct).ConfigureAwait(false);
        return failure ?? new DealsRead.Page
        {
            Directories = new DealDirectories { Pipelines = read, Users = users, LostReasons = Reasons(answers, read) },
        };
    }

    /// <summary>A portal has no reasons of loss of its own: a lost stage is one, or a field that the business has made for it.</summary>
    private List<RemoteReason>? Reasons(Bitrix24Answers answers, List<RemotePipeline> pipelines)
    {
        if (settings.LostReasonField is null)
        {
            return [.. pipelines.SelectMany(p => p.Stages).Where(s => s.State == "lost").Select(s => new RemoteReason(s.Id, s.Name)).DistinctBy(r => r.Id)];
        }

        return answers.Of("reasons") is CallEnd.Ok fields
            ? [.. fields.Body.Items().SelectMany(f => f.Get("LIST").Items()).Where(v => v.Get("ID").Text() is not null)
                .Select(v => new RemoteReason(v.Get("ID").Text()!, Words.Bound(v.Get("VALUE").Text(), 300, oneLine: true) ?? "")).DistinctBy(r => r.Id)]
            : null;
    }

    /// <returns>Null users: the webhook lacks the right <c>user</c>.</returns>
    private async Task<(List<RemoteUser>? Users, DealsRead? Failure)> UsersAsync(Bitrix24Answers first, ICallGuard guard, CancellationToken ct)
    {
        if (first.Of("users") is not CallEnd.Ok page)
        {
            return (null, null);
        }

        var rows = page.Body.Items().ToList();
        if (first.Total("users") is { } total && total > rows.Count && rows.Count > 0)
        {
            var commands = Enumerable.Range(1, Math.Min(MostUserPages, (total - 1) / PageSize)).ToDictionary(p => $"u{p}", p => Users(p * PageSize));
            var more = await AskAsync(commands, guard, ct).ConfigureAwait(false);
            foreach (var key in commands.Keys)
            {
                if (more.Of(key) is not CallEnd.Ok next)
                {
                    return (null, more.Of(key).ToDealsRead());
                }

                rows.AddRange(next.Body.Items());
            }
        }

        return ([.. rows.Where(r => r.Get("ID").TryId(out _)).DistinctBy(r => Bitrix24Rows.Id(r.Get("ID")))
            .Select(r => new RemoteUser(Bitrix24Rows.Id(r.Get("ID"))!, Name(r), r.Get("ACTIVE").Text() is not "false"))], null);
    }

    private static string Name(JsonElement user) =>
        Words.Bound($"{user.Get("NAME").Text()} {user.Get("LAST_NAME").Text()}".Trim(), 200, oneLine: true) ?? Bitrix24Rows.Id(user.Get("ID"))!;

    private static IReadOnlyList<RemoteStage> Stages(CallEnd.Ok rows) => [.. rows.Body.Items().Select(Bitrix24Rows.Stage).Where(s => s.Id.Length > 0).DistinctBy(s => s.Id).OrderBy(s => s.Sort)];

    private static Bitrix24Command Statuses(string entity) => new Bitrix24Command("crm.status.list").With(entity, "filter", "ENTITY_ID").With("ASC", "order", "SORT");

    private static Bitrix24Command Users(int start) => new Bitrix24Command("user.get").With(start.ToString(System.Globalization.CultureInfo.InvariantCulture), "start");

    private Task<Bitrix24Answers> AskAsync(Dictionary<string, Bitrix24Command> commands, ICallGuard guard, CancellationToken ct) =>
        client.BatchAsync(commands, halt: false, isRead: true, guard, ct, isBackground);
}
