using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Data;

/// <summary>Section <c>DataProtection</c>: where the key ring that encrypts credentials lives, and what it is wrapped by.</summary>
internal sealed class KeyProtection
{
    /// <summary>A folder that all nodes mount, in backups of its own. Default: the database.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// A PKCS #12 file (.pfx) with its private key: new keys are wrapped by it, so that a copy of the ring alone decrypts nothing. Default: none, the
    /// keys are stored as they are.
    /// </summary>
    public string? Certificate { get; init; }

    public string? CertificatePassword { get; init; }

    /// <summary>Certificates used before: keys wrapped by them still have to be read.</summary>
    public FormerCertificate[] Former { get; init; } = [];

    internal sealed class FormerCertificate
    {
        public string Certificate { get; init; } = "";
        public string? CertificatePassword { get; init; }
    }

    /// <exception cref="SettingException">The folder or a certificate cannot be used.</exception>
    public static void AddTo(IServiceCollection services, IConfiguration configuration)
    {
        var settings = configuration.GetSection("DataProtection").Get<KeyProtection>() ?? new();
        services.AddSingleton<CredentialsCipher>();
        var protection = services.AddDataProtection().SetApplicationName("LeadIngest");
        if (settings.Folder is { Length: > 0 } folder) protection.PersistKeysToFileSystem(Writable(folder));
        else
            services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(
                o => o.XmlRepository = new KeyRing(provider.GetRequiredService<Database>())));
        if (settings.Certificate is { Length: > 0 } file)
            protection.ProtectKeysWithCertificate(Read("DataProtection:Certificate", file, settings.CertificatePassword));
        if (settings.Former.Length > 0)
            protection.UnprotectKeysWithAnyCertificate([.. settings.Former.Select((f, i) => Read($"DataProtection:Former:{i}:Certificate", f.Certificate, f.CertificatePassword))]);
    }

    private static DirectoryInfo Writable(string folder)
    {
        try
        {
            var directory = Directory.CreateDirectory(folder);
            var probe = Path.Combine(directory.FullName, $".probe-{Guid.CreateVersion7():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SettingException($"DataProtection:Folder: '{folder}' cannot be written to ({e.Message.TrimEnd('.')}).");
        }
    }

    private static X509Certificate2 Read(string setting, string file, string? password)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadPkcs12FromFile(file, password);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingException($"{setting}: '{file}' cannot be read as a PKCS #12 file with the password given ({e.Message.TrimEnd('.')}).");
        }
        if (certificate.HasPrivateKey && certificate.GetRSAPrivateKey() is not null) return certificate;
        certificate.Dispose();
        throw new SettingException($"{setting}: '{file}' holds no RSA private key: with it keys could be wrapped and never read again.");
    }
}
