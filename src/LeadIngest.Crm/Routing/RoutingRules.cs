using System.Globalization;
using LeadIngest.Core.Calls;
using LeadIngest.Core.Passports;
using LeadIngest.Core.Times;
using LeadIngest.Crm.Cards;

namespace LeadIngest.Crm.Routing;

/// <summary>Decides where a lead goes inside a CRM account. Pure: the same lead and settings decide the same on every node and in every attempt.</summary>
public static class RoutingRules
{
    public const string MissedCall = "missed_call";

    private const int LongestTag = 100;
    private const int LongestValue = 250;
    private const int LongestTask = 1000;

    /// <param name="lead">The lead; the user chosen in turn for it, if any, is among its steps.</param>
    /// <param name="settings">The connection's.</param>
    /// <param name="now">
    /// A task counts from the lead's arrival, but one that would be overdue when it is set (the CRM was away for long) counts from this moment.
    /// </param>
    public static RoutingDecision Decide(OutgoingLead lead, ConnectionSettings settings, DateTimeOffset now)
    {
        var routing = settings.Routing;
        var working = WorkingTime.Of(routing?.WorkingHours, routing?.DaysOff);
        var trace = new List<RuleTrace>();
        RoutingRule? matched = null;
        foreach (var rule in routing?.Rules ?? [])
        {
            var (holds, why) = Holds(rule.When, lead, working);
            trace.Add(new RuleTrace(rule.Name, holds, why));
            if (holds)
            {
                matched = rule;
                break;
            }
        }

        var (then, always) = (matched?.Then ?? new RuleActions(), routing?.Always ?? new RuleActions());
        var pipeline = then.PipelineId ?? always.PipelineId ?? settings.PipelineId;
        var choice = then.Responsible ?? always.Responsible;
        var (user, turn) = Responsible(choice, then.Responsible is not null ? matched!.Name : "", lead, settings);
        return new RoutingDecision
        {
            Rule = matched?.Name,
            Trace = trace,
            PipelineId = pipeline,
            // A stage belongs to the pipeline it was named with: behind another pipeline it would be refused.
            StageId = then.StageId ?? (then.PipelineId is not null ? null : always.StageId ?? (always.PipelineId is not null ? null : settings.StageId)),
            ResponsibleUserId = user,
            KeepsPrevious = choice?.Previous == true,
            Turn = turn,
            Title = new[] { then.Title, always.Title }.OfType<string>().Select(t => Template.Fill(t, lead, LeadCard.LongestTitle)).FirstOrDefault(t => t is not null),
            Fields = [.. (then.Fields ?? Empty).Concat((always.Fields ?? Empty).Where(f => then.Fields?.ContainsKey(f.Key) != true))
                .Select(f => KeyValuePair.Create(f.Key, Template.Fill(f.Value, lead, LongestValue)!)).Where(f => f.Value is not null)],
            Tags = [.. (then.Tags ?? []).Concat(always.Tags ?? []).Select(t => Template.Fill(t, lead, LongestTag)!).Where(t => t is not null)
                .Distinct(StringComparer.OrdinalIgnoreCase)],
            Task = lead.Kind == OutgoingKind.Call ? null : Task(then.Task ?? always.Task, lead, working, now),
        };
    }

    /// <summary>A channel as it is written in passports and rules: <c>paid_search</c>.</summary>
    public static string ChannelWord(Channel channel) => PassportNames.ToWire(channel);

    private static readonly Dictionary<string, string> Empty = [];

    private static (bool, string) Holds(RuleConditions? when, OutgoingLead lead, WorkingTime? working)
    {
        if (when is null)
        {
            return (true, "It is for every lead.");
        }

        var passport = lead.Passport;
        var held = new List<string>();
        (string Name, string Said, bool? Holds)[] conditions =
        [
            ("site", Shown(lead.SiteName), Any(when.Sites, s => Same(s, lead.SiteName) || Same(s, lead.SiteId?.ToString()))),
            ("form", Shown(lead.FormName ?? lead.FormId), Any(when.Forms, f => Same(f, lead.FormId) || Same(f, lead.FormName))),
            ("channel", ChannelWord(passport.Channel), Any(when.Channels, c => Same(c, ChannelWord(passport.Channel)))),
            ("source", Shown(passport.Source), Any(when.Sources, s => Same(s, passport.Source))),
            ("campaign", Shown(passport.Campaign), Any(when.CampaignContains, c => Contains(passport.Campaign, c))),
            ("keyword", Shown(passport.Keyword), Any(when.KeywordContains, k => Contains(passport.Keyword, k))),
            // The number itself is nobody's business in an explanation.
            ("phone", lead.PhoneIsValid ? "a readable number" : "none that could be read", Any(when.PhonePrefixes, p => lead.PhoneIsValid && lead.Phone!.StartsWith(p, StringComparison.Ordinal))),
            ("kind", KindOf(lead), Any(when.Kinds, k => k == KindOf(lead) || (k == "call" && KindOf(lead) == MissedCall))),
            ("client", ClientOf(lead), when.Client is { } client ? client == ClientOf(lead) : null),
            ("hours", HoursOf(lead, working), when.Hours is { } hours ? hours == HoursOf(lead, working) : null),
        ];
        foreach (var (name, said, holds) in conditions)
        {
            if (holds == false)
            {
                return (false, $"The {name} does not match; the lead's is {said}.");
            }

            if (holds == true)
            {
                held.Add($"{name} ({said})");
            }
        }

        return (true, held.Count == 0 ? "It is for every lead." : $"Matches by {string.Join(", ", held)}.");
    }

