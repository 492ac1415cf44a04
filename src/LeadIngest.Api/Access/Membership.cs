using System.Text.Json;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Access;

/// <summary>What somebody is in a project.</summary>
/// <param name="Role">One of <see cref="Roles.OfUsers"/>.</param>
/// <param name="CrmUsers">Counts for managers: whose deals are theirs.</param>
internal sealed record Membership(Guid ProjectId, string Role, bool SeesContacts, IReadOnlyList<CrmUser> CrmUsers)
{
    /// <summary>Who sees phones and e-mail addresses where the owner has not said: everybody but marketers.</summary>
    public static bool SeesContactsAs(string role) => role != Roles.Marketer;

    public static IReadOnlyList<CrmUser> Read(string stored) => JsonSerializer.Deserialize<CrmUser[]>(stored, JsonSerializerOptions.Web)!;

    public static string Write(IEnumerable<CrmUser>? users) => JsonSerializer.Serialize(users ?? [], JsonSerializerOptions.Web);
}
