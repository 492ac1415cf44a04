using LeadIngest.Crm;

namespace LeadIngest.Api.Features.Connecting;

/// <summary>A look at an account needs no lease: it sends no lead.</summary>
internal sealed class Anybody : ICallGuard
{
    public static readonly Anybody MayAsk = new();

    public bool MayCall => true;
}
