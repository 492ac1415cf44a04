using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LeadIngest.Api.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Connecting;

/// <summary>The key ring in a folder, wrapped by a certificate, and the change of certificates.</summary>
public sealed class KeyProtectionTests : IDisposable
{
    private static readonly Guid Project = Guid.CreateVersion7(), Connection = Guid.CreateVersion7();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("leadingest-keys-");

    [Fact]
    public void A_ring_in_a_folder_decrypts_with_its_certificate_and_with_nothing_less()
    {
        var (first, second) = (Certificate("first"), Certificate("second"));
        var sealedText = Encrypt(("Folder", Ring), ("Certificate", first), ("CertificatePassword", "secret"));
        Assert.Contains("EncryptedData", File.ReadAllText(Assert.Single(Directory.GetFiles(Ring, "key-*.xml"))), StringComparison.Ordinal);

        Assert.Equal("token"u8.ToArray(), Decrypt(sealedText, ("Folder", Ring), ("Certificate", first), ("CertificatePassword", "secret")));
        Assert.Throws<CryptographicException>(() => Decrypt(sealedText, ("Folder", Ring), ("Certificate", second), ("CertificatePassword", "secret")));
        // After a change the former certificate still reads what it wrapped.
        Assert.Equal("token"u8.ToArray(), Decrypt(sealedText, ("Folder", Ring), ("Certificate", second), ("CertificatePassword", "secret"),
            ("Former:0:Certificate", first), ("Former:0:CertificatePassword", "secret")));
    }

    [Fact]
    public void A_certificate_or_folder_that_cannot_be_used_stops_the_start_with_its_name()
    {
        var file = Certificate("right");
        Assert.Contains("DataProtection:Certificate", Refusal(("Certificate", Path.Combine(_folder.FullName, "missing.pfx"))), StringComparison.Ordinal);
        Assert.Contains("password", Refusal(("Certificate", file), ("CertificatePassword", "wrong")), StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", Refusal(("Certificate", file), ("CertificatePassword", "wrong")), StringComparison.Ordinal);
        Assert.Contains("DataProtection:Former:0:Certificate", Refusal(("Former:0:Certificate", "nowhere.pfx")), StringComparison.Ordinal);
        Assert.Contains("DataProtection:Folder", Refusal(("Folder", Path.Combine(file, "below a file"))), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Ring => Path.Combine(_folder.FullName, "ring");

    private static string Refusal(params (string, string)[] settings) => Assert.Throws<SettingException>(() => Cipher(settings)).Message;

    private static byte[] Encrypt(params (string, string)[] settings) => Cipher(settings).Encrypt(Project, Connection, "token"u8.ToArray());

    private static byte[] Decrypt(byte[] text, params (string, string)[] settings) => Cipher(settings).Decrypt(Project, Connection, text);

    private static CredentialsCipher Cipher((string Name, string Value)[] settings)
    {
        var services = new ServiceCollection().AddLogging();
        KeyProtection.AddTo(services, new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("DataProtection:" + s.Name, (string?)s.Value))).Build());
        return services.BuildServiceProvider().GetRequiredService<CredentialsCipher>();
    }

    private string Certificate(string name)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var file = Path.Combine(_folder.FullName, name + ".pfx");
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pfx, "secret"));
        return file;
    }
}
