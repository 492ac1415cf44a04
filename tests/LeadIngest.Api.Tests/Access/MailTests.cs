using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using LeadIngest.Api.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Tests.Access;

/// <summary>A server that takes every letter, or none.</summary>
public sealed class TinySmtp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public ConcurrentQueue<string> Letters { get; } = new();

    public bool Refuses { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public TinySmtp()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var _ = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        try
        {
            await writer.WriteLineAsync("220 tiny");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (line.StartsWith("RCPT", StringComparison.Ordinal) && Refuses) await writer.WriteLineAsync("550 no");
                else if (line == "DATA")
                {
                    await writer.WriteLineAsync("354 go on");
                    var letter = new StringBuilder();
                    while (await reader.ReadLineAsync(_stop.Token) is { } text && text != ".") letter.AppendLine(text);
                    Letters.Enqueue(letter.ToString());
                    await writer.WriteLineAsync("250 taken");
                }
                else if (line == "QUIT") break;
                else await writer.WriteLineAsync(line.StartsWith("EHLO", StringComparison.Ordinal) ? "250-tiny\r\n250-8BITMIME\r\n250 SMTPUTF8" : "250 ok");
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }
}

public class MailTests(MailTests.Fixture api) : IClassFixture<MailTests.Fixture>
{
    public sealed class Fixture : AccessFixture, IAsyncLifetime
    {
        public TinySmtp Smtp { get; } = new();

        protected override string[] Args => [.. base.Args, "--Smtp:Host=127.0.0.1", $"--Smtp:Port={Smtp.Port}", "--Smtp:From=LeadIngest <leads@okna-plus.ru>", "--Smtp:StartTls=false", "--Http:PublicUrl=https://leads.okna-plus.ru/"];

        async Task IAsyncLifetime.DisposeAsync()
        {
            await base.DisposeAsync();
            await Smtp.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_invitation_goes_by_letter_and_the_inviter_gets_no_link_unless_the_letter_fails()
    {
        var project = await api.CreateProjectAsync("Окна\r\nBcc: everybody@example.ru");
        var owner = await api.SignedInAsync(project);
        var email = $"{Guid.CreateVersion7():N}@okna-plus.ru";
        Assert.True((await api.ReadAsync(owner, "/v1/session")).GetProperty("canMail").GetBoolean());
        var sent = await (await api.PostAsync(owner, "/v1/users", new { email, name = "Борис", role = "manager" })).JsonAsync();
        Assert.Equal(System.Text.Json.JsonValueKind.Null, sent.GetProperty("link").ValueKind);
        var letter = await LetterToAsync(email);
        Assert.DoesNotContain(letter.Split('\n'), l => l.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        var token = TokenIn(letter, "https://leads.okna-plus.ru/invitation#");
        Assert.Equal(email, (await (await api.Client.PostAsJsonAsync("/v1/invitations/show", new { token })).JsonAsync()).GetProperty("email").GetString());
        api.Smtp.Refuses = true;
        try
        {
            var failed = await (await api.PostAsync(owner, $"/v1/users/{sent.GetProperty("user").GetProperty("id").GetGuid()}/invitation")).JsonAsync();
            Assert.StartsWith("https://leads.okna-plus.ru/invitation#", failed.GetProperty("link").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            api.Smtp.Refuses = false;
        }
    }

    [Fact]
    public async Task A_new_password_is_asked_for_by_address_and_the_answer_does_not_tell_whether_anybody_has_it()
    {
        var project = await api.CreateProjectAsync();
        var (_, email) = await api.UserAsync("owner", null, project);
        var unknown = $"{Guid.CreateVersion7():N}@okna-plus.ru";
        var answers = new[] { await ForgetAsync(unknown), await ForgetAsync(email) };
        Assert.All(answers, a => Assert.Equal(202, (int)a.StatusCode));
        Assert.Equal(await answers[0].Content.ReadAsStringAsync(), await answers[1].Content.ReadAsStringAsync());
        var token = TokenIn(await LetterToAsync(email), "https://leads.okna-plus.ru/password#");
        Assert.DoesNotContain(api.Smtp.Letters, l => l.Contains(unknown, StringComparison.Ordinal));
        Assert.Equal(204, (int)(await api.Client.PostAsJsonAsync("/v1/password/reset", new { token, password = "four loud mountains" })).StatusCode);
        await api.SignInAsync(email, "four loud mountains");
    }

    [Fact]
    public async Task A_link_in_a_letter_leads_to_the_public_address_whatever_host_the_request_names()
    {
        var (_, email) = await api.UserAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/password/forgot") { Content = JsonContent.Create(new { email }) };
        request.Headers.Host = "evil.example";
        Assert.Equal(202, (int)(await api.Client.SendAsync(request)).StatusCode);
        var letter = await LetterToAsync(email);
        Assert.NotEmpty(TokenIn(letter, "https://leads.okna-plus.ru/password#"));
        Assert.DoesNotContain("evil.example", letter);
    }

    [Fact]
    public void Letters_without_a_public_address_stop_the_start()
    {
        var app = LeadIngestApp.Build(["--Smtp:Host=127.0.0.1", "--Smtp:From=leads@okna-plus.ru"], api.Db);
        var fault = Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<IOptions<SmtpOptions>>().Value);
        Assert.Contains("Http:PublicUrl", fault.Message);
    }

    [Fact]
    public async Task Behind_a_public_address_of_https_browsers_are_told_to_come_by_it_alone()
    {
        foreach (var path in new[] { "/", "/v1/session", "/v1/leads", "/health/live", "/nowhere" })
            Assert.Equal(["max-age=31536000"], (await api.Client.GetAsync(path)).Headers.GetValues("Strict-Transport-Security"));
    }

    private Task<HttpResponseMessage> ForgetAsync(string email) => api.Client.PostAsJsonAsync("/v1/password/forgot", new { email });

    private async Task<string> LetterToAsync(string email)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (api.Smtp.Letters.FirstOrDefault(l => l.Contains(email, StringComparison.Ordinal)) is { } letter) return letter;
            await Task.Delay(50, patience.Token);
        }
    }

    // The text is Base64 or quoted-printable, as the sender likes.
    private static string TokenIn(string letter, string before)
    {
        var body = letter[letter.IndexOf("\r\n\r\n".ReplaceLineEndings(), StringComparison.Ordinal)..];
        var isBase64 = letter.Contains("base64", StringComparison.OrdinalIgnoreCase);
        var text = isBase64 ? Encoding.UTF8.GetString(Convert.FromBase64String(string.Concat(body.Where(c => !char.IsWhiteSpace(c))))) : body.Replace("=\r\n".ReplaceLineEndings(), "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        Assert.Contains(before, text);
        return text[(text.IndexOf(before, StringComparison.Ordinal) + before.Length)..].Split(['\r', '\n', ' '])[0];
    }
}
