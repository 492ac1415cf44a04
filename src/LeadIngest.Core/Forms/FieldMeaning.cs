namespace LeadIngest.Core.Forms;

/// <summary>What a field of a form is about. The names, in any case, are the values of an owner's field map.</summary>
public enum FieldMeaning
{
    /// <summary>Kept as it is among the lead's own fields.</summary>
    Other,

    Phone,

    /// <summary>A phone only when the value is one: <c>number</c> may be a quantity.</summary>
    PhoneIfValid,

    WhatsApp,
    Viber,
    Telegram,
    Vk,

    /// <summary>«Как с вами связаться»: a phone, an e-mail or a messenger, whatever the value turns out to be.</summary>
    Contact,

    Email,
    Name,
    FirstName,
    LastName,
    MiddleName,
    Comment,
    Page,

    /// <summary><c>referer</c>: builders mean the form's own page, others the page before it.</summary>
    PageOrReferrer,

    Referrer,
    FormId,
    FormName,
    VisitorId,
    VisitId,

    /// <summary>First page of the visit, as the tracker remembers it.</summary>
    LandingPage,

    LandingReferrer,

    /// <summary>Seconds between the page's load and the post.</summary>
    FilledInSeconds,

    Consent,
    ConsentText,
    Cookies,
    Next,
    Honeypot,

    /// <summary>Goes to the passport: utm, click ids, ids of analytics.</summary>
    Tag,

    /// <summary>Machinery of the form: captcha, CSRF token, key. Dropped, because some of it is secret.</summary>
    Service,
}
