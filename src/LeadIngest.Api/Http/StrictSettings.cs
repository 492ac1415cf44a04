using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LeadIngest.Crm;

namespace LeadIngest.Api.Http;

/// <summary>
/// A name that a connection's settings do not know is refused: a misspelt condition would otherwise be none, and its rule match every lead. Only for what
/// comes by HTTP; what is stored may have been written by a newer version.
/// </summary>
internal static class StrictSettings
{
    public static void Refuse(JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Object && (type.Type == typeof(ConnectionSettings) || type.Type.Namespace == typeof(ConnectionSettings).Namespace + ".Routing"))
            type.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
    }
}
