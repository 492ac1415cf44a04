using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

internal sealed record Tag(long Id, string Name);

/// <summary>What leads, contacts and companies have in common.</summary>
internal class Entity : IRecord
{
    public required long Id { get; init; }

    public required Kind Kind { get; init; }

    /// <summary>Moment of real creation, for search lag; <see cref="CreatedAt"/> may be set by the caller.</summary>
    public required DateTimeOffset Born { get; init; }

    public string Name { get; set; } = "";

    public long ResponsibleUserId { get; set; }

    public long CreatedBy { get; set; }

    public long UpdatedBy { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    public FieldValues[] Fields { get; set; } = [];

    public Tag[] Tags { get; set; } = [];

    /// <summary>Belongs to an incoming lead that nobody accepted yet: absent from lists and searches.</summary>
    public bool IsHidden { get; set; }

    public FieldValues? Values(string code) => Array.Find(Fields, f => f.Field.Code == code);
}

internal sealed class Lead : Entity
{
    public decimal Price { get; set; }

    public long StatusId { get; set; }

    public long PipelineId { get; set; }

    public long? ClosedAt { get; set; }

    public long? LossReasonId { get; set; }

    public string? VisitorUid { get; set; }

    public string? SourceExternalId { get; set; }

    /// <summary>Elements of the catalogue of goods, and how many of each.</summary>
    public (long ElementId, decimal Quantity)[] Products { get; set; } = [];

    /// <summary>Linked contacts; the first is the main one.</summary>
    public long[] ContactIds { get; set; } = [];

    public long[] CompanyIds { get; set; } = [];
}

internal sealed class Person : Entity
{
    public string FirstName { get; set; } = "";

    public string LastName { get; set; } = "";

    /// <summary>Leads that link to this contact or company.</summary>
    public List<long> LeadIds { get; } = [];

    public long[] CompanyIds { get; set; } = [];
}

internal sealed record Note(long Id, Kind Kind, long EntityId, string Type, string ParamsJson, long CreatedBy, long ResponsibleUserId, long CreatedAt) : IRecord;

internal sealed class TodoTask : IRecord
{
    public required long Id { get; init; }

    public string Text { get; set; } = "";

    public long CompleteTill { get; set; }

    public long? EntityId { get; set; }

    public string? EntityType { get; set; }

    public long TaskTypeId { get; set; } = 1;

    public long ResponsibleUserId { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    public long CreatedBy { get; set; }

    public bool IsCompleted { get; set; }

    public string? ResultText { get; set; }
}

/// <summary>An element of the account's one catalogue of goods.</summary>
internal sealed record CatalogElement(long Id, string Name, decimal Price) : IRecord;

internal sealed record EventRow(long Id, string Type, Kind Kind, long EntityId, long CreatedBy, long CreatedAt, string? AfterJson, string? BeforeJson);
