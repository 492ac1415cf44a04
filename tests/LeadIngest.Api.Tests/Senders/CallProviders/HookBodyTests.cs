using LeadIngest.Api.Senders.Calls;
using LeadIngest.Core.Texts;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class HookBodyTests
{
    [Theory]
    [InlineData("application/json", """{"id":"1","callerphone":"79030000001"}""")]
    [InlineData("text/plain", """{"id":"1","callerphone":"79030000001"}""")]
    [InlineData(null, " \r\n{\"id\":1,\"callerphone\":79030000001}")]
    [InlineData("application/x-www-form-urlencoded", """{"id":"1","callerphone":"79030000001","url":"https://a.example/?x=1&y=2"}""")]
    [InlineData("application/x-www-form-urlencoded", "%7B%22id%22%3A1%2C%22callerphone%22%3A%2279030000001%22%7D=")]
    [InlineData("application/x-www-form-urlencoded", "data=%7B%22id%22%3A1%2C%22callerphone%22%3A%2279030000001%22%7D")]
    [InlineData("application/json", "id=1&callerphone=79030000001")]
    [InlineData("text/plain", "id=1&callerphone=79030000001")]
    [InlineData("application/json", "\"{\\\"id\\\":1,\\\"callerphone\\\":\\\"79030000001\\\"}\"")]
    [InlineData("application/json", """[{"id":1,"callerphone":"79030000001"}]""")]
    [InlineData("application/json; charset=utf-8", "\uFEFF{\"call\":{\"id\":1,\"callerphone\":\"79030000001\"}}")]
    [InlineData("application/json", """{"id":1,"callerphone":"79030000001",}""")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=callerphone\r\n\r\n79030000001\r\n--x--")]
    [InlineData("text/plain", "--x\nContent-Disposition: form-data; name=\"id\"\n\n1\n--x\nContent-Disposition: form-data; name=callerphone\n\n79030000001\n--x--")]
    public void A_body_is_read_by_what_it_is(string? contentType, string body)
    {
        var call = Webhooks.Read("calltouch", body, contentType).One();

        Assert.Equal(("1", "79030000001"), (call.ExternalId, call.ClientPhone));
    }

    [Theory]
    [InlineData("application/json", "{\"id\":1", "body")]
    [InlineData("application/json", "nonsense", "body")]
    [InlineData("application/json", "17", "body")]
    [InlineData("application/json", "[1,2]", "body")]
    [InlineData("multipart/form-data", "--x\r\nnothing", "body")]
    [InlineData("text/plain", "just words", "body")]
    [InlineData("application/x-www-form-urlencoded", "", "id")]
    [InlineData("application/json", "{}", "id")]
    [InlineData("application/json", """{"id":[],"callerphone":[]}""", "id")]
    [InlineData("application/json", """{"id":{"a":1}}""", "id")]
    public void What_cannot_be_read_names_its_field_and_the_reason(string contentType, string body, string field) =>
        Assert.NotEmpty(Assert.Single(Webhooks.Read("calltouch", body, contentType).Errors()[field]));

    [Fact]
    public void Depth_width_and_length_are_bounded()
    {
        Assert.True(Webhooks.ReadJson("calltouch", new string('[', 5000) + new string(']', 5000)).Errors().ContainsKey("body"));
        Assert.True(Webhooks.Read("calltouch", string.Join('&', Enumerable.Range(0, 600).Select(i => $"a{i}=1"))).Errors().ContainsKey("body"));
        Assert.True(Webhooks.ReadJson("calltouch", "[" + string.Join(',', Enumerable.Repeat("""{"id":1}""", 101)) + "]").Errors().ContainsKey("body"));
        Assert.Contains("Longer than 200", Assert.Single(Webhooks.Read("calltouch", "id=" + new string('1', 201)).Errors()["id"]), StringComparison.Ordinal);
        var call = Webhooks.Read("calltouch", "id=1&city=" + new string('a', 100_000) + "&manager=" + new string('b', 100_000)).One();
        Assert.Equal((2000, 500), (call.Field("city")!.Length, call.Employee!.Length));
        var many = Webhooks.ReadJson("calltouch", "{\"id\":1," + string.Join(',', Enumerable.Range(0, 900).Select(i => $"\"f{i}\":1")) + "}").One();
        Assert.Equal(100, many.Fields.Count);
    }

    [Fact]
    public void Several_calls_in_one_body_are_several_events_and_a_bad_one_spoils_none()
    {
        var reading = Assert.IsType<CallReading.Events>(Webhooks.ReadJson("calltouch", """[{"id":1},{"id":2},{"callerphone":"79030000001"}]"""));

        Assert.Equal(["1", "2"], reading.List.Select(call => call.ExternalId));
        Assert.Contains("part_unreadable", reading.List[0].Warnings);
    }

    [Fact]
    public void Doubled_fields_keep_the_first_that_says_something()
    {
        var call = Webhooks.Read("calltouch", "id=&id=1&id=2&callerphone=null&callerphone=79030000001&utm_source=&utm_source=vk&utm_source=yandex", query: "?id=3&city=x").One();

        Assert.Equal(("1", "79030000001", "vk", "x"), (call.ExternalId, call.ClientPhone, call.Tag("utm_source"), call.Field("city")));
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=windows-1251")]
    [InlineData("application/x-www-form-urlencoded")]
    public void Windows_1251_is_read_declared_or_not(string contentType)
    {
        var percent = string.Concat("Иван".Select(c => $"%{Bytes(c.ToString())[0]:X2}"));
        Assert.Equal("Иван", Webhooks.Read("calltouch", $"id=1&manager={percent}", contentType).One().Employee);
        var raw = Webhooks.Find("calltouch").Read(Webhooks.Request("calltouch", Bytes("id=1&manager=Иван&city=Москва"), contentType)).One();
        Assert.Equal(("Иван", "Москва"), (raw.Employee, raw.Field("city")));
        var json = Webhooks.Find("calltouch").Read(Webhooks.Request("calltouch", Bytes("""{"id":1,"manager":"Иван"}"""), "application/json")).One();
        Assert.Equal("Иван", json.Employee);
    }

    [Theory]
    [InlineData("<не указано>")]
    [InlineData("<не заполнено>")]
    [InlineData("(not set)")]
    [InlineData("(none)")]
    [InlineData("null")]
    [InlineData("undefined")]
    [InlineData("{utm_source}")]
    [InlineData("{{utm_source}}")]
    [InlineData("${utm_source}")]
    [InlineData("  ")]
    public void Words_for_nothing_are_nothing(string word)
    {
        var call = Webhooks.Read("calltouch", Webhooks.Form(("id", "1"), ("callerphone", "79030000001"), ("utm_source", word), ("manager", word), ("city", word))).One();

        Assert.Empty(call.Tags);
        Assert.Empty(call.Fields);
        Assert.Null(call.Employee);
    }

    [Theory]
    [InlineData("79030000001", "79030000001", null)]
    [InlineData("+7 (903) 000-00-01", "+7 (903) 000-00-01", null)]
    [InlineData("sip:79030000001@pbx.example;transport=udp", "79030000001", null)]
    [InlineData("\"Anna\" <sip:+79030000001@pbx.example>;tag=1", "+79030000001", null)]
    [InlineData("tel:+79030000001", "+79030000001", null)]
    [InlineData("sip:ivan@pbx.example", null, "ivan")]
    [InlineData("101", null, "101")]
    [InlineData("sip:101@pbx.example", null, "101")]
    [InlineData("anonymous", null, null)]
    [InlineData("sip:anonymous@anonymous.invalid", null, null)]
    [InlineData("Номер скрыт", null, null)]
    [InlineData("", null, null)]
    [InlineData("20202", "20202", null)]
    public void A_number_is_a_phone_a_colleague_or_hidden(string text, string? phone, string? colleague) =>
        Assert.Equal((phone, colleague), (HookNumber.Read(text).Phone, HookNumber.Read(text).Internal));

    [Theory]
    [InlineData("anonymous", "anonymous")]
    [InlineData("sip:anonymous@anonymous.invalid", "anonymous")]
    [InlineData("", null)]
    [InlineData("101", null)]
    public void A_hidden_number_keeps_its_word(string text, string? word) => Assert.Equal(word, HookNumber.Read(text).Shown);

    [Fact]
    public void A_secret_is_no_field()
    {
        var call = Webhooks.Read("calltouch", "id=1&token=t1&crm_token=t2&vpbx_api_key=t3&sign=t4&password=t5&auth[token]=t6&note=t0").One();

        Assert.Equal("t0", Assert.Single(call.Fields).Value);
    }

    private static byte[] Bytes(string text)
    {
        var table = Enumerable.Range(128, 128).Select(b => (byte)b).GroupBy(b => Windows1251.Decode([b])[0]).ToDictionary(g => g.Key, g => g.First());
        return [.. text.Select(c => c < 128 ? (byte)c : table[c])];
    }
}
