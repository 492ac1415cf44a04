using System.Text;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Core.Calls;
using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class BeelineTests
{
    private static string Xml(string type, string call, string declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>") => declaration + $"""
        <xsi:Event xmlns:xsi="http://schema.broadsoft.com/xsi" xmlns:xsi1="http://www.w3.org/2001/XMLSchema-instance" xsi1:type="xsi:SubscriptionEvent">
          <xsi:eventID>ev-1</xsi:eventID><xsi:sequenceNumber>3</xsi:sequenceNumber><xsi:targetId>9610000001@mpbx.example</xsi:targetId>
          <xsi:eventData xsi1:type="xsi:{type}"><xsi:call><xsi:callId>callhalf-1:0</xsi:callId><xsi:extTrackingId>track-1</xsi:extTrackingId>
            <xsi:personality>Terminator</xsi:personality><xsi:remoteParty><xsi:name>Анна</xsi:name><xsi:address countryCode="7">tel:+79030000001</xsi:address></xsi:remoteParty>{call}</xsi:call></xsi:eventData>
        </xsi:Event>
        """;

    [Theory]
    [InlineData("CallReceivedEvent", "", CallPhase.Ringing, CallOutcome.Unknown, null)]
    [InlineData("CallAnsweredEvent", "<xsi:answerTime>1735718405000</xsi:answerTime>", CallPhase.Talking, CallOutcome.Unknown, null)]
    [InlineData("CallReleasedEvent", "<xsi:answerTime>1735718405000</xsi:answerTime><xsi:releaseTime>1735718469000</xsi:releaseTime>", CallPhase.Ended, CallOutcome.Answered, 64)]
    [InlineData("CallReleasedEvent", "<xsi:releaseTime>1735718420000</xsi:releaseTime>", CallPhase.Ended, CallOutcome.Missed, 0)]
    public void Each_event_is_read(string type, string call, CallPhase phase, CallOutcome outcome, int? talk)
    {
        var reading = Webhooks.Read("beeline", Xml(type, "<xsi:startTime>1735718400000</xsi:startTime>" + call), "application/xml");
        var one = reading.One();

        Assert.Equal(("track-1", CallDirection.In, phase, outcome, talk), (one.ExternalId, one.Direction, one.Phase, one.Outcome, one.TalkSeconds));
        Assert.Equal(("+79030000001", "Анна", "9610000001@mpbx.example"), (one.ClientPhone, one.ClientName, one.Employee));
        Assert.Equal(Webhooks.At("2025-01-01T08:00:00Z"), one.StartedAt);
        Assert.Equal("ev-1", Assert.IsType<CallReading.Events>(reading).EventId);
    }

    [Fact]
    public void A_document_type_is_refused_and_nothing_outside_is_read()
    {
        const string bomb = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\"><!ENTITY b \"bbbbbbbbbb\">]><Event><eventData><call><callId>&a;&b;</callId></call></eventData></Event>";

        Assert.Contains("document types", Assert.Single(Webhooks.Read("beeline", bomb, "text/xml").Errors()["body"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":1}")]
    [InlineData("<xsi:Event>")]
    [InlineData("<Event><eventData>")]
    [InlineData("<Event>&nbsp;</Event>")]
    public void What_is_no_xml_is_named(string body) => Assert.True(Webhooks.Read("beeline", body, "text/xml").Errors().ContainsKey("body"));

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        Assert.True(Webhooks.Read("beeline", string.Concat(Enumerable.Repeat("<a>", 100_000)), "text/xml").Errors().ContainsKey("body"));
        Assert.True(Webhooks.Read("beeline", $"<Event>{new string('x', 1_100_000)}</Event>", "text/xml").Errors().ContainsKey("body"));
    }

    [Fact]
    public void A_declared_windows_1251_is_read()
    {
        var xml = Xml("CallReceivedEvent", "", "<?xml version=\"1.0\" encoding=\"windows-1251\"?>");
        var bytes = xml.Select(c => c < 128 ? (byte)c : Enumerable.Range(128, 128).Select(b => (byte)b).Single(b => Windows1251.Decode([b])[0] == c)).ToArray();
        var call = Webhooks.Find("beeline").Read(Webhooks.Request("beeline", bytes, "text/xml; charset=windows-1251")).One();

        Assert.Equal("Анна", call.ClientName);
        Assert.False(Encoding.UTF8.GetString(bytes).Contains("Анна", StringComparison.Ordinal));
    }

    [Fact]
    public void The_end_of_a_subscription_is_no_call()
    {
        const string body = "<Event xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\"><eventData x:type=\"xsi:SubscriptionTerminatedEvent\"/></Event>";

        Assert.IsType<CallReading.Nothing>(Webhooks.Read("beeline", body, "text/xml"));
        Assert.True(Webhooks.Read("beeline", "<Event><other>1</other></Event>", "text/xml").Errors().ContainsKey("eventData"));
        Assert.True(Webhooks.Read("beeline", "<Event xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\"><eventData x:type=\"CallReceivedEvent\"><call/></eventData></Event>", "text/xml").Errors().ContainsKey("callId"));
    }
}
