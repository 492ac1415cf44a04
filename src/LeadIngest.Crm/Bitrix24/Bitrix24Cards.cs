using System.Globalization;
using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>Commands that make and find contacts, deals, leads and comments. Names are those of <c>crm.item.*</c>: a misspelt one is ignored without a word.</summary>
internal static class Bitrix24Cards
{
    public const string Originator = "leadingest";

    public const int ContactType = 3;
    private const int LongestText = 255;

    /// <summary>Type of the card that a lead becomes: 2 deal, 1 lead.</summary>
    public static int CardType(ConnectionSettings settings) => settings.Entity == "lead" ? 1 : 2;

    public static Bitrix24Command Contact(Bitrix24Item item, ConnectionSettings settings)
    {
        var lead = item.Lead;
        var command = new Bitrix24Command("crm.item.add")
            .With(ContactType, "entityTypeId")
            .With(LeadCard.ContactName(lead), "fields", "name")
            .With(item.Route.ResponsibleUserId, "fields", "assignedById")
            .With("Y", "fields", "opened")
            .With(Originator, "fields", "originatorId")
            .With(LeadCard.ExternalId(lead.ClientId), "fields", "originId");
        Marks(command, lead, settings);
        return Reach(command, item);
    }

    /// <summary>A deal (or lead) linked to <paramref name="contactId"/>, or to the contact that the command <paramref name="contactKey"/> makes.</summary>
    public static Bitrix24Command Card(Bitrix24Item item, ConnectionSettings settings, string? contactId, string? contactKey)
    {
        var lead = item.Lead;
        var command = new Bitrix24Command("crm.item.add")
            .With(CardType(settings), "entityTypeId")
            .With(item.Route.Title ?? LeadCard.Title(lead), "fields", "title")
            .With(lead.Call is null ? "WEB" : "CALL", "fields", "sourceId")
            .With(Words.Bound(string.Join(", ", new[] { lead.Passport.Source, lead.Page }.Where(t => t is not null)), 1000, oneLine: true), "fields", "sourceDescription")
            .With("Y", "fields", "opened")
            .With(Originator, "fields", "originatorId")
            .With(LeadCard.ExternalId(lead.LeadId), "fields", "originId")
            .With(Comments(item), "fields", "comments");
        command.With(item.Route.PipelineId, "fields", "categoryId")
            .With(item.Route.StageId, "fields", "stageId")
            .With(item.Route.ResponsibleUserId, "fields", "assignedById");
        foreach (var (field, value) in item.Route.Fields)
        {
            command.With(value, "fields", UniversalName(field));
        }

        if (lead.IsRepeat && CardType(settings) == 2)
        {
            command.With("Y", "fields", "isRepeatedApproach");
        }

        if (CardType(settings) == 1)
        {
            Reach(command.With(LeadCard.ContactName(lead), "fields", "name"), item);
        }

        Marks(command, lead, settings);
        return contactKey is null
            ? command.With(contactId, "fields", "contactId").With(contactId, "fields", "contactIds", "0")
            : command.WithItemOf(contactKey, "fields", "contactId").WithItemOf(contactKey, "fields", "contactIds", "0");
    }

    public static Bitrix24Command Note(OutgoingLead lead, ConnectionSettings settings) => Note(lead, settings, LeadCard.Note(lead));

    public static Bitrix24Command Note(OutgoingLead lead, ConnectionSettings settings, string text) =>
        new Bitrix24Command("crm.timeline.comment.add")
            .With(lead.EntryContactId ?? lead.DealId, "fields", "ENTITY_ID")
            .With(NoteOwner(lead, settings), "fields", "ENTITY_TYPE")
            .With(text, "fields", "COMMENT");

    private static string NoteOwner(OutgoingLead lead, ConnectionSettings settings) =>
        lead.EntryContactId is not null ? "contact" : CardType(settings) == 1 ? "lead" : "deal";

