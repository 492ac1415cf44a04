using Dapper;
using LeadIngest.Core.Spend;
using Npgsql;

namespace LeadIngest.Api.Spend;

/// <summary>What an import needs to know of its account and project.</summary>
internal sealed record SpendAccount(Guid Id, string Name, string? Source, string? Medium, string? Currency, bool? VatIncluded)
{
    private const string Columns = "id, name, source, medium, currency::text as currency, vat_included";

    /// <summary>What the sender says wins over the account's settings.</summary>
    public static SpendOptions With(SpendAccount? account, SpendOptions said) => said with
    {
        Source = said.Source ?? account?.Source,
        Medium = said.Medium ?? account?.Medium,
        Currency = said.Currency ?? account?.Currency,
        VatIncluded = said.VatIncluded ?? account?.VatIncluded,
    };

    public static Task<string> CurrencyAsync(NpgsqlConnection connection, Guid project, CancellationToken ct) => connection.QuerySingleAsync<string>(new CommandDefinition(
        "select currency::text from projects where project_id = @Project", new { Project = project }, cancellationToken: ct));

    /// <returns>Null: no such account.</returns>
    public static Task<SpendAccount?> FindAsync(NpgsqlConnection connection, Guid project, Guid? id, string? name, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<SpendAccount>(new CommandDefinition(
            $"select {Columns} from spend_accounts where project_id = @Project and (id = @Id or (@Id is null and lower(name) = lower(@Name)))", new { Project = project, Id = id, Name = name }, cancellationToken: ct));

    /// <summary>Finds or makes the account, and keeps its other writers waiting until the transaction ends.</summary>
    public static Task<SpendAccount?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, Guid? id, string? name, SpendOptions said, Guid newId, CancellationToken ct) => id is { } known
        ? connection.QuerySingleOrDefaultAsync<SpendAccount>(new CommandDefinition($"select {Columns} from spend_accounts where project_id = @Project and id = @Id for update",
            new { Project = project, Id = known }, tx, cancellationToken: ct))
        : connection.QuerySingleOrDefaultAsync<SpendAccount>(new CommandDefinition($"""
            insert into spend_accounts (project_id, id, name, source, medium, currency, vat_included) values (@Project, @Id, @Name, @Source, @Medium, @Currency, @VatIncluded)
            on conflict (project_id, lower(name)) do update set name = spend_accounts.name
            returning {Columns}
            """, new { Project = project, Id = newId, Name = name, said.Source, said.Medium, said.Currency, said.VatIncluded }, tx, cancellationToken: ct));
}
