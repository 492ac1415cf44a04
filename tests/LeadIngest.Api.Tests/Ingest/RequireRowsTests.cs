using Npgsql;

namespace LeadIngest.Api.Tests.Ingest;

/// <summary>The function by which a batch notices that what it read is stale. Called with a parameter named "found" it failed for every known client.</summary>
public sealed class RequireRowsTests
{
    [Fact]
    public async Task Passes_when_all_rows_were_as_read_and_fails_as_a_serialisation_failure_when_not()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);

        await using (var kept = source.CreateCommand("select require_rows(2, 2)")) await kept.ExecuteNonQueryAsync();

        await using var stale = source.CreateCommand("select require_rows(1, 2)");
        var failure = await Assert.ThrowsAsync<PostgresException>(() => stale.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.SerializationFailure, failure.SqlState);
    }
}
