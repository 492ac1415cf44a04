using LeadIngest.Crm.Amocrm;
using LeadIngest.Crm.Bitrix24;

namespace LeadIngest.Crm;

/// <summary>Makes accounts of the CRMs that are known.</summary>
public static class CrmAccounts
{
    /// <summary>
    /// The account of a connection, with a breaker of its own. The handler and the budgets are shared by all accounts; the handler is not disposed
    /// with the account.
    /// </summary>
    /// <param name="connection">How to reach it.</param>
    /// <param name="timings">Time-outs and limits.</param>
    /// <param name="budgets">Shared by all accounts.</param>
    /// <param name="handler">Shared by all accounts.</param>
    /// <param name="clock">Everybody's.</param>
    /// <param name="tokens">Keeps the access fresh; null: that of the connection never changes.</param>
    /// <exception cref="ArgumentException">The connection's kind is not known, its address is not absolute, or amoCRM's token is missing.</exception>
    public static ICrmAccount Create(CrmConnection connection, CrmTimings timings, RequestBudgets budgets, HttpMessageHandler handler,
        TimeProvider clock, ICrmTokens? tokens = null)
    {
        if (!connection.BaseAddress.IsAbsoluteUri || connection.BaseAddress.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException("The address of the CRM must be an absolute http(s) address.", nameof(connection));
        }

        if (tokens is null && connection.Token is not { Length: > 0 } && (connection.Kind == "amocrm" || connection.IsApplication))
        {
            throw new ArgumentException("The connection needs a token.", nameof(connection));
        }

        tokens ??= new FixedAccess(connection.BaseAddress, connection.Token);
        return connection.Kind switch
        {
            "amocrm" => new AmocrmAccount(connection, timings, budgets, handler, clock, tokens),
            "bitrix24" => new Bitrix24Account(connection, timings, budgets, handler, clock, tokens),
            _ => throw new ArgumentException($"There is no CRM \"{connection.Kind}\".", nameof(connection)),
        };
    }

    /// <summary>
    /// A handler fit to be shared by all accounts: no redirects (they turn a POST into a GET), no cookies, no proxy from the environment,
    /// connect 5 s, connections 5 minutes so that a moved host is noticed. Idle ones are closed early, before the CRM closes them: a create
    /// written to a connection that is already closed ends as a doubt.
    /// </summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
}
