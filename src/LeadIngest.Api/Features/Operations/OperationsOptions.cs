namespace LeadIngest.Api.Features.Operations;

/// <summary>Section <c>Operations</c>.</summary>
internal sealed class OperationsOptions
{
    /// <summary>When set, <c>/metrics</c> wants it as <c>Authorization: Bearer …</c>. Default: open, there is nothing personal in it.</summary>
    public string? MetricsToken { get; init; }

    /// <summary>Whether the description of the API is shown at <c>/swagger</c>. Default: everywhere but in Production.</summary>
    public bool? Swagger { get; init; }
}
