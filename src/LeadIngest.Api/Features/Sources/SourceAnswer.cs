using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Features.Sources;

/// <summary>A line of the dictionary that a project's passports are written by.</summary>
internal sealed record SourceAnswer
{
    /// <summary>Null: shipped with the product, it cannot be changed but outdone by a line of the project's own.</summary>
    public Guid? Id { get; init; }

    /// <summary><c>own</c> or <c>shipped</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>As compared: lower case; <c>*</c> for any source.</summary>
    public required string Source { get; init; }

    /// <summary>Null: any medium and none.</summary>
    public string? Medium { get; init; }

    /// <summary>Null: the source as it was written.</summary>
    public string? Name { get; init; }

    public required string Channel { get; init; }
    public string? Note { get; init; }

    /// <summary>False for a shipped line that a line of the project's own stands before.</summary>
    public bool Wins { get; init; } = true;

    /// <summary>The project's own line that stands before this one.</summary>
    public Guid? OutdoneBy { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    public static SourceAnswer Of(SourceEntry entry, Guid? outdoneBy) => new()
    {
        Origin = "shipped",
        Source = entry.Source,
        Medium = entry.Medium,
        Name = entry.Name.Length == 0 ? null : entry.Name,
        Channel = PassportNames.ToWire(entry.Channel),
        Wins = outdoneBy is null,
        OutdoneBy = outdoneBy,
    };
}
