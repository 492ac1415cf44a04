using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>Finds the marketing tags of a message, whatever it calls them, and gives them the names that the passport's rules and the CRMs know.</summary>
internal static class HookTags
{
    private const int LongestValue = 2000;
    private static readonly string[] UtmParts = ["source", "medium", "campaign", "content", "term", "id", "referrer"];
    private static readonly string[] CustomParameters = ["attrs", "customfields", "custom", "customparams", "attributes", "parameters", "userparams", "userfields"];

    private static readonly Dictionary<string, string> Names = new[]
    {
        ("yclid", "yclid"), ("ymclid", "ymclid"), ("gclid", "gclid"), ("gbraid", "gbraid"), ("wbraid", "wbraid"), ("fbclid", "fbclid"), ("vk_click_id", "vkclickid"),
        ("vkclid", "vkclid"), ("rb_clickid", "rbclickid"), ("ttclid", "ttclid"), ("ysclid", "ysclid"), ("msclkid", "msclkid"), ("twclid", "twclid"), ("erid", "erid"),
        ("_openstat", "openstat"), ("roistat_visit", "roistatvisit"), ("clbvid", "clbvid"), ("ct_session_id", "ctsessionid calltouchsession"),
        ("_ym_uid", "ymuid yaclientid metrikaclientid ymclientid yacid yandexclientid"),
        ("ga_client_id", "ga gcid gaclientid googleclientid gacid guaclientid uaclientid gclientid"),
        ("utm_term", "utmkeyword"), ("utm_id", "utmcampaignid"),
    }.SelectMany(row => row.Item2.Split(' ').Select(name => (Name: name, Tag: row.Item1))).ToDictionary(row => row.Name, row => row.Tag);

    /// <summary>Takes the tags out of the facts, each name once, and with them our own visit and visitor.</summary>
    public static void Take(HookFacts facts, CallDraft draft)
    {
        foreach (var (name, value) in facts.Renamed)
            if (Canonical(HookFacts.Fold(name)) is { } tag) draft.AddTag(tag, value);
            else draft.AddField(name, value);
        foreach (var fact in facts.Open)
        {
            var name = HookFacts.Fold(fact.Path);
            var last = HookFacts.LastSegment(name);
            if (Canonical(name) is { } tag)
            {
                fact.Taken = true;
                draft.AddTag(tag, CallDraft.Line(fact.Value, LongestValue));
            }
            else if (last is "leadingestvisit" or "livisit" or "leadingestvisitid" || (last == "visitid" && IsCustom(name)))
            {
                fact.Taken = true;
                draft.VisitId ??= CallDraft.Line(fact.Value, 100);
            }
            else if (last is "leadingestvisitor" or "livisitor" or "leadingestvisitorid" || (last == "visitorid" && IsCustom(name)))
            {
                fact.Taken = true;
                draft.VisitorId ??= CallDraft.Line(fact.Value, 100);
            }
        }
    }

    /// <summary>
    /// The provider's own attribution, where the visitor's tags say less: it names the medium of the same source, and the source where neither tags,
    /// click ids nor openstat do. The draft then warns <c>source_from_provider</c>: no link ever said it.
    /// </summary>
    public static void Complete(CallDraft draft, string? source, string? medium, string? campaign = null, string? keyword = null)
    {
        source = Meaningful(source);
        if (source is null) return;
        medium = Meaningful(medium);
        if (draft.Tag("utm_source") is { } tagged)
        {
            if (!tagged.Equals(source, StringComparison.OrdinalIgnoreCase) || medium is null || draft.Tag("utm_medium") is not null) return;
            draft.AddTag("utm_medium", medium);
        }
        else
        {
            var own = PassportRules.Write(new PassportInput { Page = draft.Page, Referrer = draft.Referrer, Fields = draft.Tags }, SourceCatalog.Default, SourceDictionary.Default);
            if (own.Origin is Origin.Utm or Origin.ClickId or Origin.Openstat && own.Confidence != Confidence.Guessed) return;
            draft.AddTag("utm_source", source);
            draft.AddTag("utm_medium", medium);
            draft.AddTag("utm_campaign", Meaningful(campaign));
        }
        draft.AddTag("utm_term", Meaningful(keyword));
        draft.Warn("source_from_provider");
    }

    private static string? Meaningful(string? word) =>
        WordsForNothing.IsNothing(word) || HookFacts.Fold(word!) is "(direct)" or "direct" or "typein" or "offline" or "прямойзаход" or "прямыезаходы"
            or "неопределено" ? null : CallDraft.Line(word, LongestValue);

    private static string? Canonical(string folded)
    {
        var last = HookFacts.LastSegment(folded);
        if (Names.TryGetValue(last, out var name)) return name;
        // utm.source of utm[source]; session.utmSource; data_utm_source and uf_crm_utm_source of CRMs. Not eq_utm_source, which is another thing.
        var joined = last;
        if (folded.EndsWith("utm." + last, StringComparison.Ordinal)) joined = "utm" + last;
        foreach (var start in (ReadOnlySpan<string>)["utm", "datautm", "ufcrmutm"])
            if (joined.StartsWith(start, StringComparison.Ordinal) && Array.IndexOf(UtmParts, joined[start.Length..]) is >= 0 and var part) return "utm_" + UtmParts[part];
        return null;
    }

    private static bool IsCustom(string folded) => folded.Split('.')[..^1].Any(part => CustomParameters.Contains(part));
}
