using System.Text.Json;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>
/// Records with ids, dates and a course of their own, for the door <c>/_seed/amocrm</c>: an account that people have worked in. Moments are unix seconds. Users,
/// reasons and fields are added to those of the account; records must have ids that are free.
/// </summary>
internal sealed record Past
{
    public IReadOnlyList<PastUser> Users { get; init; } = [];
    public IReadOnlyList<PastReason> LossReasons { get; init; } = [];

    /// <summary>Text fields of leads, by code; one that is there stays as it is.</summary>
    public IReadOnlyList<PastField> Fields { get; init; } = [];

    public IReadOnlyList<PastProduct> Products { get; init; } = [];
    public IReadOnlyList<PastContact> Contacts { get; init; } = [];
    public IReadOnlyList<PastDeal> Deals { get; init; } = [];
    public IReadOnlyList<PastTask> Tasks { get; init; } = [];

    public static readonly JsonSerializerOptions Wire = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };
}

internal sealed record PastUser(long Id, string Name);

internal sealed record PastReason(long Id, string Name);

internal sealed record PastField(string Code, string Name);

internal sealed record PastProduct(long Id, string Name, decimal Price);

internal sealed record PastContact(long Id, string Name, long CreatedAt, string? Phone = null, string? Email = null, long? ResponsibleUserId = null);

/// <param name="Id">Free.</param>
/// <param name="CreatedBy">0: a robot.</param>
/// <param name="StatusId">Where it began; with <paramref name="PipelineId"/>.</param>
/// <param name="Price">What it began with.</param>
internal sealed record PastDeal(long Id, string Name, long CreatedAt, long ResponsibleUserId, long PipelineId, long StatusId, decimal Price = 0, long CreatedBy = 0, long? LossReasonId = null)
{
    public IReadOnlyList<long> ContactIds { get; init; } = [];
    /// <summary>Each to another stage; the last one is where it stands.</summary>
    public IReadOnlyList<PastMove> Moves { get; init; } = [];
    /// <summary>Each another amount.</summary>
    public IReadOnlyList<PastPrice> Prices { get; init; } = [];
    /// <summary>Calls become notes and events, messages events.</summary>
    public IReadOnlyList<PastTouch> Touches { get; init; } = [];
    public IReadOnlyList<PastItem> Products { get; init; } = [];
    /// <summary>Values by the field's code.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();
}

internal sealed record PastMove(long At, long StatusId, long By, long? PipelineId = null);

internal sealed record PastPrice(long At, decimal Price, long By);

/// <param name="Kind"><c>call_in</c>, <c>call_out</c>, <c>chat_in</c> or <c>chat_out</c>.</param>
internal sealed record PastTouch(long At, string Kind, long By, string? Phone = null, int Seconds = 0);

internal sealed record PastItem(long Id, decimal Quantity = 1);

/// <param name="DoneAt">Null: it is open.</param>
internal sealed record PastTask(long Id, long DealId, string Text, long CreatedAt, long CompleteTill, long ResponsibleUserId, long? DoneAt = null, long TaskTypeId = 1);