    /// <summary>A to-do in the card, for the user where one is known: else it is the webhook's own user's.</summary>
    public static Bitrix24Command Task(TaskToSet task, ConnectionSettings settings, string cardId, int? userId) =>
        new Bitrix24Command("crm.activity.todo.add")
            .With(CardType(settings), "ownerTypeId")
            .With(cardId, "ownerId")
            .With(task.Due.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture), "deadline")
            .With(Subject(task), "title")
            .With(task.Text, "description")
            .With(userId, "responsibleId");

    public static Bitrix24Command FindTasks(ConnectionSettings settings, string cardId) =>
        new Bitrix24Command("crm.activity.list")
            .With(CardType(settings), "filter", "OWNER_TYPE_ID")
            .With(cardId, "filter", "OWNER_ID")
            .With("ID", "select", "0")
            .With("SUBJECT", "select", "1")
            .With("DESC", "order", "ID");

    /// <summary>The subject by which a task that was set is found again.</summary>
    public static string Subject(TaskToSet task) => Words.Short(task.Text, LongestText);

    /// <summary>A user field's name in <c>crm.item.*</c>, by the vendor's three rules.</summary>
    public static string UniversalName(string field)
    {
        var rest = field["UF_CRM_".Length..];
        var parts = rest.Split('_', StringSplitOptions.RemoveEmptyEntries);
        var isMixed = parts.Any(p => p.Any(char.IsAsciiDigit) && p.Any(char.IsAsciiLetter));
        return isMixed || parts.Length == 0 || (parts.Length == 1 && char.IsAsciiDigit(rest[0]))
            ? "ufCrm_" + rest
            : "ufCrm" + string.Concat(parts.Select(p => p[..1].ToUpperInvariant() + p[1..].ToLowerInvariant()));
    }

    public static Bitrix24Command FindContact(OutgoingLead lead) => Find(ContactType, LeadCard.ExternalId(lead.ClientId));

    /// <summary>The card that was made for this lead.</summary>
    public static Bitrix24Command FindCard(Guid leadId, ConnectionSettings settings) => Find(CardType(settings), LeadCard.ExternalId(leadId));

    public static Bitrix24Command GetCard(string id, ConnectionSettings settings) =>
        new Bitrix24Command("crm.item.get").With(CardType(settings), "entityTypeId").With(id, "id");

    public static Bitrix24Command GetContact(string id) =>
        new Bitrix24Command("crm.item.get").With(ContactType, "entityTypeId").With(id, "id");

    public static Bitrix24Command FindNotes(OutgoingLead lead, ConnectionSettings settings, int start) =>
        new Bitrix24Command("crm.timeline.comment.list")
            .With(lead.EntryContactId ?? lead.DealId, "filter", "ENTITY_ID")
            .With(NoteOwner(lead, settings), "filter", "ENTITY_TYPE")
            .With("DESC", "order", "ID")
            .With("ID", "select", "0")
            .With("COMMENT", "select", "1")
            .With(start.ToString(CultureInfo.InvariantCulture), "start");

    private static Bitrix24Command Find(int type, string originId) =>
        new Bitrix24Command("crm.item.list")
            .With(type, "entityTypeId")
            .With("id", "select", "0")
            .With("originatorId", "select", "1")
            .With("originId", "select", "2")
            .With(Originator, "filter", "=originatorId")
            .With(originId, "filter", "=originId")
            .With("ASC", "order", "id")
            .With("-1", "start");

    private static Bitrix24Command Reach(Bitrix24Command command, Bitrix24Item item)
    {
        var index = 0;
        foreach (var (type, value) in new[] { ("PHONE", LeadCard.Phone(item.Lead)), ("EMAIL", item.WithoutEmail ? null : LeadCard.Email(item.Lead)) })
        {
            if (value is not null)
            {
                var at = (index++).ToString(CultureInfo.InvariantCulture);
                command.With(type, "fields", "fm", at, "typeId").With("WORK", "fields", "fm", at, "valueType").With(value, "fields", "fm", at, "value");
            }
        }

        return command;
    }

    private static void Marks(Bitrix24Command command, OutgoingLead lead, ConnectionSettings settings)
    {
        var passport = lead.Passport;
        foreach (var (name, value) in new[]
        {
            ("utmSource", LeadCard.UtmSource(passport, settings)),
            ("utmMedium", passport.Medium),
            ("utmCampaign", passport.Campaign),
            ("utmContent", passport.Content),
            ("utmTerm", passport.Keyword),
        })
        {
            command.With(Words.Bound(value, LongestText, oneLine: true), "fields", name);
        }
    }

    private static string? Comments(Bitrix24Item item)
    {
        var marks = string.Join(", ", new[] { item.Lead.IsRepeat ? "Повторная заявка" : null, item.Lead.IsDemo ? "Демо" : null }.OfType<string>());
        var tags = item.Route.Tags.Count > 0 ? $"Теги: {string.Join(", ", item.Route.Tags)}" : null;
        var parts = new[] { marks, tags, LeadCard.Comment(item.Lead, item.WithoutEmail ? item.Lead.Email : null), LeadCard.Origin(item.Lead) };
        return Words.Bound(string.Join("\n", parts.Where(p => !string.IsNullOrEmpty(p))), 8000);
    }
}
