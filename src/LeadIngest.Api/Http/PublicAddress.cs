using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Http;

/// <summary>Section <c>Http</c>: how the world reaches this service.</summary>
internal sealed class PublicAddress
{
    /// <summary>For example <c>https://leads.example.ru</c>. Default: as the request came; set it when a proxy ends TLS.</summary>
    [Url]
    public string? PublicUrl { get; init; }

    /// <summary>The address without a closing slash.</summary>
    public string For(HttpRequest request) => PublicUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}{request.PathBase}";
}
