using System.Net;
using System.Text;

namespace LeadIngest.Crm.Tests;

/// <summary>A CRM that answers by a script and remembers what it was asked.</summary>
internal sealed class ScriptedCrm : HttpMessageHandler
{
    private readonly Func<Asked, HttpResponseMessage> _answer;

    public ScriptedCrm(Func<Asked, HttpResponseMessage> answer) => _answer = answer;

    public ScriptedCrm(params Func<HttpResponseMessage>[] answers)
    {
        var queue = new Queue<Func<HttpResponseMessage>>(answers);
        _answer = _ => queue.Dequeue()();
    }

    internal sealed record Asked(HttpMethod Method, string PathAndQuery, string Body);

    public List<Asked> Requests { get; } = [];

    public static HttpResponseMessage Json(int status, string body) => new((HttpStatusCode)status)
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
    };

    public static HttpResponseMessage Html(int status, string title) => new((HttpStatusCode)status)
    {
        Content = new StringContent($"<html><head><title>{title}</title></head></html>", Encoding.UTF8, "text/html"),
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        if (request.Content is not null)
        {
            await request.Content.CopyToAsync(body, cancellationToken);
        }

        var asked = new Asked(request.Method, request.RequestUri!.PathAndQuery, Encoding.UTF8.GetString(body.ToArray()));
        Requests.Add(asked);
        return _answer(asked);
    }
}
