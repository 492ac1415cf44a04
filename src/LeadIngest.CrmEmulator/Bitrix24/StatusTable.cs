namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>HTTP statuses of errors: the vendor changed many in 2026, and old portals did not follow.</summary>
internal static class StatusTable
{
    private static readonly Dictionary<string, int> Old = new(StringComparer.Ordinal)
    {
        ["INVALID_CREDENTIALS"] = 403,
        ["insufficient_scope"] = 403,
        ["ACCESS_DENIED"] = 403,
        ["user_access_error"] = 403,
        ["INVALID_REQUEST"] = 400,
        ["OVERLOAD_LIMIT"] = 503,
        ["PORTAL_DELETED"] = 500,
    };

    public static int Of(RestException error, PortalSettings settings) =>
        settings.Statuses.TryGetValue(error.Code, out var wanted) ? wanted
        // A refusal inside the CRM is 400 in both editions.
        : settings.OldStatuses && error.Status != 400 && Old.TryGetValue(error.Code, out var old) ? old
        : error.Status;
}
