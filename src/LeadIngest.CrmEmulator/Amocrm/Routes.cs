using LeadIngest.CrmEmulator.Http;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>The table of API v4 calls.</summary>
internal static class Routes
{
    private const string Prefix = "api/v4/";

    public static Answer Dispatch(Account account, Call call)
    {
        if (!call.Path.StartsWith(Prefix, StringComparison.Ordinal))
            return Problem.Plain(404, "Not found");
        var parts = call.Path[Prefix.Length..].TrimEnd('/').Split('/');
        return parts[0] switch
        {
            "leads" when parts.Length > 1 => LeadCalls(account, call, parts),
            "leads" or "contacts" or "companies" => EntityCalls(account, call, KindOf(parts[0]), parts),
            "account" when parts.Length == 1 => Get(call, () => Directories.Account(account, call)),
            "users" when parts.Length == 1 => Get(call, () => Directories.Users(account, call)),
            "events" when parts.Length == 1 => Get(call, () => Events.List(account, call)),
            "webhooks" when parts.Length == 1 => WebhookCalls(account, call),
            "calls" when parts.Length == 1 => call.Method == "POST" ? Calls.Add(account, call) : NotAllowed(),
            "tasks" => TaskCalls(account, call, parts),
            "catalogs" when parts.Length == 1 => Get(call, () => Catalogs.List(account, call)),
            "catalogs" when parts.Length == 3 && parts[2] == "elements" && long.TryParse(parts[1], out var catalog) => Get(call, () => Catalogs.Elements(account, call, catalog)),
            _ => Problem.Plain(404, "Not found"),
        };
    }

    private static Answer LeadCalls(Account account, Call call, string[] parts)
    {
        switch (parts[1])
        {
            case "complex":
                return call.Method == "POST" ? ComplexLeads.Add(account, call) : NotAllowed();
            case "pipelines":
                return Get(call, () => parts.Length == 3 && long.TryParse(parts[2], out var id) ? Directories.Pipeline(account, id) : Directories.Pipelines(account, call));
            case "loss_reasons":
                return Get(call, () => Directories.LossReasons(account, call));
            case "unsorted":
                return UnsortedCalls(account, call, parts);
            case "link" when parts.Length == 2:
                return call.Method == "POST" ? Links.Add(account, call, null) : NotAllowed();
            default:
                break;
        }
        if (parts.Length == 3 && long.TryParse(parts[1], out var leadId))
        {
            switch (parts[2])
            {
                case "link":
                    return call.Method == "POST" ? Links.Add(account, call, leadId) : NotAllowed();
                case "unlink":
                    return call.Method == "POST" ? Links.Remove(account, call, leadId) : NotAllowed();
                case "links":
                    return Get(call, () => Links.List(account, call, leadId));
                default:
                    break;
            }
        }
        return EntityCalls(account, call, Kind.Lead, parts);
    }

    private static Answer EntityCalls(Account account, Call call, Kind kind, string[] parts)
    {
        if (parts.Length == 1)
        {
            return call.Method switch
            {
                "GET" => Lists.Entities(account, call, kind),
                "POST" => Leads.Add(account, call, kind),
                "PATCH" => Leads.ChangeMany(account, call, kind),
                _ => NotAllowed(),
            };
        }
        if (long.TryParse(parts[1], out var id))
        {
            return (parts.Length, parts.ElementAtOrDefault(2), call.Method) switch
            {
                (2, _, "GET") => Leads.One(account, call, kind, id),
                (2, _, "PATCH") => Leads.ChangeOne(account, call, kind, id),
                (3, "notes", "GET") => Notes.List(account, call, kind, id),
                (3, "notes", "POST") => Notes.Add(account, call, kind, id),
                (2, _, _) or (3, "notes", _) => NotAllowed(),
                _ => Problem.Plain(404, "Not found"),
            };
        }
        return (parts[1], parts.Length, call.Method) switch
        {
            ("notes", 2, "GET") => Notes.List(account, call, kind, null),
            ("notes", 2, "POST") => Notes.Add(account, call, kind, null),
            ("tags", 2, "GET") => Directories.Tags(account, call, kind),
            ("tags", 2, "POST") => Directories.AddTags(account, call, kind),
            ("custom_fields", 2, "GET") => CustomFields.List(account, call, kind),
            ("custom_fields", 2, "POST") => CustomFields.Add(account, call, kind),
            ("custom_fields", 3, "GET") when long.TryParse(parts[2], out var fieldId) => CustomFields.One(account, kind, fieldId),
            ("notes" or "tags" or "custom_fields", 2, _) => NotAllowed(),
            _ => Problem.Plain(404, "Not found"),
        };
    }

    private static Answer UnsortedCalls(Account account, Call call, string[] parts) => (parts.Length, parts.ElementAtOrDefault(2), parts.ElementAtOrDefault(3), call.Method) switch
    {
        (2, _, _, "GET") => Unsorted.List(account, call),
        (3, "forms" or "sip", _, "POST") => Unsorted.Add(account, call, parts[2]),
        (3, "summary", _, "GET") => Unsorted.Summary(account),
        (3, { } uid, _, "GET") => Unsorted.One(account, uid),
        (4, { } uid, "accept", "POST") => Unsorted.Accept(account, call, uid),
        (4, { } uid, "decline", "DELETE") => Unsorted.Decline(account, uid),
        _ => NotAllowed(),
    };

    private static Answer TaskCalls(Account account, Call call, string[] parts) => (parts.Length, call.Method) switch
    {
        (1, "GET") => Tasks.List(account, call),
        (1, "POST") => Tasks.Add(account, call),
        (2, "GET") when long.TryParse(parts[1], out var id) => Tasks.One(account, id),
        (2, "PATCH") when long.TryParse(parts[1], out var id) => Tasks.Change(account, call, id),
        _ => NotAllowed(),
    };

    private static Answer WebhookCalls(Account account, Call call) => call.Method switch
    {
        "GET" => account.Webhooks.List(call),
        "POST" => account.Webhooks.Register(call),
        "DELETE" => account.Webhooks.Remove(call),
        _ => NotAllowed(),
    };

    public static Kind KindOf(string collection) => collection switch { "leads" => Kind.Lead, "contacts" => Kind.Contact, _ => Kind.Company };

    private static Answer Get(Call call, Func<Answer> answer) => call.Method == "GET" ? answer() : NotAllowed();

    private static Answer NotAllowed() => Problem.Plain(405, "Method not allowed");
}
