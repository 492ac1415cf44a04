using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Reading;

/// <summary>What a failed call means to somebody who only reads.</summary>
internal static class ReadEnds
{
    public static ContactsRead ToRead(this CallEnd end) => end switch
    {
        CallEnd.CredentialsRefused => new ContactsRead.CredentialsRefused(end.Why),
        CallEnd.AccountBlocked => new ContactsRead.AccountBlocked(end.Why),
        CallEnd.NotExecuted { After: var after } => new ContactsRead.Failed(end.Why, after),
        CallEnd.Data => new ContactsRead.Refused(end.Why),
        _ => new ContactsRead.Failed(end.Why),
    };

    public static DealsRead ToDealsRead(this CallEnd end) => end switch
    {
        CallEnd.CredentialsRefused => new DealsRead.CredentialsRefused(end.Why),
        CallEnd.AccountBlocked => new DealsRead.AccountBlocked(end.Why),
        CallEnd.NotExecuted { After: var after } => new DealsRead.Failed(end.Why, after),
        CallEnd.Data => new DealsRead.Refused(end.Why),
        _ => new DealsRead.Failed(end.Why),
    };

    public static DirectoriesRead ToDirectoriesRead(this CallEnd end) => end switch
    {
        CallEnd.CredentialsRefused or CallEnd.AccountBlocked or CallEnd.Data => new DirectoriesRead.Refused(end.Why),
        CallEnd.NotExecuted { After: var after } => new DirectoriesRead.Failed(end.Why, after),
        _ => new DirectoriesRead.Failed(end.Why),
    };

    public static HookSubscription ToSubscription(this CallEnd end) => end switch
    {
        CallEnd.CredentialsRefused or CallEnd.AccountBlocked or CallEnd.Data => new("refused", end.Why),
        _ => new("failed", end.Why),
    };
}
