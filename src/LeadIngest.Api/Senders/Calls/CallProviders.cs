using LeadIngest.Api.Senders.Calls.Providers;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>All providers whose webhooks are read, by hand. A new one is a file of its own, a page in api-spec/senders and a line here.</summary>
internal static class CallProviders
{
    public static IReadOnlyList<ICallProvider> All { get; } =
    [
        new Calltouch(),
        new Uis(),
        new Callibri(),
        new Mango(),
        new Zadarma(),
        new Roistat(),
        new Megafon(),
        new Beeline(),
        new Mts(),
        new Twilio(),
        new GenericCalls(),
    ];

    private static readonly Dictionary<string, ICallProvider> ByName = All.ToDictionary(provider => provider.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>In the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(provider => provider.Name)];

    /// <summary>By the word in the address, whatever its case.</summary>
    /// <returns>Null for a provider that nobody wrote an adapter for.</returns>
    public static ICallProvider? Find(string name) => ByName.GetValueOrDefault(name);
}
