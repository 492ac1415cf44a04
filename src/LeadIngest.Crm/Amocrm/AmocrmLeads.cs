using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Amocrm;

/// <summary>Bodies of amoCRM's leads, contacts and notes.</summary>
internal static class AmocrmLeads
{
    private const int LongestText = 250;
    private const int LongestArea = 8000;

    /// <summary>The task type "to get in touch", which every account has.</summary>
    private const int ContactTask = 1;

    /// <summary>Click ids that amoCRM has tracking fields for, by our name.</summary>
    private static readonly (string Ours, string Code)[] ClickFields =
        [("yclid", "YCLID"), ("gclid", "GCLID"), ("fbclid", "FBCLID"), ("_ym_uid", "_YM_UID")];

    /// <summary>The tag that carries our id where the field for it could not be made.</summary>
    public static string IdTag(Guid leadId) => $"LI-{LeadCard.ExternalId(leadId)}";

    /// <summary>
    /// A deal linked to <paramref name="contactId"/>, or with a whole new contact inside when that is null (<c>leads/complex</c> only).
    /// <paramref name="warnings"/> gets a line for each value that has no field in the account.
    /// </summary>
    public static JsonObject Lead(OutgoingLead lead, RoutingDecision route, string? contactId, AmocrmFieldSet fields, ConnectionSettings settings, List<string> warnings)
    {
        var body = new JsonObject { ["name"] = route.Title ?? LeadCard.Title(lead), ["request_id"] = LeadCard.ExternalId(lead.LeadId) };
        if (route.PipelineId is { } pipeline)
        {
            body["pipeline_id"] = pipeline;
        }

        if (long.TryParse(route.StageId, NumberStyles.None, CultureInfo.InvariantCulture, out var stage))
        {
            body["status_id"] = stage;
        }

        if (route.ResponsibleUserId is { } user)
        {
            body["responsible_user_id"] = user;
        }

        body["custom_fields_values"] = Mapped(route, Values(lead, fields, settings, warnings), fields, warnings);
        var contact = contactId is null
            ? Contact(lead, route)
            : new JsonObject { ["id"] = long.Parse(contactId, CultureInfo.InvariantCulture), ["is_main"] = true };
        var embedded = new JsonObject { ["contacts"] = new JsonArray(contact) };
        if (Tags(lead, route, fields) is { Count: > 0 } tags)
        {
            embedded["tags"] = tags;
        }

        body["_embedded"] = embedded;
        return body;
    }

    public static JsonObject Note(OutgoingLead lead, string dealId) => Note(lead, dealId, LeadCard.Note(lead));

    /// <summary>A note with what has no fields in the account; null when there is nothing to tell.</summary>
    public static JsonObject? Details(OutgoingLead lead, string dealId)
    {
        var parts = new[] { LeadCard.Comment(lead), LeadCard.Origin(lead) }.OfType<string>().ToArray();
        return parts.Length == 0 ? null : Note(lead, dealId, string.Join("\n", parts));
    }

    public static JsonObject Note(OutgoingLead lead, string dealId, string text) => new()
    {
        ["entity_id"] = long.Parse(dealId, CultureInfo.InvariantCulture),
        ["note_type"] = "common",
        ["params"] = new JsonObject { ["text"] = text },
        ["request_id"] = LeadCard.ExternalId(lead.LeadId),
    };

    /// <summary>A task in the card of <paramref name="dealId"/>, for <paramref name="userId"/> where one is known: else it would be the token's own user's.</summary>
    public static JsonObject Task(OutgoingLead lead, TaskToSet task, string dealId, int? userId)
    {
        var body = new JsonObject
        {
            ["text"] = task.Text,
            ["complete_till"] = task.Due.ToUnixTimeSeconds(),
            ["task_type_id"] = ContactTask,
            ["entity_id"] = long.Parse(dealId, CultureInfo.InvariantCulture),
            ["entity_type"] = "leads",
            ["request_id"] = LeadCard.ExternalId(lead.LeadId),
        };
        if (userId is { } user)
        {
            body["responsible_user_id"] = user;
        }

        return body;
    }

