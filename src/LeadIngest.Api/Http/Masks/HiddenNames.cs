namespace LeadIngest.Api.Http.Masks;

/// <summary>
/// Names under which people typed a contact, «Ольга 8 916 123-45-67»: masked where they are shown (<see cref="MaskKind.Free"/>), and no search by a part of a name may find them for a caller who may not see
/// contacts, for asked digit by digit it would tell what is hidden.
/// </summary>
internal static class HiddenNames
{
    /// <summary>SQL: the name holds neither an @ nor four digits with nothing but separators between them.</summary>
    public static string Without(string column) => $@"{column} !~ '@|([0-9][^0-9[:alpha:]]{{0,4}}){{4}}'";
}
