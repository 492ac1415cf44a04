namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>Mode 2, a portal without leads: a lead with a name turns at once into a contact and a deal.</summary>
internal static class SimpleCrm
{
    private static readonly string[] Inherited = ["sourceId", "sourceDescription", "originatorId", "originId", "utmSource", "utmMedium", "utmCampaign", "utmContent", "utmTerm"];

    public static void Convert(Portal portal, Item lead)
    {
        var from = portal.SchemaOf(Schema.Lead);
        var contact = ItemStore.Add(portal, Schema.Contact, new ItemChange(Copy(portal, lead, Schema.Contact, "name", "secondName", "lastName"), [.. lead.Fm]), isStrict: false);
        contact.Set(portal.SchemaOf(Schema.Contact)["leadId"], lead.Id);
        // UTM, source and the external id are inherited only where the portal does so: the vendor promises nothing.
        var values = Copy(portal, lead, Schema.Deal, "title", "opportunity", "currencyId", "assignedById");
        if (portal.Options.ConvertInherits)
        {
            foreach (var (field, value) in Copy(portal, lead, Schema.Deal, Inherited))
                values[field] = value;
        }
        values[portal.SchemaOf(Schema.Deal)["contactId"]] = contact.Id;
        var deal = ItemStore.Add(portal, Schema.Deal, new ItemChange(values, null), isStrict: false);
        deal.Set(portal.SchemaOf(Schema.Deal)["leadId"], lead.Id);
        ItemStore.Change(portal, lead, new ItemChange(new() { [from["stageId"]] = "CONVERTED", [from["contactId"]] = contact.Id }, null), isStrict: false);
    }

    private static Dictionary<ItemField, object?> Copy(Portal portal, Item lead, int type, params string[] names)
    {
        var (from, to) = (portal.SchemaOf(Schema.Lead), portal.SchemaOf(type));
        return names.ToDictionary(n => to[n], n => lead.Get(from[n]));
    }
}
