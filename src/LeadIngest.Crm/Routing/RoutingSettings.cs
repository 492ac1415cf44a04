namespace LeadIngest.Crm.Routing;

/// <summary>
/// Where leads go inside one CRM account and what their cards look like. Part of a connection's settings, so that rules are changed without a new version.
/// Members that are left out fall back: the rule that matched, then <see cref="Always"/>, then the connection's own settings.
/// </summary>
public sealed record RoutingSettings
{
    /// <summary>For every lead. Its tags and fields are added to those of the rule that matched, its other members are used where the rule has none.</summary>
    public RuleActions? Always { get; init; }

    /// <summary>Looked at from the first on; the first whose conditions all hold decides, the others are not looked at. At most 100.</summary>
    public IReadOnlyList<RoutingRule>? Rules { get; init; }

    /// <summary>
    /// Working hours in the project's time zone, by day: <c>{"mon":"09:00-18:00","sat":"10:00-14:00,15:00-17:00"}</c>. A day that is left out is a day off.
    /// Null: people always work.
    /// </summary>
    public IReadOnlyDictionary<string, string>? WorkingHours { get; init; }

    /// <summary>Days off whatever the day of the week: <c>2026-12-31</c>.</summary>
    public IReadOnlyList<string>? DaysOff { get; init; }
}

/// <summary>One rule: if all of <see cref="When"/> holds, <see cref="Then"/> is done.</summary>
public sealed record RoutingRule
{
    /// <summary>For people, 1 to 100 characters, no other rule's of the connection. Users who take turns are counted by it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Null or empty: every lead.</summary>
    public RuleConditions? When { get; init; }

    public RuleActions Then { get; init; } = new();
}

/// <summary>Conditions that must all hold; of the values of one condition any will do. Texts are compared without regard to case.</summary>
public sealed record RuleConditions
{
    /// <summary>The site's id or name.</summary>
    public IReadOnlyList<string>? Sites { get; init; }

    /// <summary>The form's id or name.</summary>
    public IReadOnlyList<string>? Forms { get; init; }

    /// <summary>As in passports: <c>paid_search</c>.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>The passport's source: <c>Яндекс.Директ</c>.</summary>
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>Parts of the campaign's name.</summary>
    public IReadOnlyList<string>? CampaignContains { get; init; }

    /// <summary>Parts of the keyword.</summary>
    public IReadOnlyList<string>? KeywordContains { get; init; }

    /// <summary>Beginnings of the phone in E.164, which are countries and regions: <c>+7495</c>. A phone that could not be read never matches.</summary>
    public IReadOnlyList<string>? PhonePrefixes { get; init; }

    /// <summary><c>form</c>, <c>call</c>, <c>missed_call</c> (a call that came in and was not answered), <c>chat</c>.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary><c>new</c> or <c>repeat</c>: whether the client was known before.</summary>
    public string? Client { get; init; }

    /// <summary><c>working</c> or <c>off</c>, at the moment the lead came.</summary>
    public string? Hours { get; init; }
}

/// <summary>What is done with a lead. Null members are left to the next in line.</summary>
public sealed record RuleActions
{
    /// <summary>Pipeline (amoCRM) or category (Bitrix24). A rule that names one takes no stage from the connection's settings: stages belong to a pipeline.</summary>
    public int? PipelineId { get; init; }

    public string? StageId { get; init; }

    public ResponsibleChoice? Responsible { get; init; }

    /// <summary>The card's title, a template: <c>{form}: {name} ({source})</c>. See <see cref="Template"/>.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// Fields of the card to templates: <c>{"700123":"{campaign}"}</c>. amoCRM: the field's id or code. Bitrix24: the name of a field of the portal's own,
    /// <c>UF_CRM_1747309879</c>. A template that comes out empty is left out.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    /// <summary>Templates. amoCRM: tags of the deal. Bitrix24 has none for deals: they stand in the comment.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    public TaskTemplate? Task { get; init; }
}

/// <summary>Who answers for the lead.</summary>
public sealed record ResponsibleChoice
{
    /// <summary>A known client stays with the user who answers for the client's contact in the CRM; <see cref="Users"/> are for the others.</summary>
    public bool Previous { get; init; }

    /// <summary>The CRM's user ids. One: always that user. Several: they take turns, whatever node delivers. None: the connection's own, else the CRM's default.</summary>
    public IReadOnlyList<int>? Users { get; init; }
}

/// <summary>A task in the card for the responsible user.</summary>
public sealed record TaskTemplate
{
    /// <summary>A template: <c>Перезвонить: {name} {phone}</c>.</summary>
    public string Text { get; init; } = "";

    /// <summary>Minutes from the lead's arrival, 1 to 43 200; only minutes of working hours count where there are such.</summary>
    public int DueMinutes { get; init; } = 15;

    /// <summary><c>new</c>, <c>repeat</c>, <c>missed_call</c>: the task is set for any of these. Null: for every lead.</summary>
    public IReadOnlyList<string>? For { get; init; }
}
