using FluentValidation;
using LeadIngest.Core.Identities;

namespace LeadIngest.Api.Access;

/// <summary>The rules of what people give of themselves.</summary>
internal static class AccessValidation
{
    /// <summary>One e-mail address that letters can be sent to.</summary>
    public static IRuleBuilderOptions<T, string?> Address<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(e => e is { Length: <= 254 } && Email.TryParse(e, out _) && !e.Trim().Contains(' ') && !e.Contains(',')).WithMessage("Not an e-mail address.");

    /// <param name="own">What the password must not be made of.</param>
    public static IRuleBuilderOptionsConditions<T, string?> NewPassword<T>(this IRuleBuilder<T, string?> rule, Func<T, string?[]> own) => rule.Custom((password, context) =>
    {
        if (PasswordRules.FaultOf(password ?? "", own(context.InstanceToValidate)) is { } fault) context.AddFailure(fault);
    });
}
