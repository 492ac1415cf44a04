using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Tests.Passports;

public sealed class OpenstatTests
{
    private const string Market =
        "bWFya2V0LnlhbmRleC5ydTtTU0Qg0LTQuNGB0LogU2lsaWNvbiBQb3dlciBTbGltIFM1NSAxMjAg0JPQsSBTUDEyMEdCU1MzUzU1UzI1O3BuaGdCU2ZSVFYzTzZib0QtRU9IR1E7";

    private const string Direct = "ZGlyZWN0LnlhbmRleC5ydTsxMjM0NTs2Nzg5MDt5YW5kZXgucnU6cHJlbWl1bQ";

    [Fact]
    public void A_real_link_from_the_market()
    {
        Assert.True(Openstat.TryRead(Market, out var openstat));
        Assert.Equal(new Openstat("market.yandex.ru", "SSD диск Silicon Power Slim S55 120 Гб SP120GBSS3S55S25", "pnhgBSfRTV3O6boD-EOHGQ", ""), openstat);
    }

    [Fact]
    public void A_link_from_direct_without_padding()
    {
        Assert.True(Openstat.TryRead(Direct, out var openstat));
        Assert.Equal(new Openstat("direct.yandex.ru", "12345", "67890", "yandex.ru:premium"), openstat);
    }

    [Theory]
    [InlineData("0LA7PjY_Pz8-")] // base64url
    [InlineData("0LA7PjY/Pz8+")] // standard
    [InlineData("0LA7PjY/Pz8 ")] // '+' that became a space; here at the end, where trimming may not eat it
    public void Both_alphabets_and_a_lost_plus(string marker)
    {
        Assert.Equal(!marker.EndsWith(' '), Openstat.TryRead(marker, out var openstat) && openstat == new Openstat("а", ">6???>", "", ""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("test")]
    [InlineData("%%%")]
    [InlineData("/////w==")]
    [InlineData("ZA==")]
    public void What_is_not_a_marker_is_left(string marker) => Assert.False(Openstat.TryRead(marker, out _));

    [Theory]
    [InlineData("_openstat=" + Direct, "Яндекс.Директ", Channel.PaidSearch, "12345")]
    [InlineData("OpenStat=" + Direct + "%3D%3D", "Яндекс.Директ", Channel.PaidSearch, "12345")]
    [InlineData("_openstat=" + Market, "Яндекс Маркет", Channel.Classifieds, "SSD диск Silicon Power Slim S55 120 Гб SP120GBSS3S55S25")]
    public void A_marker_names_the_source(string query, string source, Channel channel, string campaign)
    {
        var passport = Writing.Query(query);

        Assert.Equal((source, channel, campaign), (passport.Source, passport.Channel, passport.Campaign));
        Assert.Equal((Origin.Openstat, Confidence.Likely), (passport.Origin, passport.Confidence));
    }

    [Fact]
    public void Tags_beat_a_marker_field_by_field()
    {
        var passport = Writing.Query("utm_source=yandex&utm_medium=cpc&utm_campaign=mine&_openstat=" + Direct);

        Assert.Equal(("Яндекс.Директ", "mine", "67890", Origin.Utm), (passport.Source, passport.Campaign, passport.Content, passport.Origin));
    }

    [Fact]
    public void A_marker_that_cannot_be_read_is_named()
    {
        var passport = Writing.Query("_openstat=zzz");

        Assert.Equal((Channel.Direct, "unreadable: _openstat"), (passport.Channel, Assert.Single(passport.Warnings)));
    }
}
