using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>A lead, contact or company as sent: only what was given is set.</summary>
internal sealed class Draft
{
    public required Kind Kind { get; init; }

    public long? Id { get; set; }

    public string? Name { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public decimal? Price { get; set; }

    public long? StatusId { get; set; }

    public long? PipelineId { get; set; }

    public long? ResponsibleUserId { get; set; }

    public long? CreatedBy { get; set; }

    public long? UpdatedBy { get; set; }

    public long? CreatedAt { get; set; }

    public long? UpdatedAt { get; set; }

    public long? ClosedAt { get; set; }

    public long? LossReasonId { get; set; }

    public string? VisitorUid { get; set; }

    public string? SourceExternalId { get; set; }

    /// <summary>Fields to set; an empty item list clears the field.</summary>
    public List<FieldValues> Fields { get; } = [];

    /// <summary>Names that replace the whole tag set; null leaves it alone.</summary>
    public List<string>? Tags { get; set; }

    public List<string> TagsToAdd { get; } = [];

    public List<string> TagsToDelete { get; } = [];

    public List<(long Id, bool IsMain)> ContactIds { get; } = [];

    public List<long> CompanyIds { get; } = [];

    public Draft? NewContact { get; set; }

    public Draft? NewCompany { get; set; }

    public JsonObject? Metadata { get; set; }
}
