using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>Looks at an amoCRM account before leads are trusted to it.</summary>
internal static class AmocrmCheck
{
    private static readonly string[] Utm = ["UTM_SOURCE", "UTM_MEDIUM", "UTM_CAMPAIGN", "UTM_CONTENT", "UTM_TERM"];

    public static async Task<AccountCheck> RunAsync(AmocrmClient client, AmocrmFields cache, ICallGuard guard, CancellationToken ct)
    {
        if (await client.GetAsync("account?with=is_api_filter_enabled", guard, ct).ConfigureAwait(false) is var end && end is not CallEnd.Ok)
        {
            return new AccountCheck(false, [$"The account cannot be read. {end.Why}"]);
        }

        var account = ((CallEnd.Ok)end).Body;
        cache.Forget();
        var (fields, failure) = await cache.GetAsync(guard, ct).ConfigureAwait(false);
        if (fields is null)
        {
            return new AccountCheck(false, [$"The lead fields cannot be read. {failure!.Why}"]);
        }

        var findings = new List<string>();
        if (!fields.Has(AmocrmFields.LeadId))
        {
            findings.Add("The field for the lead's id could not be made (the token's user is no administrator?): the id goes into a tag instead.");
        }

        if (Utm.Where(code => !fields.Has(code)).ToArray() is { Length: > 0 } missing)
        {
            findings.Add($"The account has no fields {string.Join(", ", missing)}: these values are left out of its deals.");
        }

        findings.Add($"The account \"{Words.Short(account.Get("name").Text() ?? account.Get("subdomain").Text() ?? "?", 100)}\" can be read.");
        findings.Add(account.Get("is_api_filter_enabled").Text() is "true"
            ? "API filters are on."
            : "API filters are off: changed deals are read without them, which is slower.");
        if (fields.Has(AmocrmFields.LeadId))
        {
            findings.Add("The lead's own fields are in place.");
        }

        return new AccountCheck(true, findings);
    }
}
