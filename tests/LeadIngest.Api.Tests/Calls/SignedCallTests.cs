using System.Net;
using LeadIngest.Api.Senders.Webhooks;
using LeadIngest.Api.Tests.Ingest;

namespace LeadIngest.Api.Tests.Calls;

/// <summary>Behind a proxy that ends TLS: the world knows another address than the service hears.</summary>
public sealed class ProxiedFixture : CallsFixture
{
    public const string PublicUrl = "https://leads.example.ru";

    protected override string[] Args => [.. base.Args, $"--Http:PublicUrl={PublicUrl}"];
}

/// <summary>Signed webhooks from the door to the lead: only what is proved becomes a call, the rest is kept for a person to look at.</summary>
public class SignedCallTests(ProxiedFixture api) : IClassFixture<ProxiedFixture>
{
    private const string Salt = "demosalt02", Key = "demoapikey01", Token = "demotoken";
    private const string Appeared = """{"entry_id":"e-1","call_id":"l-1","seq":1,"call_state":"Appeared","from":{"number":"79161234567"},"to":{"number":"74950000002","line_number":"74950000002"}}""";

    [Fact]
    public async Task Mangos_right_sign_makes_the_call()
    {
        var sender = await MangoAsync();
        Assert.Equal(HttpStatusCode.OK, (await MangoPostAsync(sender, Signatures.Sha256Hex(Key + Appeared + Salt))).StatusCode);
        await api.LeadsAsync(sender.Project, 1);
        Assert.Equal("+79161234567", (await api.OnlyLeadAsync(sender.Project)).Text("phone"));
        Assert.DoesNotContain(Key, await api.ScalarAsync<string>("select convert_from(body, 'utf8') from call_events where project_id = @P", new { P = sender.Project.ProjectId }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("52dcf97b3c7386cb7e282e84bdc6d17fd2fcf0d6ae2e65657c446abc0f0ed441")]
    public async Task Mangos_wrong_or_missing_sign_is_401_and_kept_without_a_call(string? sign)
    {
        var sender = await MangoAsync();
        await (await MangoPostAsync(sender, sign)).ProblemAsync(401);
        await KeptAsync(sender);
    }

    [Fact]
    public async Task Twilios_signature_covers_the_public_address_and_not_the_inner_one()
    {
        var sender = await api.SenderAsync(await api.OpenAsync(), "twilio", secret: Token);
        var path = sender.Path + "?line=1";
        await (await TwilioPostAsync(path, new Uri(api.Client.BaseAddress!, path).AbsoluteUri)).ProblemAsync(401);
        await KeptAsync(sender);
        Assert.Equal(HttpStatusCode.OK, (await TwilioPostAsync(path, ProxiedFixture.PublicUrl + path)).StatusCode);
        await api.LeadsAsync(sender.Project, 1);
        Assert.Equal("missed", (await api.OnlyCallAsync(sender.Project)).Text("outcome"));
    }

    private async Task<TestSender> MangoAsync() => await api.SenderAsync(await api.OpenAsync(), "mango", secret: Salt, key: Key);

    private Task<HttpResponseMessage> MangoPostAsync(TestSender sender, string? sign)
    {
        List<KeyValuePair<string, string>> fields = [new("vpbx_api_key", Key), new("json", Appeared)];
        if (sign is not null) fields.Add(new("sign", sign));
        return api.Client.SendAsync(sender.Path + "/events/call", new FormUrlEncodedContent(fields));
    }

    private Task<HttpResponseMessage> TwilioPostAsync(string path, string signed)
    {
        KeyValuePair<string, string>[] fields = [new("CallSid", "CA01"), new("CallStatus", "no-answer"), new("Direction", "inbound"), new("From", "+79161234567"), new("To", "+74950000002")];
        var signature = Convert.ToBase64String(Signatures.HmacSha1(Token, signed + string.Concat(fields.Select(f => f.Key + f.Value))));
        return api.Client.SendAsync(path, new FormUrlEncodedContent(fields), ("X-Twilio-Signature", signature));
    }

    /// <summary>One reject without the secret, no call and no event of one.</summary>
    private async Task KeptAsync(TestSender sender)
    {
        var args = new { P = sender.Project.ProjectId };
        Assert.Equal("forbidden", await api.ScalarAsync<string>("select string_agg(reason, ',') from rejects where project_id = @P", args));
        Assert.Equal(0, await api.CountAsync("select count(*) from rejects where project_id = @P and (convert_from(body, 'utf8') || headers::text) like '%demo%'", args));
        Assert.Equal(0, await api.CountAsync("select (select count(*) from calls where project_id = @P) + (select count(*) from call_events where project_id = @P)", args));
    }
}
