using LeadIngest.Api.Senders;

namespace LeadIngest.Api.Ingest;

/// <summary>After any change made through this node its own memory of sites and senders is void at once; the others hear a NOTIFY.</summary>
internal sealed class ForgetSites(SiteDirectory sites, SenderDirectory senders) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        if (!HttpMethods.IsGet(context.HttpContext.Request.Method))
        {
            sites.Clear();
            senders.Clear();
        }
        return answer;
    }
}
