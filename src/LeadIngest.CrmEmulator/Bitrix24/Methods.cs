using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>The table of methods, by lower-case name.</summary>
internal static class Methods
{
    private static readonly HashSet<string> ForApplications = new(StringComparer.Ordinal)
    {
        "event.bind", "event.get", "event.unbind", "event.offline.get", "event.offline.list", "event.offline.clear", "event.offline.error",
        "telephony.externalline.add", "telephony.externalline.get", "telephony.externalline.update", "telephony.externalline.delete",
        "telephony.externalcall.register", "telephony.externalcall.finish", "telephony.externalcall.show", "telephony.externalcall.hide",
        "placement.bind",
    };

    private static readonly Dictionary<string, Func<Portal, JsonObject, Reply>> Table = Build();

    /// <exception cref="RestException">No such method, or not for this webhook.</exception>
    public static Reply Call(Portal portal, string method, JsonObject parameters, bool isApplication)
    {
        if (!isApplication && ForApplications.Contains(method))
            throw new RestException(403, "WRONG_AUTH_TYPE", "Current authorization type is denied for this method");
        if (!Table.TryGetValue(method, out var run))
            throw new RestException(404, "ERROR_METHOD_NOT_FOUND", "Method not found!");
        var scope = method.Split('.')[0] is "voximplant" ? "telephony" : method.Split('.')[0];
        if (scope is "crm" or "user" or "telephony" && !Scopes(portal).Contains(scope))
            throw new RestException(401, "insufficient_scope", "The request requires higher privileges than provided by the webhook token");
        return run(portal, parameters);
    }

    private static string[] Scopes(Portal portal) => portal.Options.Scopes.Split(',', StringSplitOptions.TrimEntries);

    private static Dictionary<string, Func<Portal, JsonObject, Reply>> Build()
    {
        var table = new Dictionary<string, Func<Portal, JsonObject, Reply>>(StringComparer.Ordinal)
        {
            ["crm.item.add"] = Items.Add,
            ["crm.item.get"] = Items.Get,
            ["crm.item.update"] = Items.Update,
            ["crm.item.delete"] = Items.Delete,
            ["crm.item.list"] = Items.List,
            ["crm.item.fields"] = Items.Fields,
            ["crm.item.productrow.set"] = Activities.SetProductRows,
            ["crm.item.productrow.list"] = Activities.ListProductRows,
            ["crm.duplicate.findbycomm"] = Duplicates.Find,
            ["crm.timeline.comment.add"] = Comments.Add,
            ["crm.timeline.comment.list"] = Comments.List,
            ["crm.status.list"] = Dictionaries.Statuses,
            ["crm.category.list"] = (_, p) => Dictionaries.Categories(p),
            ["crm.settings.mode.get"] = (portal, _) => Reply.Number(portal.Options.Mode),
            ["crm.activity.add"] = Activities.Add,
            ["crm.activity.list"] = Activities.List,
            ["telephony.externalcall.register"] = Telephony.Register,
            ["telephony.externalcall.finish"] = Telephony.Finish,
            ["telephony.externalcall.attachrecord"] = Telephony.AttachRecord,
            ["telephony.externalcall.searchcrmentities"] = Telephony.SearchCrmEntities,
            ["voximplant.statistic.get"] = Telephony.Statistic,
            ["crm.activity.todo.add"] = Activities.AddTodo,
            ["crm.tracking.trace.add"] = Activities.AddTrace,
            ["crm.stagehistory.list"] = StageHistory.List,
            ["user.get"] = (_, p) => Dictionaries.Users(p),
            ["user.current"] = (portal, _) => Dictionaries.Profile(portal),
            ["profile"] = (portal, _) => Dictionaries.Profile(portal),
            ["scope"] = (portal, _) => Dictionaries.Words(Scopes(portal)),
            ["methods"] = (_, _) => Dictionaries.Words(Names()),
            ["server.time"] = (portal, _) => Reply.Of(w => w.WriteStringValue(Envelope.Moment(portal.Now))),
        };
        foreach (var (name, type) in new[] { ("lead", Schema.Lead), ("deal", Schema.Deal), ("contact", Schema.Contact), ("company", Schema.Company) })
        {
            table[$"crm.{name}.add"] = (portal, p) => Classic.Add(portal, type, p);
            table[$"crm.{name}.get"] = (portal, p) => Classic.Get(portal, type, p);
            table[$"crm.{name}.update"] = (portal, p) => Classic.Update(portal, type, p);
            table[$"crm.{name}.delete"] = (portal, p) => Classic.Delete(portal, type, p);
            table[$"crm.{name}.list"] = (portal, p) => Classic.List(portal, type, p);
            table[$"crm.{name}.fields"] = (portal, _) => Classic.Fields(portal, type);
            table[$"crm.{name}.userfield.add"] = (portal, p) => UserFields.Add(portal, type, p);
            table[$"crm.{name}.userfield.list"] = (portal, p) => UserFields.List(portal, type, p);
            if (type > Schema.Deal)
                continue;
            table[$"crm.{name}.contact.items.set"] = (portal, p) => ContactItems.Set(portal, type, p);
            table[$"crm.{name}.contact.items.get"] = (portal, p) => ContactItems.Get(portal, type, p);
        }
        return table;
    }

    private static IEnumerable<string> Names() => Table.Keys.Append("batch").Order(StringComparer.Ordinal);
}
