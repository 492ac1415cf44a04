namespace LeadIngest.Core.Junk;

/// <summary>Mail domains that give anybody an address for ten minutes (<c>Junk/Data</c>).</summary>
public static class DisposableDomains
{
    private static readonly HashSet<string> Listed = new(JunkData.Lines("disposable_email_blocklist.conf"), StringComparer.Ordinal);
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Listed.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True for a listed domain and for every name under it.</summary>
    /// <param name="domain">Lower-case ASCII, as <see cref="Identities.Email"/> spells it.</param>
    public static bool Contains(ReadOnlySpan<char> domain) => DomainNames.AnyOf(domain, Lookup.Contains);
}

internal static class DomainNames
{
    internal delegate bool Test(ReadOnlySpan<char> name);

    /// <summary>Asks for the domain itself, then for each domain that it lies under.</summary>
    internal static bool AnyOf(ReadOnlySpan<char> domain, Test test)
    {
        while (domain.Length > 0)
        {
            if (test(domain))
                return true;
            var dot = domain.IndexOf('.');
            domain = dot < 0 ? default : domain[(dot + 1)..];
        }
        return false;
    }

    /// <summary>What follows the @.</summary>
    internal static ReadOnlySpan<char> Of(string address) => address.AsSpan(address.LastIndexOf('@') + 1);
}
