using LeadIngest.Api.Senders.Webhooks;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class HookTimesTests
{
    [Theory]
    [InlineData("1735718400", "2025-01-01T08:00:00Z")]
    [InlineData("1735718400.5", "2025-01-01T08:00:00.5Z")]
    [InlineData("1735718400250", "2025-01-01T08:00:00.25Z")]
    [InlineData("1735718400250000", "2025-01-01T08:00:00.25Z")]
    [InlineData("2025-01-01 11:00", "2025-01-01T08:00:00Z")]
    [InlineData("2025-01-01 11:00:00.123", "2025-01-01T08:00:00.123Z")]
    [InlineData("2025-01-01T11:00:00", "2025-01-01T08:00:00Z")]
    [InlineData("01.01.2025 11:00:00", "2025-01-01T08:00:00Z")]
    [InlineData("01/01/2025 11:00:00", "2025-01-01T08:00:00Z")]
    [InlineData("20250101110000", "2025-01-01T08:00:00Z")]
    [InlineData("20250101T080000Z", "2025-01-01T08:00:00Z")]
    [InlineData("20250101T110000", "2025-01-01T08:00:00Z")]
    [InlineData("2025-01-01T08:00:00Z", "2025-01-01T08:00:00Z")]
    [InlineData("2025-01-01T08:00:00.123456789Z", "2025-01-01T08:00:00.1234567Z")]
    [InlineData("2025-01-01T13:00:00+05:00", "2025-01-01T08:00:00Z")]
    [InlineData("2025-01-01T13:00:00 05:00", "2025-01-01T08:00:00Z")]
    [InlineData("2025-01-01 13:00:00+0500", "2025-01-01T08:00:00Z")]
    [InlineData("2025-01-01 13:00:00 +05", "2025-01-01T08:00:00Z")]
    [InlineData("Wed, 01 Jan 2025 08:00:00 +0000", "2025-01-01T08:00:00Z")]
    [InlineData("Wed, 1 Jan 2025 11:00:00 +0300 (MSK)", "2025-01-01T08:00:00Z")]
    [InlineData("Wed, 01 Jan 2025 08:00:00 GMT", "2025-01-01T08:00:00Z")]
    public void Times_of_every_provider_are_read(string text, string expected)
    {
        Assert.True(WebhookTimes.TryRead(text, WebhookTimes.Zone("Europe/Moscow", out var known), out var time));
        Assert.True(known);
        Assert.Equal(Webhooks.At(expected), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("17")]
    [InlineData("yesterday")]
    [InlineData("2025-13-01 11:00:00")]
    [InlineData("2025-01-01 25:00:00")]
    [InlineData("1899-01-01 11:00:00")]
    [InlineData("9999-12-31 23:59:59")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("-1735718400")]
    [InlineData("Wed, 32 Jan 2025 08:00:00 +0000")]
    public void What_is_no_time_is_none(string text) => Assert.False(WebhookTimes.TryRead(text, TimeZoneInfo.Utc, out _));

    [Theory]
    // 26 October 2025, 02:30 comes twice in Berlin: the first is still summer time.
    [InlineData("Europe/Berlin", "2025-10-26 02:30:00", "2025-10-26T00:30:00Z")]
    // 30 March 2025, 02:30 never comes: 03:30 of summer time.
    [InlineData("Europe/Berlin", "2025-03-30 02:30:00", "2025-03-30T01:30:00Z")]
    // Moscow was four hours ahead until 26 October 2014.
    [InlineData("Europe/Moscow", "2014-07-01 12:00:00", "2014-07-01T08:00:00Z")]
    [InlineData("Asia/Yekaterinburg", "2025-01-01 13:00:00", "2025-01-01T08:00:00Z")]
    [InlineData("Nowhere/Atall", "2025-01-01 11:00:00", "2025-01-01T08:00:00Z")]
    public void Local_times_have_one_answer(string zone, string wall, string expected)
    {
        Assert.True(WebhookTimes.TryRead(wall, WebhookTimes.Zone(zone, out _), out var time));
        Assert.Equal(Webhooks.At(expected), time);
    }

    [Theory]
    [InlineData("64", 64)]
    [InlineData("64.9", 64)]
    [InlineData("1:04", 64)]
    [InlineData("00:01:04", 64)]
    [InlineData("0", 0)]
    [InlineData("-5", null)]
    [InlineData("a", null)]
    [InlineData("1:2:3:4", null)]
    [InlineData("99999999", null)]
    public void Durations_are_read(string text, int? seconds) => Assert.Equal(seconds, WebhookTimes.Seconds(text));

    [Fact]
    public void A_clock_far_off_and_an_unknown_zone_are_told_and_the_call_kept()
    {
        var far = Webhooks.Read("calltouch", "id=1&callerphone=79030000001&calltime=2024-12-30+11:00").One();
        var unread = Webhooks.Read("calltouch", "id=1&callerphone=79030000001&calltime=soon", settings: new() { TimeZone = "Nowhere/Atall" }).One();

        Assert.Equal((Webhooks.At("2024-12-30T08:00:00Z"), true), (far.StartedAt, far.Warnings.Contains("clock_far_off")));
        Assert.Equal(["time_unreadable: calltime", "time_zone_unknown"], unread.Warnings.Order());
        Assert.Equal("soon", unread.Field("calltime"));
    }

    [Fact]
    public void A_wall_clock_is_of_the_senders_zone() =>
        Assert.Equal(Webhooks.At("2025-01-01T06:00:00Z"), Webhooks.Read("calltouch", "id=1&calltime=2025-01-01+11:00", settings: new() { TimeZone = "Asia/Yekaterinburg" }).One().StartedAt);
}
