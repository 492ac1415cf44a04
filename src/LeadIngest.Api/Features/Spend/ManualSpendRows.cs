using Dapper;
using LeadIngest.Api.Spend;
using Npgsql;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Writes amounts by hand.</summary>
internal static class ManualSpendRows
{
    /// <returns>The row as it is now; null when an update found none.</returns>
    public static async Task<ManualSpendAnswer?> SaveAsync(NpgsqlConnection connection, Guid project, Guid id, ManualSpendAnswer.Request request, bool isNew, CancellationToken ct)
    {
        await using var tx = await connection.BeginTransactionAsync(ct);
        var args = new
        {
            Project = project,
            Id = id,
            Name = Clean(request.Name),
            request.From,
            request.To,
            request.Amount,
            request.Currency,
            VatIncluded = request.VatIncluded ?? true,
            Source = Clean(request.Source),
            Medium = Clean(request.Medium),
            CampaignId = Clean(request.CampaignId),
            Campaign = Clean(request.Campaign),
            Note = Core.Identities.Text.Clean(request.Note, 2000),
        };
        var row = await connection.QuerySingleOrDefaultAsync<ManualSpendAnswer>(new CommandDefinition(isNew ? Insert : Update, args, tx, cancellationToken: ct));
        if (row is null) return null;
        await connection.ExecuteAsync(new CommandDefinition(Names, new { Project = project, Id = id }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return row;

        static string? Clean(string? text) => Core.Identities.Text.CleanLine(text, 500);
    }

    private const string Insert = $"""
        insert into spend_manual (project_id, id, name, first_day, last_day, amount, currency, vat_included, source, medium, campaign_id, campaign_name, note)
        select @Project, @Id, @Name, @From, @To, @Amount, coalesce(@Currency, currency), @VatIncluded, @Source, @Medium, @CampaignId, @Campaign, @Note from projects where project_id = @Project
        returning {ManualSpendAnswer.Columns}
        """;

    private const string Update = $"""
        update spend_manual set name = @Name, first_day = @From, last_day = @To, amount = @Amount, currency = coalesce(@Currency, currency), vat_included = @VatIncluded, source = @Source, medium = @Medium,
            campaign_id = @CampaignId, campaign_name = @Campaign, note = @Note, updated_at = clock_timestamp()
        where project_id = @Project and id = @Id
        returning {ManualSpendAnswer.Columns}
        """;

    private static readonly string Names = SpendStore.NamesFrom("""
        select campaign_key(campaign_id, campaign_name) as campaign_key, campaign_id, campaign_name, null::text as group_id, null::text as ad_id from spend_manual where project_id = @Project and id = @Id
        """);
}
