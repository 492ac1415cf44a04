using LeadIngest.Core.Identities;
using LeadIngest.Core.Junk;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Ingest;

/// <summary>Loads the lists and numbering plans before the first lead: together they take a tenth of a second, which no visitor should wait.</summary>
internal sealed class WarmUp : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = Phone.TryParse("+7 916 123-45-67", "RU", out _);
        PassportRules.Write(new PassportInput { Page = "https://example.ru/?utm_source=yandex", Referrer = "https://ya.ru/" }, SourceCatalog.Default, SourceDictionary.Default);
        _ = JunkRules.Judge(new JunkInput { UserAgent = "Mozilla/5.0", Email = Email.TryParse("info@example.ru", out var email) ? email : null });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
