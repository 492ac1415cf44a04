namespace LeadIngest.Crm.Routing;

/// <summary>What becomes of one lead in one CRM account: a rule's actions with the connection's settings behind them, all templates filled in.</summary>
public sealed record RoutingDecision
{
    /// <summary>Name of the rule that matched; null when none did.</summary>
    public string? Rule { get; init; }

    /// <summary>The rules that were looked at, in order, each with why it did or did not match.</summary>
    public IReadOnlyList<RuleTrace> Trace { get; init; } = [];

    public int? PipelineId { get; init; }
    public string? StageId { get; init; }

    /// <summary>Who answers for the lead; null: the CRM's default. With <see cref="KeepsPrevious"/> only where the contact has nobody.</summary>
    public int? ResponsibleUserId { get; init; }

    /// <summary>The user of the client's contact in the CRM goes first.</summary>
    public bool KeepsPrevious { get; init; }

    /// <summary>Users who take turns and of whom one is to be chosen for this lead; null when nobody has to be chosen (any more).</summary>
    public Turn? Turn { get; init; }

    /// <summary>Null: the ordinary title.</summary>
    public string? Title { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];
    public TaskToSet? Task { get; init; }

    /// <summary>True when the CRM can refuse something of this that a card can go without.</summary>
    public bool IsParticular => PipelineId is not null || StageId is not null || ResponsibleUserId is not null || KeepsPrevious || Fields.Count > 0;
}

/// <param name="Counter">Whose turns these are: the rule's name, or empty for <see cref="RoutingSettings.Always"/>.</param>
/// <param name="Users">In order.</param>
public sealed record Turn(string Counter, IReadOnlyList<int> Users)
{
    /// <summary>Who is next when <paramref name="taken"/> turns were taken before.</summary>
    public int At(long taken) => Users[(int)(taken % Users.Count)];
}

/// <param name="Rule">The rule's name.</param>
/// <param name="Matched">Whether it decided.</param>
/// <param name="Why">The condition that failed, or those that held. For people.</param>
public sealed record RuleTrace(string Rule, bool Matched, string Why);

/// <param name="Text">One line.</param>
/// <param name="Due">With the offset of the project's time zone.</param>
public sealed record TaskToSet(string Text, DateTimeOffset Due);
