using System.Security.Cryptography;
using System.Text;
using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Privacy;

/// <summary>
/// By what an erased person is known again: HMAC-SHA256 under a key of the project's own, which is kept encrypted. There are too few phones for a hash alone: without the key all of them could
/// be tried.
/// </summary>
internal sealed class ErasureKeys(CredentialsCipher cipher)
{
    public static byte[] Hash(byte[] key, string kind, string value) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{kind}:{value}"));

    /// <returns>Null: nobody was erased yet.</returns>
    /// <exception cref="CryptographicException">The key ring lacks the key.</exception>
    public async Task<byte[]?> FindAsync(NpgsqlConnection connection, NpgsqlTransaction? tx, Guid project, CancellationToken ct) =>
        await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition("select key from erasure_keys where project_id = @P", new { P = project }, tx, cancellationToken: ct)) is { } stored
            ? Open(project, stored) : null;

    public async Task<byte[]> EnsureAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, CancellationToken ct)
    {
        await connection.ExecuteAsync(new CommandDefinition("insert into erasure_keys (project_id, key) values (@P, @Key) on conflict do nothing",
            new { P = project, Key = cipher.Encrypt(project, project, RandomNumberGenerator.GetBytes(32)) }, tx, cancellationToken: ct));
        return (await FindAsync(connection, tx, project, ct))!;
    }

    public byte[] Open(Guid project, byte[] stored) => cipher.Decrypt(project, project, stored);
}
