using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Preview;

/// <summary>Stands between an account and the network: reads go through, what would change the CRM is written down and answered as the CRM would.</summary>
internal sealed class RecordingHandler(CrmConnection connection, HttpMessageHandler network) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _network = new(network, disposeHandler: false);
    private readonly Secrets _secrets = new(connection.Token);
    private readonly PlausibleAmocrm _amocrm = new();
    private readonly PlausibleBitrix24 _bitrix24 = new();
    private readonly List<PlannedRequest> _requests = [];

    public IReadOnlyList<PlannedRequest> Requests => _requests;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
        var isRead = connection.Kind == "amocrm" ? request.Method == HttpMethod.Get : PlausibleBitrix24.OnlyReads(body!);
        _requests.Add(new PlannedRequest(request.Method.Method, Path(request.RequestUri!), Shown(body), isRead));
        if (!isRead)
        {
            return Answer(connection.Kind == "amocrm" ? _amocrm.Write(request.RequestUri!.AbsolutePath, body!.AsArray()) : _bitrix24.Batch(body!));
        }

        var answer = await _network.SendAsync(request, cancellationToken).ConfigureAwait(false);
        // Fields that the account would have by then are among those it answers with.
        return _amocrm.MadeFields.Count > 0 && request.RequestUri!.AbsolutePath.EndsWith("/leads/custom_fields", StringComparison.Ordinal) && answer.IsSuccessStatusCode
            ? Answer(_amocrm.WithFields(await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)))
            : answer;
    }

    protected override void Dispose(bool disposing)
    {
        // Not the network: it is the caller's.
        if (disposing)
        {
            _network.Dispose();
        }

        base.Dispose(disposing);
    }

    private string Path(Uri address)
    {
        var path = Uri.UnescapeDataString(address.PathAndQuery);
        // A webhook's secret is a part of its address, the last before the method.
        return connection is { Kind: "bitrix24", IsApplication: false }
            ? path.Replace($"/{connection.BaseAddress.AbsolutePath.TrimEnd('/').Split('/')[^1]}/", "/***/", StringComparison.Ordinal)
            : _secrets.Mask(path);
    }

    private static JsonNode? Shown(JsonNode? body)
    {
        var shown = body?.DeepClone();
        if (shown is JsonObject map && map.ContainsKey("auth"))
        {
            map["auth"] = "***";
        }

        return shown;
    }

    private static HttpResponseMessage Answer(JsonNode body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
