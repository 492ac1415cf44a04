using System.Net;
using LeadIngest.Core.Clients;
using LeadIngest.Core.Junk;

namespace LeadIngest.Core.Tests.Junk;

public class StopListTests
{
    [Theory]
    [InlineData(StopKind.Phone, "8 (916) 123-45-67", "+79161234567")]
    [InlineData(StopKind.Email, " Spam@Example.RU ", "spam@example.ru")]
    [InlineData(StopKind.Domain, "@Example.ru", "example.ru")]
    [InlineData(StopKind.Domain, "окна.рф", "xn--80atjc.xn--p1ai")]
    [InlineData(StopKind.Ip, "192.0.2.77/24", "192.0.2.0/24")]
    [InlineData(StopKind.Ip, "192.0.2.10", "192.0.2.10")]
    [InlineData(StopKind.Ip, "::ffff:192.0.2.10", "192.0.2.10")]
    [InlineData(StopKind.Ip, "::ffff:192.0.2.77/120", "192.0.2.0/24")]
    [InlineData(StopKind.Ip, "::ffff:192.0.2.10/128", "192.0.2.10")]
    [InlineData(StopKind.Ip, "2001:DB8::1/32", "2001:db8::/32")]
    [InlineData(StopKind.Word, "  Казино-Онлайн ", "казино онлайн")]
    [InlineData(StopKind.Word, "Счёт", "счет")]
    [InlineData(StopKind.Visitor, " 0190a1b2 ", "0190a1b2")]
    public void Values_are_kept_in_the_spelling_of_leads(StopKind kind, string typed, string kept)
    {
        Assert.True(StopValue.TryRead(kind, typed, "RU", out var value, out _));
        Assert.Equal(kept, value);
    }

    [Theory]
    [InlineData(StopKind.Phone, "12")]
    [InlineData(StopKind.Email, "example.ru")]
    [InlineData(StopKind.Domain, "ru")]
    [InlineData(StopKind.Domain, "a@b.ru")]
    [InlineData(StopKind.Ip, "300.1.1.1")]
    [InlineData(StopKind.Ip, "1.2.3")]
    [InlineData(StopKind.Ip, "12345")]
    [InlineData(StopKind.Ip, "0.0.0.0/0")]
    [InlineData(StopKind.Ip, "192.0.2.0/33")]
    [InlineData(StopKind.Ip, "::/0")]
    [InlineData(StopKind.Ip, "::ffff:192.0.2.0/96")]
    [InlineData(StopKind.Ip, "::ffff:192.0.2.0/24")]
    [InlineData(StopKind.Ip, "::ffff:192.0.2.0/129")]
    [InlineData(StopKind.Word, "а")]
    [InlineData(StopKind.Word, "!!!")]
    [InlineData(StopKind.Word, "one two three four five six")]
    [InlineData(StopKind.Visitor, "")]
    public void What_cannot_be_meant_is_refused_with_a_reason(StopKind kind, string typed)
    {
        Assert.False(StopValue.TryRead(kind, typed, "RU", out _, out var why));
        Assert.NotEmpty(why);
    }

    private static readonly StopList List = new([
        new(StopKind.Phone, "+79161234567", LeadStatus.Test), new(StopKind.Email, "a@example.ru", LeadStatus.Spam), new(StopKind.Domain, "spam.example", LeadStatus.Spam),
        new(StopKind.Ip, "192.0.2.0/24", LeadStatus.Spam), new(StopKind.Ip, "198.51.100.7", LeadStatus.Spam), new(StopKind.Ip, "2001:db8::/32", LeadStatus.Spam),
        new(StopKind.Ip, "::ffff:203.0.113.0/120", LeadStatus.Spam), // as it was kept once
        new(StopKind.Word, "казино", LeadStatus.Spam), new(StopKind.Word, "seo для вас", LeadStatus.Spam), new(StopKind.Visitor, "v1", LeadStatus.Spam)]);

    public static TheoryData<string, string> Questions => new()
    {
        { "phone +79161234567", "Phone" }, { "phone +79161234568", "" },
        { "email a@example.ru", "Email" }, { "email b@example.ru", "" }, { "email x@spam.example", "Domain" }, { "email x@mail.spam.example", "Domain" }, { "email x@notspam.example", "" },
        { "ip 192.0.2.200", "Ip" }, { "ip ::ffff:192.0.2.1", "Ip" }, { "ip 192.0.3.1", "" }, { "ip 198.51.100.7", "Ip" }, { "ip 198.51.100.8", "" }, { "ip 2001:db8:1::1", "Ip" }, { "ip 2001:db9::1", "" },
        { "ip 203.0.113.9", "Ip" }, { "ip ::ffff:203.0.113.9", "Ip" }, { "ip 203.0.114.9", "" },
        { "comment Лучшее КАЗИНО!", "Word" }, { "comment казиношный", "" }, { "comment предлагаем SEO, для вас", "Word" }, { "comment seo вас", "" }, { "name Казино", "Word" },
        { "visitor v1", "Visitor" }, { "visitor v2", "" },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public void Entries_match_what_they_name_and_nothing_beside(string question, string kinds)
    {
        var (of, value) = (question[..question.IndexOf(' ')], question[(question.IndexOf(' ') + 1)..]);
        string? If(string kind) => of == kind ? value : null;
        var found = List.Find(new(If("phone"), If("email"), of == "ip" ? IPAddress.Parse(value) : null, If("name"), If("comment"), If("visitor")));
        Assert.Equal(kinds, string.Join(',', found.Select(f => f.Kind)));
    }

    [Fact]
    public void Every_network_holds_exactly_its_addresses()
    {
        var random = new Random(7);
        for (var turn = 0; turn < 2_000; turn++)
        {
            var bytes = new byte[random.Next(2) == 0 ? 4 : 16];
            random.NextBytes(bytes);
            var (ip, bits) = (new IPAddress(bytes), random.Next(bytes.Length == 4 ? 8 : 16, (bytes.Length * 8) + 1));
            if (ip.IsIPv4MappedToIPv6 || !StopValue.TryRead(StopKind.Ip, $"{ip}/{bits}", null, out var value, out _)) continue;
            var network = value.Contains('/') ? IPNetwork.Parse(value) : new IPNetwork(ip, bits);
            var list = new StopList([new(StopKind.Ip, value, LeadStatus.Spam)]);
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            foreach (var asked in new[] { ip, new IPAddress(bytes) })
                Assert.Equal(network.Contains(asked), list.Find(new(null, null, asked, null, null, null)).Count == 1);
        }
    }
}
