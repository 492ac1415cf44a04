namespace LeadIngest.Api.Http;

/// <summary>Content types with a meaning to routing.</summary>
internal static class MediaTypes
{
    /// <summary>
    /// Lets every request through to its handler. Without it routing itself answers 415 to what the description does not name: a beacon's
    /// <c>text/plain</c> would be lost, and nothing kept of it. Left out of the description.
    /// </summary>
    public const string Any = "*/*";
}
