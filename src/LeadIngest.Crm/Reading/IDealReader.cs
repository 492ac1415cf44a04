namespace LeadIngest.Crm;

/// <summary>
/// Reads the deals of a CRM account with all that reports want of them: everything once, later what changed. Same budget and same manners as
/// <see cref="IContactReader"/>. No text of a note, a message or a task is asked for or kept.
/// </summary>
public interface IDealReader
{
    /// <summary>What there is to read here, in the order of a first reading: cards before what belongs to them.</summary>
    IReadOnlyList<DealPart> Parts { get; }

    /// <summary>True where a page of cards carries their products; otherwise <see cref="ReadProductsAsync"/> brings them.</summary>
    bool CardsHaveProducts { get; }

    /// <summary>One page. A page may show again what an earlier one had.</summary>
    Task<DealsRead> ReadAsync(DealQuery query, ICallGuard guard, CancellationToken ct);

    /// <summary>Cards by their ids. May answer for a part of what was asked: what is neither found nor gone nor hidden is to be asked for again.</summary>
    Task<DealsRead> GetAsync(IReadOnlyList<DealKey> keys, ICallGuard guard, CancellationToken ct);

    /// <summary>The products of these cards. May answer for a part of what was asked.</summary>
    Task<DealsRead> ReadProductsAsync(IReadOnlyList<DealKey> keys, ICallGuard guard, CancellationToken ct);

    /// <summary>How many cards were made in each of these periods, in their order (<see cref="DealsRead.Page.Counts"/>).</summary>
    /// <returns><see cref="DealsRead.Refused"/> where the CRM does not count: compare the lists themselves.</returns>
    Task<DealsRead> CountAsync(DealKind kind, IReadOnlyList<Period> periods, ICallGuard guard, CancellationToken ct);
}

/// <summary>amoCRM's leads are deals; Bitrix24 counts deals and leads apart.</summary>
public enum DealKind { Deal, Lead }

/// <param name="Kind">A deal or a lead of Bitrix24.</param>
/// <param name="Id">Decimal digits.</param>
public readonly record struct DealKey(DealKind Kind, string Id);

/// <summary>A part of a reading; each has pages of its own.</summary>
public enum DealPart
{
    /// <summary>Pipelines, stages, users, lost reasons, the account's currency. One page.</summary>
    Directories,

    /// <summary>Cards of deals.</summary>
    Deals,

    /// <summary>Cards of Bitrix24's leads.</summary>
    Leads,

    /// <summary>The CRM's own account of what happened: stages, and where it tells, amounts, contacts with the client, deletions.</summary>
    History,

    /// <summary>The stages of Bitrix24's leads.</summary>
    LeadHistory,

    /// <summary>Tasks, and in Bitrix24 calls and messages, which are activities like them.</summary>
    Tasks,
}

/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
public readonly record struct Period(DateTimeOffset From, DateTimeOffset To);

/// <param name="Part">What.</param>
/// <param name="Since">Only what changed or happened at or after this moment; null: all.</param>
/// <param name="Cursor"><see cref="DealsRead.Page.Next"/> of the page before; null: from the beginning.</param>
public sealed record DealQuery(DealPart Part, DateTimeOffset? Since = null, string? Cursor = null)
{
    /// <summary>Only cards made in this period. Where the CRM cannot filter, all come.</summary>
    public Period? Made { get; init; }

    /// <summary>Only tasks that are not done.</summary>
    public bool OpenOnly { get; init; }
}

/// <summary>A card as reports need it.</summary>
public sealed record RemoteDeal(DealKey Key)
{
    public string? Name { get; init; }

    /// <summary>Null: the CRM's only one (leads of Bitrix24).</summary>
    public string? PipelineId { get; init; }

    public required string StageId { get; init; }

    /// <summary><c>open</c>, <c>won</c> or <c>lost</c>. A lead of Bitrix24 is won when it was converted: that is no sale.</summary>
    public required string State { get; init; }

    public decimal Amount { get; init; }

    /// <summary>ISO 4217; null when the CRM does not say.</summary>
    public string? Currency { get; init; }

