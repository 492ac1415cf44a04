using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Passports;

/// <summary>Short forms of "write a passport of this".</summary>
internal static class Writing
{
    internal static Passport Page(string page, string? referrer = null, params string[] ownHosts) =>
        Input(new PassportInput { Page = page, Referrer = referrer, OwnHosts = ownHosts });

    internal static Passport Query(string query) => Page("https://example.ru/?" + query);

    internal static Passport Referrer(string referrer) => Page("https://example.ru/", referrer);

    internal static Passport Fields(params (string Name, string Value)[] fields) =>
        Input(new PassportInput { Fields = [.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))] });

    internal static Passport Input(PassportInput input) => PassportRules.Write(input, SourceCatalog.Default, SourceDictionary.Default);

    /// <summary>The value that a landing page with one keyword gives.</summary>
    internal static string? Term(string encoded) => Query("utm_source=yandex&utm_term=" + encoded).Keyword;
}
