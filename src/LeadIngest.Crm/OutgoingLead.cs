using LeadIngest.Core.Calls;
using LeadIngest.Core.Passports;

namespace LeadIngest.Crm;

public enum OutgoingKind
{
    /// <summary>A new lead/deal, linked to the client's contact (made when there is none).</summary>
    Deal,

    /// <summary>A note in the card of <see cref="OutgoingLead.DealId"/>: a duplicate, or a repeat where the project wants notes.</summary>
    Note,

    /// <summary>
    /// The call's own entry (call note, call activity) in the card of <see cref="OutgoingLead.DealId"/>, which this lead had made before the call was
    /// over or its recording was there.
    /// </summary>
    Call,
}

/// <summary>One lead on its way to one CRM account, complete: an implementation needs nothing else to send or to find it.</summary>
public sealed record OutgoingLead
{
    /// <summary>Our id in the CRM: external id of the deal. Never reused.</summary>
    public required Guid LeadId { get; init; }

    /// <summary>External id of the contact: one contact a client and account, however many leads.</summary>
    public required Guid ClientId { get; init; }

    public required OutgoingKind Kind { get; init; }

    /// <summary>The CRM's contact of this client, when one is known.</summary>
    public string? ContactId { get; init; }

    /// <summary>For <see cref="OutgoingKind.Note"/> and <see cref="OutgoingKind.Call"/>: the CRM's deal that gets the note or the entry.</summary>
    public string? DealId { get; init; }

    /// <summary>The lead that made the deal <see cref="DealId"/>: by its id the deal is found again once it was merged into another. Null when nobody knows.</summary>
    public Guid? DealLeadId { get; init; }

    /// <summary>For a <see cref="OutgoingKind.Note"/> of a repeat: other deals of the client that we know, the latest first. The first open one takes the note when the deal itself cannot.</summary>
    public IReadOnlyList<string> OtherDealIds { get; init; } = [];

    /// <summary>For a <see cref="OutgoingKind.Note"/>: the passport of the first enquiry, which the card shows. Null when nobody knows.</summary>
    public Passport? FirstPassport { get; init; }

    /// <summary>For a <see cref="OutgoingKind.Call"/>: the contact that takes the entry because the deal was deleted; null while the deal takes it.</summary>
    public string? EntryContactId => Kind == OutgoingKind.Call ? Steps.GetValueOrDefault(Step.EntryContact) : null;

    /// <summary>Remote ids of the steps already done by an earlier attempt, by <see cref="Step"/>. Finished steps are not repeated.</summary>
    public IReadOnlyDictionary<string, string> Steps { get; init; } = new Dictionary<string, string>();

    public required DateTimeOffset ReceivedAt { get; init; }
    public bool IsRepeat { get; init; }

    /// <summary>For a <see cref="OutgoingKind.Note"/> of a repeat: the project wants a task beside it.</summary>
    public bool WantsTask { get; init; }

    public bool IsDemo { get; init; }
    public string? Name { get; init; }

    /// <summary>E.164, or the text as typed when it could not be read (see <see cref="PhoneIsValid"/>).</summary>
    public string? Phone { get; init; }

    public bool PhoneIsValid { get; init; }

    /// <summary>Normalised, or the text as typed when it could not be read (see <see cref="EmailIsValid"/>).</summary>
    public string? Email { get; init; }

    public bool EmailIsValid { get; init; }
    public string? Comment { get; init; }
    public Guid? SiteId { get; init; }
    public string? SiteName { get; init; }

    /// <summary><c>form</c>, <c>call</c> or <c>chat</c>.</summary>
    public string LeadKind { get; init; } = "form";

    /// <summary>The project's: working hours and the times of tasks are told by it.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    public string? FormId { get; init; }
    public string? FormName { get; init; }
    public string? Page { get; init; }

    /// <summary>Other posted fields, label to text, in the order posted.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    public required Passport Passport { get; init; }

    /// <summary>The phone call that this lead is; null for forms and chats.</summary>
    public OutgoingCall? Call { get; init; }

    /// <summary>
    /// For <see cref="OutgoingKind.Call"/>: remote id of the call's entry that an earlier delivery of this lead made (its <see cref="Step.Call"/>). Only what
    /// came since, the recording, is added to it then. Null: there is no entry yet.
    /// </summary>
    public string? CallEntryId { get; init; }

    /// <summary>What the visitor did on the site before the enquiry; null when nothing is known of it.</summary>
    public OutgoingVisit? Visit { get; init; }

    /// <summary>Without contact details, which a record would print.</summary>
    public override string ToString() => $"{Kind} {LeadId}";
}

/// <summary>A call as a CRM shows it: with all that is known at the moment of sending.</summary>
public sealed record OutgoingCall
{
    /// <summary>Our id of the call: the CRM's key of it, where it keeps one.</summary>
    public required Guid CallId { get; init; }

    public required CallDirection Direction { get; init; }
    public required CallOutcome Outcome { get; init; }

    /// <summary>E.164, or as received when it could not be read; null when hidden.</summary>
    public string? ClientPhone { get; init; }

    /// <summary>The number that was dialled.</summary>
    public string? LinePhone { get; init; }

    public string? Employee { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public int? WaitSeconds { get; init; }
    public int? TalkSeconds { get; init; }
    public string? RecordingUrl { get; init; }

    /// <summary>The provider, by its word in our addresses: <c>mango</c>.</summary>
    public required string Provider { get; init; }
}

/// <param name="StartedAt">When the visitor arrived.</param>
/// <param name="PageViews">Pages viewed until the moment of sending.</param>
/// <param name="Seconds">Seconds with a page in sight.</param>
/// <param name="Pages">The first paths, in order.</param>
/// <param name="YandexClientId">Metrica's id of the browser.</param>
/// <param name="GoogleClientId">Analytics' id of the browser.</param>
public sealed record OutgoingVisit(DateTimeOffset StartedAt, int PageViews, int Seconds, IReadOnlyList<string> Pages, string? YandexClientId, string? GoogleClientId);

/// <summary>Names of the steps of a delivery whose remote ids are kept.</summary>
public static class Step
{
    public const string Contact = "contact";
    public const string Deal = "deal";
    public const string Note = "note";

    /// <summary>The call's entry: id of the call note or activity, of the incoming lead that shows the call, or of the call in the portal's telephony.</summary>
    public const string Call = "call";

    /// <summary>Bitrix24: the portal's id of a call that is registered and still to be finished.</summary>
    public const string Registered = "registered";

    /// <summary>The task in the card.</summary>
    public const string Task = "task";

    /// <summary>No remote id but the CRM's user who was chosen in turn: the choice is kept, so that no further attempt takes a turn.</summary>
    public const string Responsible = "responsible";

    /// <summary>No step but a decision: the contact whose card takes the call's entry, since the deal was deleted.</summary>
    public const string EntryContact = "entry_contact";

    /// <summary>The recording is in the call's entry, or hangs on it.</summary>
    public const string Record = "record";
}
