using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Mail;
using System.Text;
using System.Threading.Channels;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Access;

/// <summary>Section <c>Smtp</c>: the server that takes our letters; the links in them need <c>Http:PublicUrl</c>. Without a host none are sent, and links are handed over by people.</summary>
internal sealed class SmtpOptions
{
    public string? Host { get; init; }

    /// <summary>Default 587. A server that wants TLS from the first byte (465) is not spoken to: use its port for STARTTLS.</summary>
    [Range(1, 65_535)] public int Port { get; init; } = 587;

    public string? User { get; init; }
    public string? Password { get; init; }

    /// <summary>For example <c>LeadIngest &lt;leads@example.ru&gt;</c>.</summary>
    public string? From { get; init; }

    /// <summary>Default true. A server without it gets no letter then.</summary>
    public bool StartTls { get; init; } = true;
}

/// <summary>A letter in one language.</summary>
internal sealed record Letter(string To, string Subject, string Text);

/// <summary>Sends plain letters.</summary>
internal sealed partial class Letters(IOptions<SmtpOptions> options, ILogger<Letters> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public bool CanSend => options.Value is { Host.Length: > 0, From.Length: > 0 };

    /// <returns>Whether the server took it. A failure is logged.</returns>
    public async Task<bool> SendAsync(Letter letter, CancellationToken ct)
    {
        if (!CanSend) return false;
        var smtp = options.Value;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var client = new SmtpClient(smtp.Host, smtp.Port) { EnableSsl = smtp.StartTls, DeliveryFormat = SmtpDeliveryFormat.International };
            if (smtp.User is { Length: > 0 }) client.Credentials = new NetworkCredential(smtp.User, smtp.Password);
            using var message = new MailMessage(new MailAddress(smtp.From!), new MailAddress(letter.To))
            {
                Subject = letter.Subject,
                SubjectEncoding = Encoding.UTF8,
                Body = letter.Text,
                BodyEncoding = Encoding.UTF8,
            };
            await client.SendMailAsync(message, patience.Token);
            return true;
        }
        catch (Exception e) when (e is SmtpException or FormatException or IOException or InvalidOperationException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // The server's words may quote the address.
            NotSent(log, e is OperationCanceledException ? "no answer in time" : $"{e.GetType().Name} {(e as SmtpException)?.StatusCode}");
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "a letter was not sent: {Why}")]
    private static partial void NotSent(ILogger log, string why);

    public static Letter Invitation(string to, string language, string project, string link) => language == "en"
        ? new(to, $"Invitation to {OneLine(project)} in LeadIngest", $"You have been invited to the project \"{OneLine(project)}\" in LeadIngest.\n\nOpen this address to accept, within 72 hours:\n{link}\n\nIf you do not know what this is about, do nothing.\n")
        : new(to, $"Приглашение в {OneLine(project)} (LeadIngest)", $"Вас пригласили в проект «{OneLine(project)}» в LeadIngest.\n\nЧтобы принять приглашение, откройте в течение 72 часов:\n{link}\n\nЕсли вы не понимаете, о чём речь, ничего не делайте.\n");

    public static Letter Reset(string to, string language, string link) => language == "en"
        ? new(to, "A new password for LeadIngest", $"Open this address to choose a new password, within 30 minutes:\n{link}\n\nIf you did not ask for it, do nothing: your password stays as it is.\n")
        : new(to, "Новый пароль для LeadIngest", $"Чтобы задать новый пароль, откройте в течение 30 минут:\n{link}\n\nЕсли вы об этом не просили, ничего не делайте: пароль останется прежним.\n");

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}

/// <summary>
/// Sends letters with links to a new password, one after another, apart from the requests for them: what is answered there, and how fast, does not depend on
/// whether anybody has the address. At most 100 wait; three links of one account are open at once.
/// </summary>
internal sealed class ResetLetters(Database db, Letters letters, PasswordResets resets, IOptions<PublicAddress> address, ILogger<ResetLetters> log) : BackgroundService
{
    private const int MostOpen = 3;

    private readonly Channel<string> _asked = Channel.CreateBounded<string>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Ask(string email) => _asked.Writer.TryWrite(email);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var email in _asked.Reader.ReadAllAsync(stoppingToken))
            {
                try
                {
                    await SendAsync(email, stoppingToken);
                }
                catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
                {
                    log.LogWarning("a letter for a new password could not be written: {Kind}", e.GetType().Name);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task SendAsync(string email, CancellationToken ct)
    {
        // Whoever asks is a stranger, and the Host of the request is theirs to choose: the link leads where the settings say, or nowhere.
        if (!letters.CanSend || address.Value.PublicUrl?.TrimEnd('/') is not { Length: > 0 } root) return;
        await using var connection = await db.Access.OpenConnectionAsync(ct);
        var user = await connection.QuerySingleOrDefaultAsync<(Guid Id, string Language)?>(new CommandDefinition(Find, new { email, MostOpen, Now = resets.Now }, cancellationToken: ct));
        if (user is not { } found) return;
        var token = await resets.NewAsync(connection, found.Id, ct);
        await letters.SendAsync(Letters.Reset(email, found.Language, $"{root}/password#{token}"), ct);
    }

    private const string Find = """
        select id, language from users u where email = @email and password_hash is not null
            and (select count(*) from password_resets r where r.user_id = u.id and r.expires_at > @Now) < @MostOpen
        """;
}

/// <summary>Links to a new password: 30 minutes, once.</summary>
internal sealed class PasswordResets(TimeProvider clock)
{
    public static readonly TimeSpan Valid = TimeSpan.FromMinutes(30);

    public DateTimeOffset Now => clock.GetUtcNow();

    public async Task<string> NewAsync(Npgsql.NpgsqlConnection connection, Guid userId, CancellationToken ct)
    {
        var token = Secrets.NewToken();
        await connection.ExecuteAsync(new CommandDefinition("""
            delete from password_resets where expires_at < @Now;
            insert into password_resets (token_hash, user_id, created_at, expires_at) values (@Hash, @userId, @Now, @Until)
            """, new { Hash = Secrets.Hash(token), userId, Now, Until = Now + Valid }, cancellationToken: ct));
        return token;
    }
}
