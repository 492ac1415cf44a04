using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Access;

/// <summary>
/// The set-up of an installation that has nobody yet: a code on the console proves that whoever opens the page first runs the service. It is valid until it is
/// used or another one is printed, on whichever node.
/// </summary>
internal sealed class FirstStart(Database db, People people, TimeProvider clock, IOptions<PublicAddress> address)
{
    /// <summary>Prints a new code where there is nobody; else voids what was printed before.</summary>
    /// <param name="local">Where this process listens; used when no public address is set.</param>
    public async Task AnnounceAsync(TextWriter console, string? local, CancellationToken ct)
    {
        var isNeeded = !people.IsDemo && !await people.AnybodyAsync(ct);
        var code = Secrets.NewCode();
        await using (var connection = await db.Access.OpenConnectionAsync(ct))
        await using (var tx = await connection.BeginTransactionAsync(ct))
        {
            await connection.ExecuteAsync(new CommandDefinition("delete from setup_codes", transaction: tx, cancellationToken: ct));
            if (isNeeded)
                await connection.ExecuteAsync(new CommandDefinition("insert into setup_codes (code_hash, created_at) values (@Hash, @Now)", new { Hash = Secrets.HashOfCode(code), Now = clock.GetUtcNow() }, tx, cancellationToken: ct));
            await tx.CommitAsync(ct);
        }
        if (!isNeeded) return;
        await console.WriteLineAsync($"Nobody can sign in yet. Open {address.Value.PublicUrl?.TrimEnd('/') ?? local ?? "the page"}/ and set up with the code {code}");
        await console.FlushAsync(ct);
    }
}
