using LeadIngest.Api.Features.Connections;
using LeadIngest.Crm;
using LeadIngest.Crm.OAuth;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Connecting;

/// <summary>The one HTTP handler of all calls to CRMs, and the vendors' token endpoints over it.</summary>
internal sealed class CrmHttp : IDisposable
{
    private readonly TokenCalls _calls;

    public CrmHttp(IOptions<CrmHosts> hosts, TimeProvider clock)
    {
        var handler = CrmAccounts.CreateHandler();
        Handler = hosts.Value.Emulator is { Length: > 0 } emulator ? new EmulatorRoute(new Uri(emulator)) { InnerHandler = handler } : handler;
        _calls = new TokenCalls(Handler, clock);
        Amocrm = new AmocrmOAuth(_calls);
        Bitrix24 = new Bitrix24OAuth(_calls);
    }

    public HttpMessageHandler Handler { get; }
    public AmocrmOAuth Amocrm { get; }
    public Bitrix24OAuth Bitrix24 { get; }

    public void Dispose()
    {
        _calls.Dispose();
        Handler.Dispose();
    }

    /// <summary>Sends what is meant for the vendors to the emulator, which tells the accounts apart by the host that was meant.</summary>
    private sealed class EmulatorRoute(Uri emulator) : DelegatingHandler
    {
        private static readonly string[] Vendors = [".amocrm.ru", ".amocrm.com", ".kommo.com", ".bitrix24.ru", ".bitrix24.com", ".bitrix24.by", ".bitrix24.kz", ".bitrix24.eu", ".bitrix24.tech", ".bitrix.info"];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var meant = request.RequestUri!;
            if (Vendors.Any(v => meant.Host.EndsWith(v, StringComparison.OrdinalIgnoreCase)))
            {
                request.Headers.Host = meant.Host;
                request.RequestUri = new Uri(emulator, meant.PathAndQuery);
            }
            return base.SendAsync(request, cancellationToken);
        }
    }
}
