using LeadIngest.Core.Passports;
using LeadIngest.Core.Times;

namespace LeadIngest.Crm.Routing;

/// <summary>What is wrong with routing settings, said before they are stored.</summary>
public static class RoutingFaults
{
    private const int MostRules = 100;
    private const int MostValues = 200;
    private const int LongestText = 500;

    /// <param name="settings">As read from JSON: any member may be null, whatever its type says.</param>
    /// <param name="crm"><c>amocrm</c> or <c>bitrix24</c>; null when it is not known here, and fields are not looked at by vendor.</param>
    /// <returns>Path from the settings on, as it is written in JSON (<c>rules[2].when.channels</c>), and the fault.</returns>
    public static IEnumerable<(string Path, string Fault)> Of(RoutingSettings settings, string? crm = null)
    {
        var faults = new List<(string, string)>();
        if (settings.Always is { } always)
        {
            Actions("always", always, crm, faults);
        }

        var rules = settings.Rules ?? [];
        if (rules.Count > MostRules)
        {
            faults.Add(("rules", $"At most {MostRules} rules."));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, rule) in rules.Index())
        {
            var at = $"rules[{index}]";
            if (rule is null)
            {
                faults.Add((at, "Must be a rule."));
                continue;
            }

            if (string.IsNullOrWhiteSpace(rule.Name) || rule.Name.Length > 100)
            {
                faults.Add(($"{at}.name", "A name of 1 to 100 characters."));
            }
            else if (!names.Add(rule.Name))
            {
                faults.Add(($"{at}.name", "Another rule has this name."));
            }

            if (rule.When is { } when)
            {
                Conditions($"{at}.when", when, settings, faults);
            }

            if (rule.Then is null)
            {
                faults.Add(($"{at}.then", "Must not be null."));
            }
            else
            {
                Actions($"{at}.then", rule.Then, crm, faults);
            }
        }

