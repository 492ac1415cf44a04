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
    public static Reply Call(Portal portal, string method, JsonObject parameters)
    {
        if (!portal.Caller.IsApplication && ForApplications.Contains(method))
            throw new RestException(403, "WRONG_AUTH_TYPE", "Current authorization type is denied for this method");
        if (!Table.TryGetValue(method, out var run))
            throw new RestException(404, "ERROR_METHOD_NOT_FOUND", "Method not found!");
        var scope = method.Split('.')[0] is "voximplant" ? "telephony" : method.Split('.')[0];
        if (scope is "crm" or "user" or "telephony" && !portal.Caller.Scopes.Contains(scope))
            throw new RestException(401, "insufficient_scope", $"The request requires higher privileges than provided by the {(portal.Caller.IsApplication ? "access" : "webhook")} token");
        return run(portal, parameters);
    }

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
            ["crm.timeline.comment.get"] = Comments.Get,
            ["crm.timeline.comment.update"] = Comments.Update,
            ["crm.timeline.comment.delete"] = Comments.Delete,
            ["crm.entity.mergebatch"] = Merging.MergeBatch,
            ["event.bind"] = EventMethods.Bind,
            ["event.get"] = (portal, _) => EventMethods.Get(portal),
            ["event.unbind"] = EventMethods.Unbind,
            ["event.offline.get"] = EventMethods.TakeOffline,
            ["event.offline.list"] = EventMethods.ListOffline,
            ["event.offline.clear"] = EventMethods.ClearOffline,
            ["event.offline.error"] = EventMethods.FailOffline,
            ["events"] = (_, _) => Dictionaries.Words(PortalEvents.Names),
            ["app.info"] = (portal, _) => EventMethods.App(portal),
            ["crm.status.list"] = Dictionaries.Statuses,
            ["crm.category.list"] = Dictionaries.Categories,
            ["crm.settings.mode.get"] = (portal, _) => Reply.Number(portal.Options.Mode),
            ["crm.activity.add"] = Activities.Add,
            ["crm.activity.list"] = Activities.List,
            ["crm.activity.update"] = Activities.Update,
            ["crm.activity.delete"] = Activities.Delete,
            ["telephony.externalcall.register"] = Telephony.Register,
            ["telephony.externalcall.finish"] = Telephony.Finish,
            ["telephony.externalcall.attachrecord"] = Telephony.AttachRecord,
            ["telephony.externalcall.searchcrmentities"] = Telephony.SearchCrmEntities,
            ["voximplant.statistic.get"] = Telephony.Statistic,
            ["crm.activity.todo.add"] = Activities.AddTodo,
            ["crm.tracking.trace.add"] = Activities.AddTrace,
            ["crm.stagehistory.list"] = StageHistory.List,
            ["user.get"] = Dictionaries.Users,
            ["user.current"] = (portal, _) => Dictionaries.Profile(portal),
            ["profile"] = (portal, _) => Dictionaries.Profile(portal),
            ["scope"] = (portal, _) => Dictionaries.Words(portal.Caller.Scopes),
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
            table[$"crm.{name}.contact.add"] = (portal, p) => ContactItems.Add(portal, type, p);
            table[$"crm.{name}.contact.delete"] = (portal, p) => ContactItems.Delete(portal, type, p);
            table[$"crm.{name}.contact.items.delete"] = (portal, p) => ContactItems.Clear(portal, type, p);
            table[$"crm.{name}.contact.items.get"] = (portal, p) => ContactItems.Get(portal, type, p);
        }
        return table;
    }

    private static IEnumerable<string> Names() => Table.Keys.Append("batch").Order(StringComparer.Ordinal);
}
