namespace LeadIngest.Api.Features.Reports.Team.Shared;

/// <summary>Times in reports are whole seconds; files show them as hours, minutes and seconds.</summary>
internal static class Seconds
{
    public static long? Of(TimeSpan? time) => time is { } known ? (long)Math.Round(known.TotalSeconds) : null;

    public static object? Cell(long? seconds) => seconds is { } known ? TimeSpan.FromSeconds(known) : null;
}
