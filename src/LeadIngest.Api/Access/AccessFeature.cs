using LeadIngest.Api.Http;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Access;

/// <summary>People: who they are, how they sign in, and what is written down of what they do.</summary>
internal static class AccessFeature
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration("Access").ValidateDataAnnotations()
            .Validate<IHostEnvironment>((options, environment) => options.HashIterations >= AccessOptions.Least || !environment.IsProduction(), $"Access:HashIterations is less than {AccessOptions.Least}: too few for Production.")
            .ValidateOnStart();
        services.AddOptions<SmtpOptions>().BindConfiguration("Smtp").ValidateDataAnnotations()
            .Validate(smtp => smtp.Host is null or "" || System.Net.Mail.MailAddress.TryCreate(smtp.From, out _), "Smtp:From is not an e-mail address, and Smtp:Host is set.")
            .Validate<IOptions<PublicAddress>>((smtp, address) => smtp.Host is null or "" || address.Value.PublicUrl is { Length: > 0 }, "Smtp:Host is set and Http:PublicUrl is not: the links in letters would lead wherever a request says.")
            .ValidateOnStart();
        services.AddSingleton<Passwords>().AddSingleton<AddressLimits>().AddSingleton<AccountLimits>().AddSingleton<TotpSecrets>().AddSingleton<PasswordCheck>();
        services.AddSingleton<Sessions>().AddSingleton<People>().AddSingleton<FirstStart>().AddSingleton<AuditLog>().AddSingleton<Letters>().AddSingleton<PasswordResets>().AddSingleton<Invitations>();
        services.AddSingleton<ClockWatch>().AddHostedService(provider => provider.GetRequiredService<ClockWatch>());
        services.AddSingleton<ResetLetters>().AddHostedService(provider => provider.GetRequiredService<ResetLetters>());
    }
}
