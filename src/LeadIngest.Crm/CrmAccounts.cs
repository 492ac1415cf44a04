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
    /// <exception cref="ArgumentException">The connection's kind is not known, its address is not absolute, or amoCRM's token is missing.</exception>
    public static ICrmAccount Create(CrmConnection connection, CrmTimings timings, RequestBudgets budgets, HttpMessageHandler handler,
        TimeProvider clock)
    {
        if (!connection.BaseAddress.IsAbsoluteUri || connection.BaseAddress.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException("The address of the CRM must be an absolute http(s) address.", nameof(connection));
        }

        return connection.Kind switch
        {
            "amocrm" when connection.Token is not { Length: > 0 } => throw new ArgumentException("A connection to amoCRM needs a token.", nameof(connection)),
            "amocrm" => new AmocrmAccount(connection, timings, budgets, handler, clock),
            "bitrix24" when connection.IsApplication && connection.Token is not { Length: > 0 } => throw new ArgumentException("An application needs a token.", nameof(connection)),
            "bitrix24" => new Bitrix24Account(connection, timings, budgets, handler, clock),
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
