using LeadIngest.Core.Clients;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Junk;

namespace LeadIngest.Core.Tests.Junk;

public class JunkRulesTests
{
    private static readonly JunkInput Enquiry = new()
    {
        Name = "Анна Петрова",
        Comment = "Сколько стоит остекление балкона 6 м?",
        Phone = PhoneOf("+7 916 123-45-67"),
        FilledInSeconds = 40,
        UserAgent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
        OwnHosts = ["okna-plus.ru"],
    };

    private static Phone PhoneOf(string text) => Phone.TryParse(text, "RU", out var phone) ? phone : throw new ArgumentException(text);

    private static Email EmailOf(string text) => Email.TryParse(text, out var email) ? email : throw new ArgumentException(text);

    private static void Judged(JunkInput lead, LeadStatus? status, params string[] reasons)
    {
        var verdict = JunkRules.Judge(lead);
        Assert.Equal((status, string.Join(',', reasons)), (verdict.Status, string.Join(',', verdict.Reasons)));
    }

    [Fact]
    public void An_enquiry_has_no_reasons() => Judged(Enquiry, null);

    [Fact]
    public void Nothing_known_is_an_enquiry() => Judged(new(), null);

    [Fact]
    public void One_decisive_reason_is_enough()
    {
        Judged(Enquiry with { Honeypot = true }, LeadStatus.Spam, "honeypot");
        Judged(Enquiry with { UserAgent = "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)" }, LeadStatus.Spam, "bot_agent");
        Judged(Enquiry with { Phone = null, Email = EmailOf("a@mail.0-mail.com") }, LeadStatus.Spam, "disposable_contact");
        Judged(Enquiry with { Listed = [(StopKind.Ip, LeadStatus.Spam)] }, LeadStatus.Spam, "stop_list_ip");
        Judged(Enquiry with { TestFlag = true }, LeadStatus.Test, "test_flag");
    }

    [Fact]
    public void A_trial_wins_over_spam() =>
        Judged(Enquiry with { Honeypot = true, Listed = [(StopKind.Word, LeadStatus.Spam), (StopKind.Phone, LeadStatus.Test)] }, LeadStatus.Test, "stop_list_phone", "stop_list_word", "honeypot");

    [Fact]
    public void One_suspicion_never_loses_a_client()
    {
        Judged(Enquiry with { FilledInSeconds = 1.9 }, null, "filled_fast");
        Judged(Enquiry with { Email = EmailOf("a@0-mail.com") }, null, "disposable_email");
        Judged(Enquiry with { Phone = null, HasOtherContact = true, Email = EmailOf("a@0-mail.com") }, null, "disposable_email");
        Judged(Enquiry with { Name = "Пётр www.stroika.example" }, null, "links_in_name");
        Judged(Enquiry with { Comment = "https://a.example https://b.example http://c.example" }, null, "many_links");
        Judged(Enquiry with { Comment = "Как тут: https://a.example/shkaf" }, null, "link_in_comment");
        Judged(Enquiry with { TextRepeats = true }, null, "repeated_text");
        Judged(Enquiry with { UserAgent = "Mozilla/5.0 HeadlessChrome/126.0" }, null, "automated_agent");
        Judged(Enquiry with { Phone = PhoneOf("+7 999 999-99-99") }, null, "placeholder_contact");
        Judged(Enquiry with { Email = EmailOf("test@test.ru") }, null, "placeholder_contact");
    }

    [Fact]
    public void Suspicions_add_up()
    {
        Judged(Enquiry with { FilledInSeconds = 0.4, Comment = "<a href=\"https://a.example\">SEO</a>" }, LeadStatus.Spam, "many_links", "filled_fast");
        Judged(Enquiry with { Comment = "Best SEO https://a.example", TextRepeats = true }, LeadStatus.Spam, "link_in_comment", "repeated_text");
        Judged(Enquiry with { FilledInSeconds = 0, TextRepeats = true }, null, "repeated_text", "filled_fast");
        Judged(Enquiry with { FilledInSeconds = 0, TextRepeats = true, Email = EmailOf("a@0-mail.com") }, LeadStatus.Spam, "disposable_email", "repeated_text", "filled_fast");
    }

    [Fact]
    public void Links_to_the_sites_own_pages_are_its_forms_doing()
    {
        Judged(Enquiry with { Comment = "Заявка со страницы https://www.okna-plus.ru/balkon https://okna-plus.ru/a http://shop.okna-plus.ru/b" }, null);
        Judged(Enquiry with { OwnHosts = [], Page = "https://xn--80atjc.xn--p1ai/a", Comment = "Страница: https://окна.рф/a" }, null);
    }

    [Theory]
    [InlineData(2.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Times_that_tell_nothing_are_no_suspicion(double seconds) => Judged(Enquiry with { FilledInSeconds = seconds }, null);

    [Fact]
    public void Whatever_is_sent_is_judged_and_the_same_way_twice()
    {
        var random = new Random(11);
        string[] pieces = ["http", "https://", "www.", "www", "<a href", "[url=", "\0", "\uD800", "ё", "https://a.b", "://", "Googlebot/", "@", " ", "\n", "казино", "0-mail.com", "xn--", "%"];
        for (var turn = 0; turn < 5_000; turn++)
        {
            string? Text() => random.Next(5) == 0 ? null : string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var lead = new JunkInput
            {
                Name = Text(),
                Comment = Text(),
                UserAgent = Text(),
                Page = Text(),
                OwnHosts = [Text() ?? ""],
                FilledInSeconds = random.NextDouble() * 4,
                Email = Email.TryParse(Text(), out var email) ? email : null,
                TextRepeats = random.Next(2) == 0,
                Honeypot = random.Next(9) == 0,
            };
            var (first, second) = (JunkRules.Judge(lead), JunkRules.Judge(lead));
            Assert.Equal((first.Status, string.Join(',', first.Reasons)), (second.Status, string.Join(',', second.Reasons)));
            Assert.Equal(first.Reasons.Count, first.Reasons.Distinct().Count());
        }
    }

    [Fact]
    public void A_long_text_full_of_links_is_read_quickly()
    {
        var text = string.Concat(Enumerable.Repeat("httphttpwww", 200_000));
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var turn = 0; turn < 50; turn++) JunkRules.Judge(new() { Name = text, Comment = text, UserAgent = text });
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(2));
    }
}
