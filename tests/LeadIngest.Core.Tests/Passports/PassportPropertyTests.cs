using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Passports;

/// <summary>What holds for any input at all.</summary>
public sealed class PassportPropertyTests
{
    private static readonly string[] Pieces =
    [
        "utm_source", "utm_medium", "UTM_Campaign", "utm_term", "utm_", "yclid", "gclid", "_openstat", "from", "roistat", "utm_referrer", "=", "&", "&amp;", "?", "#", ";",
        "%", "%D0", "%D0%BE", "%EA%F3", "%25", "%u043E", "%uD83D", "%00", "+", "{keyword}", "{{", "}}", "[", "]", "__A__", "https://", "yandex.ru", "/maps", "vk", "cpc",
        "сpc", "Р", "С\u0083", "о", "\u00A0", "\u200B", "\uD83D", "\uDE00", "😀", "\u0306", "и", "\0", "\n", " ", "|||", "typ=utm", "src=", "(none)", "&lt;", "&amp;lt;", "xn--", "..", ":", "@",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Elements(Pieces).ListOf().Select(string.Concat),
        ArbMap.Default.GeneratorFor<string>().Select(s => s ?? ""));

    private static readonly Gen<PassportInput> Inputs =
        from page in Text
        from referrer in Text
        from cookies in Text
        from names in Text.ListOf()
        from value in Text
        from own in Text
        select new PassportInput
        {
            Page = page,
            Referrer = referrer,
            Cookies = cookies,
            Fields = [.. names.Select(n => KeyValuePair.Create(n, value)), KeyValuePair.Create("utm_source", value), KeyValuePair.Create("COOKIES", cookies)],
            OwnHosts = [own],
        };

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    [Fact]
    public void It_never_throws_and_the_same_input_gives_the_same_passport() => Check.One(Many, Prop.ForAll(Inputs.ToArbitrary(), input =>
        Describe(Writing.Input(input)) == Describe(Writing.Input(input))));

    [Fact]
    public void Mending_a_mended_text_changes_nothing() => Check.One(Many.WithMaxTest(20000), Prop.ForAll(Text.ToArbitrary(), text =>
    {
        var faults = Faults.None;
        var once = Mending.Text(text, SourceCatalog.Default, ref faults);
        var again = Faults.None;
        return Mending.Text(once, SourceCatalog.Default, ref again) == once && (again & ~Faults.Lossy) == Faults.None;
    }));

    [Fact]
    public void A_mended_text_can_be_stored_anywhere() => Check.One(Many, Prop.ForAll(Text.ToArbitrary(), text =>
    {
        var faults = Faults.None;
        var mended = Mending.Text(text, SourceCatalog.Default, ref faults);
        return !mended.Any(char.IsControl) && mended == mended.Trim() && mended.EnumerateRunes().Count() <= Mending.LongestValue
            && mended == new string([.. mended.EnumerateRunes().SelectMany(r => r.ToString())]);
    }));

    [Fact]
    public void Plain_tags_survive_any_order_of_parameters_and_case_of_names()
    {
        string[] names = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "utm_id", "yclid", "gclid", "page"];
        var word = Gen.Elements(["yandex", "vk", "cpc", "email", "окна пвх", "Поиск_Москва", "a+b&c=d", "50%", "#1", "x?y=z", "brand", "1"]);
        var links =
            from values in word.ArrayOf(names.Length)
            from order in Gen.Shuffle(Enumerable.Range(0, names.Length).ToArray())
            from upper in Gen.Elements(true, false).ArrayOf(names.Length)
            select (values, order: order.ToArray(), upper);
        Check.One(Many, Prop.ForAll(links.ToArbitrary(), link =>
        {
            string Pair(int i, bool upper) => (upper ? names[i].ToUpperInvariant() : names[i]) + "=" + Uri.EscapeDataString(link.values[i]);
            var straight = Writing.Query(string.Join('&', names.Select((_, i) => Pair(i, false))));
            var shuffled = Writing.Query(string.Join('&', link.order.Select(i => Pair(i, link.upper[i]))));
            return Describe(straight with { LandingPage = null }) == Describe(shuffled with { LandingPage = null })
                && names[..6].Select((name, i) => straight.Utm[name] == link.values[i]).All(kept => kept);
        }));
    }

    [Fact]
    public void The_case_of_a_known_source_and_medium_does_not_matter() => Check.One(Many, Prop.ForAll(
        (from source in Gen.Elements([.. EmbeddedData.Rows("source-aliases.csv").Select(row => row[0])])
         from medium in Gen.Elements([.. EmbeddedData.Rows("mediums.csv").Select(row => row[0])])
         select (source, medium)).ToArbitrary(), pair =>
        {
            string Link(string s, string m) => $"utm_source={Uri.EscapeDataString(s)}&utm_medium={Uri.EscapeDataString(m)}";
            var lower = Writing.Query(Link(pair.source, pair.medium));
            var upper = Writing.Query(Link(pair.source.ToUpperInvariant(), pair.medium.ToUpperInvariant()));
            // A pair that the dictionary does not have is shown as it was written.
            return (lower.Channel, lower.Source?.ToLowerInvariant(), lower.Medium) == (upper.Channel, upper.Source?.ToLowerInvariant(), upper.Medium);
        }));

    [Fact]
    public void The_page_is_kept_as_it_was_posted() => Check.One(Many, Prop.ForAll(Text.ToArbitrary(), page =>
        Writing.Page(page) is { LandingPage: { } kept } && page.StartsWith(kept, StringComparison.Ordinal) && (kept.Length == page.Length || page.Length > 2000)));

    private static string Describe(Passport p) => string.Join('|',
        p.Channel, p.Source, p.Medium, p.Campaign, p.Content, p.Keyword, p.Origin, p.Confidence, p.LandingPage, p.Referrer,
        string.Join(',', p.Utm), string.Join(',', p.ClickIds), string.Join(',', p.Evidence), string.Join(',', p.Warnings));
}
