using LeadIngest.Core.Forms;

namespace LeadIngest.Api.Ingest;

/// <summary>Reads a plain form's body: urlencoded or multipart, UTF-8 or windows-1251, with the site's own names.</summary>
internal static class FormBody
{
    /// <param name="contentType">As sent; the body's own look decides when it is missing.</param>
    /// <param name="body">Unpacked bytes.</param>
    /// <param name="site">Its country and field map help to read the fields.</param>
    /// <param name="next">Where the form wants its visitor sent; unchecked.</param>
    public static ReadResult Read(string? contentType, byte[] body, SiteEntry site, out string? next)
    {
        next = null;
        IReadOnlyList<KeyValuePair<string, string>>? fields;
        string? error;
        if (contentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true)
        {
            if (!MultipartBody.TryRead(contentType, body, out fields, out error)) return Bad("body", error!);
        }
        else if (contentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true)
        {
            // A form taken over by a script that posts JSON to the form's own address.
            return ReadResult.Of(LeadJson.Read(body, out var errors), errors);
        }
        else if (contentType is null || contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            || contentType.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase))
        {
            if (!UrlEncoded.TryRead(body, out fields, out error)) return Bad("body", error!);
        }
        else return new(null, new() { ["Content-Type"] = ["Send application/x-www-form-urlencoded or multipart/form-data."] }, 415, "content_type");

        var form = FormReader.Read(fields, site.DefaultCountry, site.FieldMap);
        next = form.Next;
        return new(Posted(form), null);
    }

    public static PostedLead Posted(FormLead form) => new()
    {
        Name = form.Name,
        Phone = form.Phone,
        Email = form.Email,
        Messenger = form.Contact,
        Comment = form.Comment,
        Page = form.Page,
        Referrer = form.Referrer,
        FormId = form.FormId,
        FormName = form.FormName,
        VisitorId = form.VisitorId,
        VisitId = form.VisitId,
        LandingPage = form.LandingPage,
        LandingReferrer = form.LandingReferrer,
        FilledInSeconds = form.FilledInSeconds,
        Consent = form.ConsentGiven is null && form.ConsentText is null ? null : new PostedConsent(form.ConsentText, form.ConsentGiven),
        Fields = [.. form.Tags, .. form.Fields],
        Cookies = form.Cookies,
        LooksLikeSpam = form.HoneypotFilled,
    };

    private static ReadResult Bad(string field, string reason) => new(null, new() { [field] = [reason] });
}
