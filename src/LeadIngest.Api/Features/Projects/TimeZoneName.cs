using System.Text.RegularExpressions;

namespace LeadIngest.Api.Features.Projects;

/// <summary>Names of the IANA time zone database.</summary>
internal static partial class TimeZoneName
{
    /// <returns>
    /// True for a zone that the system knows. Where the system has no zone data (small images), for every name that is well formed: PostgreSQL, which
    /// computes with it, brings its own.
    /// </returns>
    public static bool IsValid(string name) => WellFormed().IsMatch(name) && (TimeZoneInfo.TryFindSystemTimeZoneById(name, out _) || !HasZones);

    private static bool HasZones { get; } = TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Moscow", out _);

    [GeneratedRegex(@"^(UTC|[A-Z][A-Za-z_]{1,20}(/[A-Z][A-Za-z0-9_+-]{1,30}){1,2})$")]
    private static partial Regex WellFormed();
}
