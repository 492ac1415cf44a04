using LeadIngest.CrmEmulator.Amocrm.OAuth;
using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>What the user or the kind of integration behind a token must not do.</summary>
internal static class Rights
{
    public static Answer? Refuse(Account account, Call call, Integration? integration)
    {
        var isWrite = call.Method != "GET";
        if (isWrite && account.Options.ReadOnly)
            return account.Options.ReadOnlyStatus == 400 ? Problem.Plain(400, "Нет прав на это действие (код 244)") : Problem.Plain(403, "Forbidden");
        var path = call.Path;
        var isAdminOnly = path.EndsWith("/users", StringComparison.Ordinal) || path.EndsWith("/webhooks", StringComparison.Ordinal)
            || (isWrite && path.EndsWith("/custom_fields", StringComparison.Ordinal));
        if (isAdminOnly && !account.Options.Admin)
            return Problem.Plain(403, "Forbidden");
        return integration is { IsExternal: true } && path.EndsWith("/users", StringComparison.Ordinal) ? Problem.Plain(403, "Forbidden") : null;
    }
}
