namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>One advertising cabinet, ready to be asked. Nothing is thrown but the caller's own cancellation and a database that is away.</summary>
internal interface ICabinet
{
    /// <param name="from">By the cabinet's clock.</param>
    /// <param name="to">Not before <paramref name="from"/>.</param>
    /// <param name="load">Names the question: asked again with the same, it is the same question and not a new report.</param>
    Task<CabinetEnd> LoadAsync(DateOnly from, DateOnly to, Guid load, CancellationToken ct);

    /// <summary>The cheapest question that shows whether the login works. <see cref="CabinetEnd.Loaded"/> and <see cref="CabinetEnd.Building"/> say that it does.</summary>
    Task<CabinetEnd> CheckAsync(DateOnly day, CancellationToken ct);
}
