using System.Text;
using System.Text.Json;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Api.Senders.Calls.Providers;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Tests.Calls;

/// <summary>The adapter for any PBX: names, words and times in the shapes they come in.</summary>
public class GenericCallsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private static CallReading Read(string body, string? type = "application/json", string query = "", SenderSettings? settings = null) => new GenericCalls().Read(new CallRequest
    {
        Sender = new Sender { ProjectId = default, Id = default, SiteId = default, SiteKey = "s", Provider = "generic", Settings = settings ?? new(), Secrets = new() },
        Method = "POST",
        Address = "https://leads.example/v1/calls/generic/t",
        Query = query,
        ContentType = type,
        Headers = new Dictionary<string, string>(),
        Body = Encoding.UTF8.GetBytes(body),
        ReceivedAt = Now,
    });

    private static CallEvent Event(object message, SenderSettings? settings = null) =>
        Assert.Single(Assert.IsType<CallReading.Events>(Read(JsonSerializer.Serialize(message), settings: settings)).List);

    [Fact]
    public void Asterisks_record_of_a_call_is_read_without_settings()
    {
        var call = Assert.Single(Assert.IsType<CallReading.Events>(Read(
            "uniqueid=1732266000.12&linkedid=1732266000.10&src=89161234567&dst=101&did=74951234567&disposition=ANSWERED&billsec=64&duration=73&start=2026-11-22+12%3A00%3A00&recordingfile=in-1.wav",
            "application/x-www-form-urlencoded")).List);
        Assert.Equal(("1732266000.10", CallDirection.In, CallPhase.Ended, CallOutcome.Answered), (call.ExternalId, call.Direction, call.Phase, call.Outcome));
        Assert.Equal(("89161234567", "74951234567", 64, "in-1.wav", null), (call.ClientPhone, call.LinePhone, call.TalkSeconds, call.RecordingId, call.RecordingUrl));
        Assert.Equal(Now, call.StartedAt);
        // Its whole length is no talk: it rang, too.
        Assert.Contains(new("duration", "73"), call.Fields);
    }

    [Theory]
    [InlineData("NO ANSWER", CallOutcome.Missed)]
    [InlineData("BUSY", CallOutcome.Missed)]
    [InlineData("FAILED", CallOutcome.Missed)]
    [InlineData("ANSWERED", CallOutcome.Answered)]
    [InlineData("whatever", CallOutcome.Unknown)]
    public void Asterisks_words_are_known(string disposition, CallOutcome outcome) => Assert.Equal(outcome, Event(new { id = "c", disposition }).Outcome);

    [Fact]
    public void The_owners_map_and_words_go_first_and_reach_into_json()
    {
        var call = Event(new { cdr = new { unique = "c-7", legs = new[] { new { talk = 12 } }, st = "ЗАВЕРШЁН", dir = "входящ" }, id = "not this" }, new SenderSettings
        {
            FieldMap = new Dictionary<string, string> { ["cdr.unique"] = "externalId", ["cdr.legs.0.talk"] = "talkSeconds", ["cdr.st"] = "phase", ["cdr.dir"] = "direction" },
            Words = new Dictionary<string, string> { ["завершён"] = "ended", ["ВХОДЯЩ"] = "in" },
        });
        Assert.Equal(("c-7", 12, CallPhase.Ended, CallDirection.In), (call.ExternalId, call.TalkSeconds, call.Phase, call.Direction));
    }

    [Theory]
    [InlineData("2026-11-22T12:00:00+03:00")]
    [InlineData("2026-11-22T09:00:00Z")]
    [InlineData("2026-11-22T09:00:00.000Z")]
    [InlineData("2026-11-22 12:00:00")]
    [InlineData("2026-11-22 12:00:00.000")]
    [InlineData("22.11.2026 12:00:00")]
    [InlineData("20261122T090000Z")]
    [InlineData("20261122120000")]
    [InlineData("1795338000")]
    [InlineData("1795338000.0")]
    [InlineData("1795338000000")]
    [InlineData("Sun, 22 Nov 2026 09:00:00 +00:00")]
    public void Times_are_read_in_every_shape(string time) => Assert.Equal(Now, Event(new { id = "c", startedAt = time }).StartedAt);

    [Fact]
    public void A_time_without_a_zone_is_of_the_senders_zone() =>
        Assert.Equal(Now.AddHours(-2), Event(new { id = "c", startedAt = "2026-11-22 12:00:00" }, new SenderSettings { TimeZone = "Asia/Yekaterinburg" }).StartedAt);

    [Fact]
    public void What_is_no_time_or_far_off_is_named()
    {
        Assert.Equal(["time_unreadable: startedAt"], Event(new { id = "c", startedAt = "yesterday" }).Warnings);
        Assert.Equal(["clock_far_off"], Event(new { id = "c", startedAt = "2024-11-22T12:00:00Z" }).Warnings);
        Assert.Equal(["number_unreadable: talkSeconds"], Event(new { id = "c", talkSeconds = "long" }).Warnings);
    }

    [Theory]
    [InlineData("101", "79161234567", CallDirection.Out, "79161234567", "101")]
    [InlineData("79161234567", "101", CallDirection.In, "79161234567", "101")]
    [InlineData("101", "102", CallDirection.Internal, null, null)]
    [InlineData("79161234567", "74951234567", CallDirection.Unknown, "79161234567", "74951234567")]
    public void Extensions_tell_who_called_whom(string from, string to, CallDirection direction, string? client, string? line)
    {
        var call = Event(new { id = "c", from, to });
        Assert.Equal((direction, client, line), (call.Direction, call.ClientPhone, call.LinePhone));
    }

    [Fact]
    public void A_call_without_an_id_is_unreadable_and_says_how_to_name_it() =>
        Assert.Contains("fieldMap", Assert.IsType<CallReading.Unreadable>(Read("""{"from":"79161234567"}""")).Errors["id"][0], StringComparison.Ordinal);

    [Fact]
    public void Words_for_nothing_and_secrets_make_no_fields()
    {
        var call = Event(new { id = "c", utm_source = "<не указано>", token = "hush", city = "null", utm_medium = "cpc" });
        Assert.Equal([new("utm_medium", "cpc")], call.Tags);
        Assert.Empty(call.Fields);
    }

    [Theory]
    [InlineData("a=1&token=abcdef&b=2", "a=1&token=***&b=2")]
    [InlineData("crm_token=abcdef", "crm_token=***")]
    [InlineData("{\"crm_token\": \"a\\\"b\", \"x\": 1}", "{\"crm_token\": \"***\", \"x\": 1}")]
    [InlineData("mytoken=abcdef", "mytoken=abcdef")]
    [InlineData("p=own%20secret&q=own secret", "p=***own-secret***&q=***own-secret***")]
    [InlineData("secret=own secret", "secret=***own-secret***")]
    [InlineData("имя=Анна&password=п", "имя=Анна&password=***")]
    [InlineData("page=https://a.example/?token=abc&b=2", "page=https://a.example/?token=***&b=2")]
    [InlineData("{\"page\":\"https://a.example/?token=abc\",\"b\":2}", "{\"page\":\"https://a.example/?token=***\",\"b\":2}")]
    [InlineData("{\"api_key\": 12345, \"questions\":[{\"key\":\"q1\"}],\"key\":\"k\"}", "{\"api_key\": \"***\", \"questions\":[{\"key\":\"q1\"}],\"key\":\"***\"}")]
    public void Secrets_are_blanked_and_only_the_senders_own_come_back(string text, string kept)
    {
        var secrets = new SenderSecrets { Secret = "own secret" };
        Assert.Equal(kept, SecretBlanks.Blank(text, secrets));
        Assert.Equal(kept.Replace("***own-secret***", "own secret", StringComparison.Ordinal), SecretBlanks.Restore(kept, secrets));
    }
}
