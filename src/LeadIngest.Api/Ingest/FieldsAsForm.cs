using LeadIngest.Core.Forms;

namespace LeadIngest.Api.Ingest;

/// <summary>Understands a form that came as JSON under its own field names, as the tracker sends it: names and the owner's map mean here what they mean in a posted form.</summary>
internal static class FieldsAsForm
{
    /// <summary>Fills what the lead does not say from its fields. A lead that names a contact is taken at its word, with all its fields.</summary>
    public static ReadResult Read(ReadResult read, SiteEntry site)
    {
        if (read.Lead is not { } lead || LeadNormalising.HasContact(lead)) return read;
        var form = FormReader.Read(lead.Fields, site.DefaultCountry, site.FieldMap);
        return read with
        {
            Lead = lead with
            {
                Name = lead.Name ?? form.Name,
                Phone = form.Phone,
                Email = form.Email,
                Messenger = form.Contact,
                Comment = lead.Comment ?? form.Comment,
                Page = lead.Page ?? form.Page,
                Referrer = lead.Referrer ?? form.Referrer,
                FormId = lead.FormId ?? form.FormId,
                FormName = lead.FormName ?? form.FormName,
                VisitorId = lead.VisitorId ?? form.VisitorId,
                VisitId = lead.VisitId ?? form.VisitId,
                Consent = lead.Consent ?? (form.ConsentGiven is null && form.ConsentText is null ? null : new PostedConsent(form.ConsentText, form.ConsentGiven)),
                Cookies = lead.Cookies ?? form.Cookies,
                Fields = [.. form.Tags, .. form.Fields],
                LooksLikeSpam = lead.LooksLikeSpam || form.HoneypotFilled,
            },
        };
    }
}