    public string? ResponsibleId { get; init; }

    /// <summary>The main one first.</summary>
    public IReadOnlyList<string> ContactIds { get; init; } = [];

    public string? CompanyId { get; init; }

    /// <summary>Our own id in the card: the lead that became it.</summary>
    public Guid? OurLeadId { get; init; }

    /// <summary>Bitrix24: the lead that was converted into this deal.</summary>
    public string? FromLeadId { get; init; }

    public string? LostReasonId { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    public string? UpdatedBy { get; init; }

    /// <summary>When it came to a closed stage; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>When it came to its stage; null when the CRM does not say: then not after <see cref="UpdatedAt"/>.</summary>
    public DateTimeOffset? MovedAt { get; init; }

    public string? MovedBy { get; init; }

    /// <summary>Null: not told with the card.</summary>
    public IReadOnlyList<RemoteProduct>? Products { get; init; }
}

/// <param name="Id">Of the product, null for one that was typed by hand.</param>
/// <param name="Name">As one line.</param>
/// <param name="Price">Of one, in the deal's currency; null when the CRM does not say.</param>
/// <param name="Quantity">May be a fraction.</param>
public sealed record RemoteProduct(string? Id, string? Name, decimal? Price, decimal Quantity);

/// <summary>A move between stages, out of the CRM's own history.</summary>
/// <param name="Deal">Whose.</param>
/// <param name="Order">Unique in the account; sorts moves of one moment when compared byte by byte.</param>
/// <param name="At">When.</param>
/// <param name="To">Where to.</param>
public sealed record RemoteMove(DealKey Deal, string Order, DateTimeOffset At, RemotePlace To)
{
    /// <summary>Null when the history does not say.</summary>
    public RemotePlace? From { get; init; }

    /// <summary>The stage in which the card was made.</summary>
    public bool IsCreation { get; init; }

    /// <summary>User id; null when the history does not say, or a program did it.</summary>
    public string? By { get; init; }
}

/// <param name="PipelineId">Null: the CRM's only one.</param>
/// <param name="StageId">The stage.</param>
public sealed record RemotePlace(string? PipelineId, string StageId);

/// <summary>A change of the amount, out of the CRM's own history.</summary>
public sealed record RemotePrice(DealKey Deal, string Order, DateTimeOffset At, decimal From, decimal To, string? By);

/// <summary>A card that a task, a call or a message belongs to.</summary>
/// <param name="Kind"><c>deal</c>, <c>lead</c>, <c>contact</c> or <c>company</c>.</param>
/// <param name="Id">Decimal digits.</param>
public readonly record struct RemoteOwner(string Kind, string Id);

public sealed record RemoteTask(string Id, RemoteOwner? Owner)
{
    /// <summary><c>call</c>, <c>meeting</c>, <c>email</c> or <c>task</c>.</summary>
    public required string Kind { get; init; }

