using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>The index behind <c>query=</c>: whole values of fields, words of names, digits of phones.</summary>
/// <remarks>Phones are found as written, by all their digits, and by the last ten; so <c>+7…</c> and <c>8…</c> are different
/// questions, as with the vendor. A part of a value other than these is not found: a scan would be too slow here.</remarks>
internal static class Search
{
    private const int NationalDigits = 10;

    public static void Index(Account account, Entity entity)
    {
        account.UpdatesOf(entity.Kind).Add(entity);
        foreach (var key in Keys(entity))
            account.SearchOf(entity.Kind).Add(key, entity.Id);
    }

    public static void Unindex(Account account, Entity entity)
    {
        account.UpdatesOf(entity.Kind).Remove(entity);
        foreach (var key in Keys(entity))
            account.SearchOf(entity.Kind).Remove(key, entity.Id);
    }

    public static IEnumerable<Entity> Find(Account account, Kind kind, string query)
    {
        var text = query.Trim().ToLowerInvariant();
        var index = account.SearchOf(kind);
        var youngest = account.Youngest();
        IEnumerable<long> ids = index.Find(text);
        if (Digits.LooksLikePhone(text) && Digits.Of(text) is { Length: >= NationalDigits } digits)
            ids = ids.Concat(index.Find("#" + digits)).Distinct().Order();
        foreach (var id in ids)
        {
            if (account.Find(kind, id) is { } entity && Account.IsVisible(entity, youngest))
                yield return entity;
        }
    }

    private static IEnumerable<string> Keys(Entity entity)
    {
        foreach (var word in Words(entity.Name))
            yield return word;
        foreach (var field in entity.Fields)
        {
            foreach (var item in field.Items)
            {
                var text = item.Value.ToLowerInvariant();
                yield return text;
                if (!field.Field.IsMultiText || !Digits.LooksLikePhone(text))
                    continue;
                var digits = Digits.Of(text);
                yield return "#" + digits;
                if (digits.Length > NationalDigits)
                    yield return "#" + digits[^NationalDigits..];
            }
        }
    }

    private static IEnumerable<string> Words(string name)
    {
        if (name.Length == 0)
            yield break;
        var text = name.ToLowerInvariant();
        yield return text;
        if (!text.Contains(' ', StringComparison.Ordinal))
            yield break;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            yield return word;
    }
}