    /// <summary>Adds the fields that the rules fill; one that we fill anyway is the rules' then.</summary>
    private static JsonArray Mapped(RoutingDecision route, JsonArray values, AmocrmFieldSet fields, List<string> warnings)
    {
        foreach (var (field, value) in route.Fields)
        {
            // Whether there is a field of this id, the CRM says: a refused one is left out.
            var container = field.All(char.IsAsciiDigit)
                ? new JsonObject { ["field_id"] = long.Parse(field, CultureInfo.InvariantCulture), ["values"] = new JsonArray(new JsonObject { ["value"] = value }) }
                : fields.Value(field, value);
            if (container is null)
            {
                warnings.Add($"The account has no field {field}: its value was left out.");
                continue;
            }

            foreach (var ours in values.Where(v => v!["field_code"] is { } code && code.ToString().Equals(field, StringComparison.OrdinalIgnoreCase)).ToArray())
            {
                values.Remove(ours);
            }

            values.Add(container);
        }

        return values;
    }

    private static JsonObject Contact(OutgoingLead lead, RoutingDecision route)
    {
        var contact = new JsonObject { ["name"] = LeadCard.ContactName(lead) };
        if (route.ResponsibleUserId is { } user)
        {
            contact["responsible_user_id"] = user;
        }

        var values = new JsonArray();
        foreach (var (code, value) in new[] { ("PHONE", LeadCard.Phone(lead)), ("EMAIL", LeadCard.Email(lead)) })
        {
            if (value is not null)
            {
                values.Add(new JsonObject
                {
                    ["field_code"] = code,
                    ["values"] = new JsonArray(new JsonObject { ["value"] = value, ["enum_code"] = "WORK" }),
                });
            }
        }

        if (values.Count > 0)
        {
            contact["custom_fields_values"] = values;
        }

        return contact;
    }

    private static JsonArray Tags(OutgoingLead lead, RoutingDecision route, AmocrmFieldSet fields)
    {
        var tags = new JsonArray();
        void Add(bool wanted, string name)
        {
            if (wanted)
            {
                tags.Add(new JsonObject { ["name"] = name });
            }
        }

        foreach (var tag in route.Tags)
        {
            Add(true, tag);
        }

        Add(lead.IsRepeat, "Повторная заявка");
        Add(lead.IsDemo, "Демо");
        Add(!fields.Has(AmocrmFields.LeadId), IdTag(lead.LeadId));
        return tags;
    }

    private static JsonArray Values(OutgoingLead lead, AmocrmFieldSet fields, ConnectionSettings settings, List<string> warnings)
    {
        var passport = lead.Passport;
        var values = new JsonArray();
        void Add(string code, string? value, int longest = LongestText)
        {
            if (Words.Bound(value, longest, oneLine: longest == LongestText) is not { } bounded)
            {
                return;
            }

            if (fields.Value(code, bounded) is { } container)
            {
                values.Add(container);
            }
            else if (!code.StartsWith("LEADINGEST_", StringComparison.Ordinal) || (code != AmocrmFields.LeadId && fields.Has(AmocrmFields.Comment)))
            {
                // Without the field for the comment a note tells it all.
                warnings.Add($"The account has no field {code}: its value was left out.");
            }
        }

        Add(AmocrmFields.LeadId, LeadCard.ExternalId(lead.LeadId));
        Add(AmocrmFields.Source, passport.Source);
        Add(AmocrmFields.Channel, JsonNamingPolicy.SnakeCaseLower.ConvertName(passport.Channel.ToString()));
        Add(AmocrmFields.Form, lead.FormName ?? lead.FormId);
        Add(AmocrmFields.Page, Page(lead.Page));
        Add(AmocrmFields.Comment, LeadCard.Comment(lead), LongestArea);
        Add("UTM_SOURCE", LeadCard.UtmSource(passport, settings));
        Add("UTM_MEDIUM", passport.Medium);
        Add("UTM_CAMPAIGN", passport.Campaign);
        Add("UTM_CONTENT", passport.Content);
        Add("UTM_TERM", passport.Keyword);
        Add("UTM_REFERRER", Page(passport.Referrer));
        foreach (var (ours, code) in ClickFields)
        {
            Add(code, passport.ClickIds.GetValueOrDefault(ours));
        }

        return values;
    }

    /// <summary>An address that is too long loses its query first: the tags in it have fields of their own.</summary>
    private static string? Page(string? page) =>
        page is { Length: > LongestText } && page.IndexOfAny(['?', '#']) is > 0 and var end ? page[..end] : page;
}
