using System.Text.Json;
using Dapper;
using LeadIngest.Core.Spend;
using Npgsql;
using NpgsqlTypes;

namespace LeadIngest.Api.Spend;

/// <summary>
/// Writes and undoes imports. An import speaks for whole days of its account: what was there for them stays in the table but does not count any more, and
/// counts again when the import is undone. Callers hold the account's row.
/// </summary>
internal static class SpendStore
{
    /// <summary>Rows of the file that are kept beside one row of spend; a row is made of more only where a table is far finer than a keyword a day.</summary>
    private const int MostOriginals = 20;

    /// <param name="covered">Days that the import speaks for beside those that it names.</param>
    /// <returns>How many rows do not count any more.</returns>
    public static async Task<int> WriteAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, Guid account, Guid import, IReadOnlyList<SpendDay> spend, IEnumerable<DateOnly> covered,
        decimal? vatRate, DateTimeOffset now, CancellationToken ct)
    {
        var days = spend.Select(s => s.Day).Concat(covered).Distinct().ToArray();
        var args = new { Project = project, Account = account, Import = import, Days = days };
        var replaced = await connection.ExecuteAsync(new CommandDefinition(Replace, args, tx, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Cover, args, tx, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Told, null, tx, cancellationToken: ct));
        await using (var copy = await connection.BeginBinaryImportAsync(Copy, ct))
        {
            foreach (var row in spend)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(project, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(Guid.CreateVersion7(now), NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(account, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(import, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(row.Day, NpgsqlDbType.Date, ct);
                var level = row.Level;
                foreach (var text in new[] { level.CampaignId, level.CampaignName, level.GroupId, level.GroupName, level.AdId, level.AdName, level.Keyword, level.Source, level.Medium })
                {
                    if (text is null) await copy.WriteNullAsync(ct);
                    else await copy.WriteAsync(text, NpgsqlDbType.Text, ct);
                }
                await copy.WriteAsync(level.Currency, NpgsqlDbType.Char, ct);
                await copy.WriteAsync(level.VatIncluded, NpgsqlDbType.Boolean, ct);
                await copy.WriteAsync(vatRate ?? Vat.Rate(row.Day), NpgsqlDbType.Numeric, ct);
                await copy.WriteAsync(row.Amount, NpgsqlDbType.Numeric, ct);
                await copy.WriteAsync(row.Clicks, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(row.Impressions, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(JsonSerializer.Serialize(row.Lines.Take(MostOriginals).Select(l => l.From == row.Day ? new object[] { l.Line, l.Cells } : [l.Line])), NpgsqlDbType.Jsonb, ct);
            }
            await copy.CompleteAsync(ct);
        }
        await connection.ExecuteAsync(new CommandDefinition(Keep, null, tx, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Names, args, tx, cancellationToken: ct));
        return replaced;
    }

    /// <summary>What the cabinet itself told before of these days is not kept: it would grow by a week of rows every day, and the cabinet can be asked again.</summary>
    public static Task ForgetToldBeforeAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, Guid account, Guid import, DateOnly[] days, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Forget, new { Project = project, Account = account, Import = import, Days = days }, tx, cancellationToken: ct));

    /// <summary>Takes an import back: on each of its days the newest of the imports before it or after it counts.</summary>
    public static async Task UndoAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, Guid account, Guid import, CancellationToken ct)
    {
        var args = new { Project = project, Account = account, Import = import };
        var days = await connection.QueryAsync<DateOnly>(new CommandDefinition("delete from spend_import_days where project_id = @Project and import_id = @Import returning day", args, tx, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(TakeBack, new { args.Project, args.Account, args.Import, Days = days.ToArray() }, tx, cancellationToken: ct));
    }

    /// <summary>What leads may call a campaign, from now on; a name of several campaigns is nobody's. An id wins over a name that stands for itself.</summary>
    public static string NamesFrom(string rows) => $"""
        insert into spend_names (project_id, kind, value, campaign_key)
        select @Project, kind, value, case when count(distinct campaign_key) filter (where campaign_key like 'id:%') > 1 then null
            else coalesce(min(campaign_key) filter (where campaign_key like 'id:%'), min(campaign_key)) end
        from ({rows}) s cross join lateral (values ('campaign', btrim(campaign_id)), ('group', btrim(group_id)), ('ad', btrim(ad_id)), ('name', campaign_name_key(campaign_name))) n (kind, value)
        where campaign_key is not null and nullif(value, '') is not null
        group by kind, value
        on conflict (project_id, kind, value) do update set campaign_key = case
            when excluded.campaign_key is null or spend_names.campaign_key is null then null
            when excluded.campaign_key like 'name:%' then spend_names.campaign_key
            when spend_names.campaign_key like 'name:%' or spend_names.campaign_key = excluded.campaign_key then excluded.campaign_key end
        """;

    private const string Replace = "update spend set current = false where project_id = @Project and account_id = @Account and day = any(@Days) and current";

    private const string Cover = "insert into spend_import_days (project_id, account_id, day, import_id) select @Project, @Account, day, @Import from unnest(@Days) day";

    private const string Columns = """
        project_id, id, account_id, import_id, day, campaign_id, campaign_name, group_id, group_name, ad_id, ad_name, keyword, source, medium, currency, vat_included, vat_rate, amount, clicks,
            impressions, original
        """;

    // A table with row-level security takes no copy. By way of a table of the session it is one statement all the same, which leaves one mark for the figures.
    private const string Told = "create temporary table told_spend (like spend) on commit drop; alter table told_spend alter current drop not null, alter level_key drop not null";

    private const string Copy = $"copy told_spend ({Columns}) from stdin (format binary)";

    private const string Keep = $"insert into spend ({Columns}) select {Columns} from told_spend";

    private static readonly string Names = NamesFrom("select campaign_key, campaign_id, campaign_name, group_id, ad_id from spend where project_id = @Project and import_id = @Import");

    private const string Forget = """
        with told as (
            delete from spend_import_days d using spend_imports i
            where d.project_id = @Project and d.account_id = @Account and d.day = any(@Days) and d.import_id <> @Import
                and i.project_id = d.project_id and i.id = d.import_id and i.origin <> 'file'
            returning d.import_id)
        delete from spend s where s.project_id = @Project and s.import_id in (select import_id from told) and s.day = any(@Days) and not s.current
        """;

    private const string TakeBack = """
        delete from spend where project_id = @Project and import_id = @Import;
        update spend_imports set undone_at = coalesce(undone_at, clock_timestamp()) where project_id = @Project and id = @Import;
        update spend s set current = true
        from (select distinct on (d.day) d.day, d.import_id from spend_import_days d join spend_imports i on i.project_id = d.project_id and i.id = d.import_id
              where d.project_id = @Project and d.account_id = @Account and d.day = any(@Days) order by d.day, i.created_at desc, i.id desc) n
        where s.project_id = @Project and s.account_id = @Account and s.day = n.day and s.import_id = n.import_id and not s.current
        """;
}
