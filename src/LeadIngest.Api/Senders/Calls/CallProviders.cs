namespace LeadIngest.Api.Senders.Calls;

/// <summary>The call providers that are read here, by the word in their address.</summary>
internal static class CallProviders
{
    private static readonly Dictionary<string, ICallProvider> All = new ICallProvider[]
    {
        new GenericCalls(),
    }.ToDictionary(p => p.Name, StringComparer.Ordinal);

    public static IReadOnlyList<string> Names { get; } = [.. All.Keys.Order(StringComparer.Ordinal)];

    public static ICallProvider? Find(string name) => All.GetValueOrDefault(name);
}