        Hours(settings, faults);
        return faults;
    }

    private static void Conditions(string at, RuleConditions when, RoutingSettings settings, List<(string, string)> faults)
    {
        foreach (var (name, values) in new[]
        {
            ("sites", when.Sites), ("forms", when.Forms), ("channels", when.Channels), ("sources", when.Sources), ("campaignContains", when.CampaignContains),
            ("keywordContains", when.KeywordContains), ("phonePrefixes", when.PhonePrefixes), ("kinds", when.Kinds),
        })
        {
            List($"{at}.{name}", values, MostValues, faults);
        }

        OneOf($"{at}.kinds", when.Kinds, ["form", "call", RoutingRules.MissedCall, "chat"], faults);
        OneOf($"{at}.client", when.Client is null ? null : [when.Client], ["new", "repeat"], faults);
        OneOf($"{at}.hours", when.Hours is null ? null : [when.Hours], ["working", "off"], faults);
        if (when.Hours is not null && settings.WorkingHours is null)
        {
            faults.Add(($"{at}.hours", "Needs workingHours."));
        }

        OneOf($"{at}.channels", when.Channels, [.. Enum.GetValues<Channel>().Select(RoutingRules.ChannelWord)], faults);
        if (when.PhonePrefixes?.FirstOrDefault(p => p is not null && !(p.Length is >= 2 and <= 16 && p[0] == '+' && p.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)) is { } prefix)
        {
            faults.Add(($"{at}.phonePrefixes", $"\"{prefix}\" is not the beginning of a number in E.164: +7495."));
        }
    }

    private static void Actions(string at, RuleActions then, string? crm, List<(string, string)> faults)
    {
        if (then.PipelineId < 0)
        {
            faults.Add(($"{at}.pipelineId", "Must not be negative."));
        }

        if (then.StageId is { } stage && (stage.Length is 0 or > 100 || (crm == "amocrm" && !stage.All(char.IsAsciiDigit))))
        {
            faults.Add(($"{at}.stageId", crm == "amocrm" ? "A stage of amoCRM is a number." : "1 to 100 characters."));
        }

        if (then.Responsible is { } choice)
        {
            if (choice is { Previous: false, Users: null or { Count: 0 } })
            {
                faults.Add(($"{at}.responsible", "Name users, or previous."));
            }

            if (choice.Users is { } users && (users.Count > 100 || users.Any(u => u <= 0) || users.Distinct().Count() < users.Count))
            {
                faults.Add(($"{at}.responsible.users", "Up to 100 ids of users, all above 0, none twice."));
            }
        }

        Text($"{at}.title", then.Title, faults);
        foreach (var (index, tag) in (then.Tags ?? []).Index())
        {
            Text($"{at}.tags[{index}]", tag ?? "", faults);
        }

        if (then.Tags?.Count > 20)
        {
            faults.Add(($"{at}.tags", "At most 20."));
        }

        foreach (var (field, text) in then.Fields ?? new Dictionary<string, string>())
        {
            Text($"{at}.fields[{field}]", text ?? "", faults);
            if (field.Length is 0 or > 100 || (field.Length > 18 && field.All(char.IsAsciiDigit)) || (crm == "bitrix24" ? !field.StartsWith("UF_CRM_", StringComparison.Ordinal) || field.Length == "UF_CRM_".Length : false)
                || field.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_'))
            {
                faults.Add(($"{at}.fields[{field}]", crm == "bitrix24" ? "A field of the portal's own, by its name: UF_CRM_1747309879." : "The field's id or code: 700123, MY_FIELD."));
            }
        }

        if (then.Fields?.Count > 50)
        {
            faults.Add(($"{at}.fields", "At most 50."));
        }

        if (then.Task is { } task)
        {
            Text($"{at}.task.text", task.Text ?? "", faults);
            if (task.DueMinutes is < 1 or > 43_200)
            {
                faults.Add(($"{at}.task.dueMinutes", "1 to 43200."));
            }

            OneOf($"{at}.task.for", task.For, ["new", "repeat", RoutingRules.MissedCall], faults);
        }
    }

    private static void Hours(RoutingSettings settings, List<(string, string)> faults)
    {
        foreach (var (day, hours) in settings.WorkingHours ?? new Dictionary<string, string>())
        {
            if (!WorkingTime.IsDay(day))
            {
                faults.Add(($"workingHours[{day}]", "Not a day: mon, tue, wed, thu, fri, sat, sun."));
            }
            else if (WorkingTime.FaultOfHours(hours) is { } fault)
            {
                faults.Add(($"workingHours[{day}]", fault));
            }
        }

        if (settings.WorkingHours is { Count: 0 })
        {
            faults.Add(("workingHours", "Name at least one day, or leave it out."));
        }

        foreach (var (index, day) in (settings.DaysOff ?? []).Index())
        {
            if (WorkingTime.FaultOfDay(day) is { } fault)
            {
                faults.Add(($"daysOff[{index}]", fault));
            }
        }

        if (settings.DaysOff?.Count > 400)
        {
            faults.Add(("daysOff", "At most 400."));
        }
    }

    private static void List(string at, IReadOnlyList<string>? values, int most, List<(string, string)> faults)
    {
        if (values?.Count > most)
        {
            faults.Add((at, $"At most {most}."));
        }

        // An empty part is in every text: such a rule would match everything by a slip.
        if (values?.Any(v => string.IsNullOrWhiteSpace(v) || v.Length > LongestText) == true)
        {
            faults.Add((at, $"Texts of 1 to {LongestText} characters."));
        }
    }

    private static void OneOf(string at, IReadOnlyList<string>? values, string[] known, List<(string, string)> faults)
    {
        if (values?.FirstOrDefault(v => v is not null && !known.Contains(v, StringComparer.Ordinal)) is { } unknown)
        {
            faults.Add((at, $"\"{unknown}\" is not one of {string.Join(", ", known)}."));
        }
    }

    private static void Text(string at, string? template, List<(string, string)> faults)
    {
        if (template is null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(template) || template.Length > LongestText)
        {
            faults.Add((at, $"1 to {LongestText} characters."));
        }
        else if (Template.Fault(template) is { } fault)
        {
            faults.Add((at, fault));
        }
    }
}
