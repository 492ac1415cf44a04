using LeadIngest.Api.Features.Connections;

namespace LeadIngest.Api.Tests.Connections;

public class CrmAddressTests
{
    private static readonly CrmHosts Hosts = new() { AllowedHosts = ["127.0.0.1:8090", "crm.factory.example"] };

    [Theory]
    [InlineData("amocrm", "https://acme.amocrm.ru", "amocrm/acme.amocrm.ru", "https://acme.amocrm.ru/")]
    [InlineData("amocrm", "HTTPS://Acme.Kommo.COM/", "amocrm/acme.kommo.com", "https://acme.kommo.com/")]
    [InlineData("amocrm", "http://127.0.0.1:8090/amocrm", "amocrm/127.0.0.1:8090/amocrm", "http://127.0.0.1:8090/amocrm/")]
    [InlineData("bitrix24", "https://acme.bitrix24.ru/rest/1/abc123DEF", "bitrix24/acme.bitrix24.ru", "https://acme.bitrix24.ru/rest/1/***/")]
    [InlineData("bitrix24", "https://acme.bitrix24.com.br/rest/12/abc/", "bitrix24/acme.bitrix24.com.br", "https://acme.bitrix24.com.br/rest/12/***/")]
    [InlineData("bitrix24", "http://127.0.0.1:8090/bitrix24/rest/1/secret/", "bitrix24/127.0.0.1:8090/bitrix24", "http://127.0.0.1:8090/bitrix24/rest/1/***/")]
    [InlineData("bitrix24", "https://crm.factory.example/rest/1/secret/", "bitrix24/crm.factory.example", "https://crm.factory.example/rest/1/***/")]
    public void An_account_is_known_by_its_host_and_its_secret_is_masked(string crm, string text, string account, string masked)
    {
        Assert.True(CrmAddress.TryRead(crm, text, Hosts, out var address, out var error), error);
        Assert.Equal((account, masked), (address.AccountKey, CrmAddress.Mask(address.Base)));
    }

    [Theory]
    [InlineData("amocrm", "http://acme.amocrm.ru")]
    [InlineData("amocrm", "https://amocrm.ru")]
    [InlineData("amocrm", "https://www.amocrm.ru")]
    [InlineData("amocrm", "https://a.b.amocrm.ru")]
    [InlineData("amocrm", "https://evil-amocrm.ru")]
    [InlineData("amocrm", "https://acme.amocrm.ru.evil.example")]
    [InlineData("amocrm", "https://acme.amocrm.ru:8443")]
    [InlineData("amocrm", "https://acme.amocrm.ru@evil.example")]
    [InlineData("amocrm", "https://user:pass@acme.amocrm.ru")]
    [InlineData("amocrm", "https://acme.amocrm.ru/api/v4")]
    [InlineData("amocrm", "https://acme.amocrm.ru/?x=1")]
    [InlineData("amocrm", "https://acme.amocrm.ru/#x")]
    [InlineData("amocrm", "https://acme.amocrm.ru.")]
    [InlineData("amocrm", "https://аcme.amocrm.ru")] // a Cyrillic "а"
    [InlineData("amocrm", "https://acme.bitrix24.ru")]
    [InlineData("amocrm", "https://127.0.0.1/")]
    [InlineData("amocrm", "https://2130706433/")]
    [InlineData("amocrm", "https://0x7f.1/")]
    [InlineData("amocrm", "https://[::1]/")]
    [InlineData("amocrm", "https://[::ffff:127.0.0.1]/")]
    [InlineData("amocrm", "https://169.254.169.254/latest/meta-data")]
    [InlineData("amocrm", "https://localhost/")]
    [InlineData("amocrm", "http://127.0.0.1:8091/amocrm")] // another port of a listed host
    [InlineData("amocrm", "http://127.0.0.1/amocrm")]
    [InlineData("amocrm", "ftp://acme.amocrm.ru")]
    [InlineData("amocrm", "file:///etc/passwd")]
    [InlineData("amocrm", "acme.amocrm.ru")]
    [InlineData("bitrix24", "https://acme.bitrix24.ru/")]
    [InlineData("bitrix24", "https://acme.bitrix24.ru/x/rest/1/secret/")]
    [InlineData("bitrix24", "https://acme.bitrix24.ru/rest/1/secret/crm.lead.add")]
    [InlineData("bitrix24", "https://acme.bitrix24.ru/rest/1/../../x/")]
    [InlineData("bitrix24", "https://acme.bitrix24.evil/rest/1/secret/")]
    [InlineData("bitrix24", "http://acme.bitrix24.ru/rest/1/secret/")]
    [InlineData("bitrix24", "https://crm.factory.example:444/rest/1/secret/")]
    public void An_address_that_calls_must_not_go_to_is_refused(string crm, string text) =>
        Assert.False(CrmAddress.TryRead(crm, text, Hosts, out _, out _));
}
