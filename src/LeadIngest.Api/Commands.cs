namespace LeadIngest.Api;

/// <summary>What the binary can be asked to do: run (default), <c>migrate</c>, <c>spec &lt;file&gt;</c>, <c>project &lt;name&gt;</c>.</summary>
internal static class Commands
{
    public static async Task<int> RunAsync(string[] args)
    {
        var connectionString = Environment.GetEnvironmentVariable("ConnectionStrings__Postgres") ?? "";
        await using var app = LeadIngestApp.Build(args, connectionString);
        await Data.Migrator.ApplyAsync(connectionString, CancellationToken.None);
        await app.RunAsync();
        return 0;
    }
}
