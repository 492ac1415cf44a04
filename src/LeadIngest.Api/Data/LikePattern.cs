namespace LeadIngest.Api.Data;

/// <summary>Patterns of SQL's <c>like</c> and <c>ilike</c>, with the escape character that PostgreSQL takes by default.</summary>
internal static class LikePattern
{
    /// <summary>Matches what holds this text, whose own <c>%</c>, <c>_</c> and <c>\</c> stand for themselves.</summary>
    public static string Containing(string text) => "%" + text.Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";
}
