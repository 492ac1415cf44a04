using System.Collections.Frozen;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>Every provider whose webhooks are read, by the word in the address. A new one is a file of its own and a line here.</summary>
internal static class CallProviders
{
    private static readonly FrozenDictionary<string, ICallProvider> All = new ICallProvider[]
    {
        new Beeline(),
        new Callibri(),
        new Calltouch(),
        new GenericCalls(),
        new Mango(),
        new Megafon(),
        new Mts(),
        new Roistat(),
        new Twilio(),
        new Uis(),
        new Zadarma(),
    }.ToFrozenDictionary(provider => provider.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>In alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Keys.Order(StringComparer.Ordinal)];

    /// <returns>Null for a provider that nobody wrote an adapter for.</returns>
    public static ICallProvider? Find(string name) => All.GetValueOrDefault(name);
}