    public string? ResponsibleId { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public required bool IsDone { get; init; }

    /// <summary>When it was done, or the last change of a task that is done; null while it is open.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>A contact with the client: when, of what kind, which way, by whom. Nothing of what was said.</summary>
/// <param name="Id">Unique in the account.</param>
/// <param name="Owner">The card.</param>
/// <param name="At">When.</param>
/// <param name="Kind"><c>call</c>, <c>message</c>, <c>email</c> or <c>sms</c>.</param>
/// <param name="Direction"><c>in</c>, <c>out</c>; null when the CRM does not say.</param>
/// <param name="By">User id; null: a program, or the client.</param>
public sealed record RemoteTouch(string Id, RemoteOwner Owner, DateTimeOffset At, string Kind, string? Direction, string? By);

/// <summary>What the CRM's log says of a card. No proof of how it stands now.</summary>
/// <param name="Deal">Whose.</param>
/// <param name="What"><c>deleted</c>, <c>restored</c> or <c>merged</c> (it may be the one that stays or the one that goes).</param>
/// <param name="At">When.</param>
public sealed record ToldOfDeal(DealKey Deal, string What, DateTimeOffset At);

/// <summary>Null lists were not read (no right to them): what is known stays.</summary>
public sealed record DealDirectories
{
    public IReadOnlyList<RemotePipeline>? Pipelines { get; init; }
    public IReadOnlyList<RemoteUser>? Users { get; init; }
    public IReadOnlyList<RemoteReason>? LostReasons { get; init; }

    /// <summary>amoCRM: of all deals. Null where each deal has its own.</summary>
    public string? Currency { get; init; }
}

/// <param name="Kind">Of the cards in it.</param>
/// <param name="Id">Empty: the only one of its kind.</param>
/// <param name="Name">For people; may be empty.</param>
/// <param name="Sort">Rising, with gaps.</param>
/// <param name="Stages">In their order.</param>
public sealed record RemotePipeline(DealKind Kind, string Id, string Name, int Sort, IReadOnlyList<RemoteStage> Stages)
{
    /// <summary>Where cards go that name none.</summary>
    public bool IsMain { get; init; }

    /// <summary>Put away: its cards are there, new ones cannot be made.</summary>
    public bool IsArchived { get; init; }
}

/// <param name="Id">Unique in its pipeline.</param>
/// <param name="Name">For people.</param>
/// <param name="Sort">Rising, with gaps.</param>
/// <param name="State"><c>open</c>, <c>won</c> or <c>lost</c>.</param>
public sealed record RemoteStage(string Id, string Name, int Sort, string State)
{
    /// <summary>As in the CRM, <c>#99ccff</c>; null when it says none.</summary>
    public string? Color { get; init; }

    /// <summary>amoCRM's incoming leads: nothing can be put there by a program.</summary>
    public bool IsIncoming { get; init; }

    /// <returns>The color as six hexadecimal digits behind #; null for anything else.</returns>
    internal static string? ColorOf(string? text) =>
        text is { Length: 7 } && text[0] == '#' && text.Skip(1).All(char.IsAsciiHexDigit) ? text : null;
}

public sealed record RemoteUser(string Id, string Name, bool IsActive);

public sealed record RemoteReason(string Id, string Name);

/// <summary>How a reading ended.</summary>
public abstract record DealsRead
{
    private DealsRead() { }

    /// <param name="Next">Where to go on; null: that was all. Text of at most 100 characters, valid for days.</param>
    public sealed record Page(string? Next = null) : DealsRead
    {
        public IReadOnlyList<RemoteDeal> Deals { get; init; } = [];
        public IReadOnlyList<RemoteMove> Moves { get; init; } = [];
        public IReadOnlyList<RemotePrice> Prices { get; init; } = [];
        public IReadOnlyList<RemoteTask> Tasks { get; init; } = [];
        public IReadOnlyList<RemoteTouch> Touches { get; init; } = [];
        public IReadOnlyList<ToldOfDeal> Told { get; init; } = [];

        /// <summary>Products of cards that do not carry them, for each card that was answered for.</summary>
        public IReadOnlyDictionary<DealKey, IReadOnlyList<RemoteProduct>> Products { get; init; } = new Dictionary<DealKey, IReadOnlyList<RemoteProduct>>();

        /// <summary>Asked for by id and not there any more: deleted, or merged into another.</summary>
        public IReadOnlyList<DealKey> Gone { get; init; } = [];

        /// <summary>Asked for by id, and these credentials may not see them.</summary>
        public IReadOnlyList<DealKey> Hidden { get; init; } = [];

        public IReadOnlyList<int> Counts { get; init; } = [];

        public DealDirectories? Directories { get; init; }
    }

    /// <summary>Not now: to be tried again, not before <paramref name="After"/> when it is given.</summary>
    public sealed record Failed(string Why, TimeSpan? After = null) : DealsRead;

    /// <summary>The CRM will not answer this question, however often it is asked.</summary>
    public sealed record Refused(string Why) : DealsRead;

    /// <summary>The credentials do not work any more.</summary>
    public sealed record CredentialsRefused(string Why) : DealsRead;

    /// <summary>The account is blocked, unpaid or gone; or the right to this part is missing.</summary>
    public sealed record AccountBlocked(string Why) : DealsRead;
}