    private static bool? Any(IReadOnlyList<string>? wanted, Func<string, bool> holds) => wanted is { Count: > 0 } ? wanted.Any(holds) : null;

    private static bool Same(string wanted, string? has) => string.Equals(wanted.Trim(), has?.Trim(), StringComparison.OrdinalIgnoreCase);

    private static bool Contains(string? has, string wanted) => has?.Contains(wanted.Trim(), StringComparison.OrdinalIgnoreCase) == true;

    private static string Shown(string? value) => string.IsNullOrEmpty(value) ? "none" : $"\"{Http.Words.Short(value, 80)}\"";

    private static string KindOf(OutgoingLead lead) =>
        lead.Call is { Direction: not (CallDirection.Out or CallDirection.Internal), Outcome: CallOutcome.Missed or CallOutcome.Rejected } ? MissedCall
        : lead.Call is not null ? "call" : lead.LeadKind;

    private static string ClientOf(OutgoingLead lead) => lead.IsRepeat || lead.Kind == OutgoingKind.Note ? "repeat" : "new";

    private static string HoursOf(OutgoingLead lead, WorkingTime? working) => working?.IsWorking(lead.ReceivedAt, lead.TimeZone) != false ? "working" : "off";

    private static (int? User, Turn? Turn) Responsible(ResponsibleChoice? choice, string counter, OutgoingLead lead, ConnectionSettings settings)
    {
        if (choice?.Users is not { Count: > 0 } users)
        {
            return (settings.ResponsibleUserId, null);
        }

        if (users.Count == 1)
        {
            return (users[0], null);
        }

        // Somebody who has left the list since has no claim any more.
        if (int.TryParse(lead.Steps.GetValueOrDefault(Step.Responsible), NumberStyles.None, CultureInfo.InvariantCulture, out var chosen) && users.Contains(chosen))
        {
            return (chosen, null);
        }

        // A known client mostly has somebody already: no turn is used up for one, the fallback is picked by the client's id.
        if (lead.Kind != OutgoingKind.Deal || (choice.Previous && lead.ContactId is not null))
        {
            return (users[(int)(BitConverter.ToUInt32(lead.ClientId.ToByteArray(), 12) % (uint)users.Count)], null);
        }

        return (users[0], new Turn(counter, users));
    }

    private static TaskToSet? Task(TaskTemplate? task, OutgoingLead lead, WorkingTime? working, DateTimeOffset now)
    {
        var isRepeatNote = lead is { Kind: OutgoingKind.Note, WantsTask: true };
        // A note is a duplicate's, which has its task already, or a repeat's, for which the project wants one.
        if (lead.Kind == OutgoingKind.Note && !isRepeatNote)
        {
            return null;
        }

        if (task is null || !(task.For is not { Count: > 0 } wanted || wanted.Contains(ClientOf(lead)) || wanted.Contains(KindOf(lead))))
        {
            if (!isRepeatNote)
            {
                return null;
            }

            task = new TaskTemplate { Text = "Повторное обращение, связаться с клиентом: {name} {phone}" };
        }

        var time = TimeSpan.FromMinutes(task.DueMinutes);
        var due = Due(lead.ReceivedAt);
        return new TaskToSet(Template.Fill(task.Text, lead, LongestTask) ?? "Связаться с клиентом", due > now ? due : Due(now));

        DateTimeOffset Due(DateTimeOffset from) => working?.After(from, time, lead.TimeZone) ?? TimeZoneInfo.ConvertTime(from + time, lead.TimeZone);
    }
}
