using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Connecting;
using LeadIngest.Api.Data;
using LeadIngest.Crm;
using LeadIngest.Crm.Preview;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Delivery;

/// <summary>Makes the account of a connection. Tests put their own in its place.</summary>
internal interface ICrmAccountFactory
{
    /// <param name="connection">How to reach it.</param>
    /// <param name="tokens">Keeps its access fresh.</param>
    ICrmAccount Create(CrmConnection connection, ICrmTokens? tokens);
}

/// <summary>
/// The accounts this process has spoken to, by connection: limits and breakers outlive the lease. A connection whose credentials or settings
/// have changed gets a new one; a login that was only refreshed keeps its account. Two connections to one CRM account share its lease and its request budget.
/// </summary>
internal sealed class CrmAccountPool(ICrmAccountFactory factory, CredentialsCipher cipher, TokenKeeper? keeper = null) : IAsyncDisposable
{
    private readonly Dictionary<Guid, (string Stored, string Version, ICrmAccount Account)> _accounts = [];
    private readonly SemaphoreSlim _turn = new(1);

    /// <exception cref="InvalidCredentialsException">The connection's credentials or settings cannot be read.</exception>
    public async Task<ICrmAccount> GetAsync(ConnectionRow connection, CancellationToken ct)
    {
        var stored = Hash([.. connection.Credentials, .. Encoding.UTF8.GetBytes(connection.Settings)]);
        await _turn.WaitAsync(ct);
        try
        {
            if (_accounts.TryGetValue(connection.Id, out var known) && known.Stored == stored) return known.Account;
            var credentials = Read(connection);
            var tokens = Tokens(connection, credentials);
            var version = credentials.Login is { } login ? Hash(Encoding.UTF8.GetBytes($"{login.Keys?.ClientId}\n{connection.Settings}")) : stored;
            if (known.Account is not null)
            {
                if (known.Version == version)
                {
                    _accounts[connection.Id] = known with { Stored = stored };
                    return known.Account;
                }
                _accounts.Remove(connection.Id);
                await known.Account.DisposeAsync();
            }
            var account = factory.Create(Connection(connection, credentials), tokens);
            _accounts[connection.Id] = (stored, version, account);
            return account;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What an account of one's own is made of, for a look beside the one that delivery uses; the login is shared.</summary>
    /// <exception cref="InvalidCredentialsException">The connection's credentials or settings cannot be read.</exception>
    public (CrmConnection Connection, ICrmTokens? Tokens) Access(ConnectionRow connection)
    {
        var credentials = Read(connection);
        return (Connection(connection, credentials), Tokens(connection, credentials));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, _, account) in _accounts.Values) await account.DisposeAsync();
        _accounts.Clear();
        _turn.Dispose();
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    private ICrmTokens? Tokens(ConnectionRow connection, Credentials credentials) => keeper?.Of(connection.ProjectId, connection.Id, connection.Crm, credentials);

    private Credentials Read(ConnectionRow connection)
    {
        try
        {
            return Credentials.FromBytes(cipher.Decrypt(connection.ProjectId, connection.Id, connection.Credentials));
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            throw Unreadable(connection, e);
        }
    }

    private static InvalidCredentialsException Unreadable(ConnectionRow connection, Exception e) =>
        new($"The credentials or settings of connection {connection.Id} cannot be read.", e);

    /// <exception cref="InvalidCredentialsException">The address or the settings cannot be read.</exception>
    public static CrmConnection Connection(ConnectionRow connection, Credentials credentials)
    {
        try
        {
            return new CrmConnection
            {
                Kind = connection.Crm,
                BaseAddress = new Uri(credentials.BaseAddress),
                Token = credentials.Token,
                IsApplication = connection.Crm == "bitrix24" && credentials.Login is not null,
                Settings = JsonSerializer.Deserialize<ConnectionSettings>(connection.Settings, JsonSerializerOptions.Web) ?? new(),
            };
        }
        catch (Exception e) when (e is JsonException or UriFormatException or NullReferenceException or ArgumentNullException)
        {
            throw Unreadable(connection, e);
        }
    }
}

internal sealed class InvalidCredentialsException(string message, Exception inner) : Exception(message, inner);

/// <summary>The real accounts, over one shared HTTP handler.</summary>
internal sealed class CrmAccountFactory(IOptions<CrmTimings> timings, CrmHttp http, TimeProvider clock) : ICrmAccountFactory
{
    private readonly RequestBudgets _budgets = new(clock);

    public ICrmAccount Create(CrmConnection connection, ICrmTokens? tokens) => CrmAccounts.Create(connection, timings.Value, _budgets, http.Handler, clock, tokens);

    /// <summary>What a lead would cause; nothing of it is sent. Reads count in the account's limits like any other.</summary>
    public Task<DeliveryPreview> PreviewAsync(OutgoingLead lead, CrmConnection connection, ICrmTokens? tokens, CancellationToken ct) =>
        DeliveryPreview.RunAsync(lead, connection, timings.Value, _budgets, http.Handler, clock, tokens, ct);
}
