using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Data;
using LeadIngest.Crm;
using LeadIngest.Crm.Preview;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Delivery;

/// <summary>Makes the account of a connection. Tests put their own in its place.</summary>
internal interface ICrmAccountFactory
{
    ICrmAccount Create(CrmConnection connection);
}

/// <summary>
/// The accounts this process has spoken to, by connection: limits and breakers outlive the lease. A connection whose credentials or settings
/// have changed gets a new one. Two connections to one CRM account share its lease and its request budget.
/// </summary>
internal sealed class CrmAccountPool(ICrmAccountFactory factory, CredentialsCipher cipher) : IAsyncDisposable
{
    private readonly Dictionary<Guid, (string Version, ICrmAccount Account)> _accounts = [];
    private readonly SemaphoreSlim _turn = new(1);

    /// <exception cref="InvalidCredentialsException">The connection's credentials or settings cannot be read.</exception>
    public async Task<ICrmAccount> GetAsync(ConnectionRow connection, CancellationToken ct)
    {
        var version = Version(connection);
        await _turn.WaitAsync(ct);
        try
        {
            if (_accounts.TryGetValue(connection.Id, out var known))
            {
                if (known.Version == version) return known.Account;
                _accounts.Remove(connection.Id);
                await known.Account.DisposeAsync();
            }
            var account = factory.Create(Read(connection));
            _accounts[connection.Id] = (version, account);
            return account;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, account) in _accounts.Values) await account.DisposeAsync();
        _accounts.Clear();
        _turn.Dispose();
    }

    private static string Version(ConnectionRow connection) =>
        Convert.ToHexString(SHA256.HashData([.. connection.Credentials, .. Encoding.UTF8.GetBytes(connection.Settings)]));

    /// <exception cref="InvalidCredentialsException">The connection's credentials or settings cannot be read.</exception>
    public CrmConnection Read(ConnectionRow connection)
    {
        try
        {
            var credentials = Credentials.FromBytes(cipher.Decrypt(connection.ProjectId, connection.Id, connection.Credentials));
            return new CrmConnection
            {
                Kind = connection.Crm,
                BaseAddress = new Uri(credentials.BaseAddress),
                Token = credentials.Token,
                Settings = JsonSerializer.Deserialize<ConnectionSettings>(connection.Settings, JsonSerializerOptions.Web) ?? new(),
            };
        }
        catch (Exception e) when (e is CryptographicException or JsonException or UriFormatException or NullReferenceException or ArgumentNullException)
        {
            throw new InvalidCredentialsException($"The credentials or settings of connection {connection.Id} cannot be read.", e);
        }
    }
}

internal sealed class InvalidCredentialsException(string message, Exception inner) : Exception(message, inner);

/// <summary>The real accounts, over one shared HTTP handler.</summary>
internal sealed class CrmAccountFactory(IOptions<CrmTimings> timings, TimeProvider clock) : ICrmAccountFactory, IDisposable
{
    private readonly SocketsHttpHandler _handler = CrmAccounts.CreateHandler();
    private readonly RequestBudgets _budgets = new(clock);

    public ICrmAccount Create(CrmConnection connection) => CrmAccounts.Create(connection, timings.Value, _budgets, _handler, clock);

    /// <summary>What a lead would cause; nothing of it is sent. Reads count in the account's limits like any other.</summary>
    public Task<DeliveryPreview> PreviewAsync(OutgoingLead lead, CrmConnection connection, CancellationToken ct) =>
        DeliveryPreview.RunAsync(lead, connection, timings.Value, _budgets, _handler, clock, ct);

    public void Dispose() => _handler.Dispose();
}
