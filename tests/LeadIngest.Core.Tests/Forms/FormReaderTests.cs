using LeadIngest.Core.Forms;
using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Tests.Forms;

public class FormReaderTests
{
    private static FormLead Read(params (string Name, string Value)[] pairs) => Read(null, pairs);

    private static FormLead Read(Dictionary<string, string>? map, params (string Name, string Value)[] pairs) =>
        FormReader.Read([.. pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))], "RU", map);

    [Theory]
    [InlineData("phone")]
    [InlineData("Phone")]
    [InlineData("PHONE")]
    [InlineData("phone_number")]
    [InlineData("phoneNumber")]
    [InlineData("PhoneNumbers")]
    [InlineData("tel")]
    [InlineData("tel-381")]
    [InlineData("your-phone")]
    [InlineData("your-tel")]
    [InlineData("user_phone")]
    [InlineData("USER_PHONE")]
    [InlineData("PERSONAL_MOBILE")]
    [InlineData("LEAD_PHONE")]
    [InlineData("contact_phone_number")]
    [InlineData("billing_phone")]
    [InlineData("phone_2")]
    [InlineData("data[phone]")]
    [InlineData("form_fields[phone]")]
    [InlineData("fields[phone][value]")]
    [InlineData("contacts[phone]")]
    [InlineData("contact.phone")]
    [InlineData("whatsapp")]
    [InlineData("number")]
    [InlineData("Телефон")]
    [InlineData("Телефон*")]
    [InlineData("Телефон:")]
    [InlineData(" ваш телефон ")]
    [InlineData("Ваш номер телефона")]
    [InlineData("Введите ваш телефон")]
    [InlineData("Тел.")]
    [InlineData("Моб.")]
    [InlineData("Номер")]
    [InlineData("Viber")]
    [InlineData("Как с вами связаться?")]
    [InlineData("contact")]
    [InlineData("field_ab12")] // by value
    [InlineData("Куда позвонить")] // by value
    public void Phone_by_name(string name) => Assert.Equal("8 916 123-45-67", Read((name, "8 916 123-45-67"), ("x", "1")).Phone);

    [Theory]
    [InlineData("email")]
    [InlineData("E-mail")]
    [InlineData("your-email")]
    [InlineData("USER_EMAIL")]
    [InlineData("WORK_EMAIL")]
    [InlineData("Почта")]
    [InlineData("Эл. почта")]
    [InlineData("Электронная почта*")]
    [InlineData("Ваш e-mail")]
    [InlineData("Емейл")]
    [InlineData("contacts")]
    [InlineData("email[0]")]
    [InlineData("field_7")] // by value
    public void Email_by_name(string name) => Assert.Equal("olga@mail.ru", Read((name, "olga@mail.ru")).Email);

    [Theory]
    [InlineData("name")]
    [InlineData("your-name")]
    [InlineData("user_name")]
    [InlineData("FIO")]
    [InlineData("fullName")]
    [InlineData("LEAD_NAME")]
    [InlineData("Имя")]
    [InlineData("Ваше имя*")]
    [InlineData("ФИО")]
    [InlineData("Как вас зовут?")]
    [InlineData("Как к вам обращаться")]
    [InlineData("contact[name]")]
    public void Name_by_name(string name) => Assert.Equal("Ольга", Read((name, " Ольга ")).Name);

    [Theory]
    [InlineData("price", "89161234567")]
    [InlineData("Цена", "9161234567")]
    [InlineData("ИНН", "9701234567")]
    [InlineData("inn", "9701234567")]
    [InlineData("Дата заказа", "9161234567")]
    [InlineData("order_id", "9161234567")]
    [InlineData("Сумма", "9161234567")]
    [InlineData("text_field", "89161234567 и ещё слова")]
    public void Never_a_phone(string name, string value)
    {
        var lead = Read((name, value));
        Assert.Null(lead.Phone);
        Assert.Equal([KeyValuePair.Create(name, value)], lead.Fields);
    }

    [Fact]
    public void Two_phones_without_names_are_a_guess_and_stay() =>
        Assert.Null(Read(("a", "89161234567"), ("b", "89030000002")).Phone);

    [Fact]
    public void A_quantity_is_not_a_phone()
    {
        var lead = Read(("number", "3"), ("phone", "89161234567"));
        Assert.Equal("89161234567", lead.Phone);
        Assert.Equal([KeyValuePair.Create("number", "3")], lead.Fields);
    }

    [Fact]
    public void Of_several_phones_the_first_right_one_wins_and_the_others_stay()
    {
        var lead = Read(("phone", "нет"), ("mobile", "89161234567"), ("tel", "89030000002"));
        Assert.Equal("89161234567", lead.Phone);
        Assert.Equal(["phone", "tel"], lead.Fields.Select(field => field.Key));
    }

    [Fact]
    public void A_wrong_phone_is_kept_as_typed() => Assert.Equal("позвоните", Read(("phone", "позвоните")).Phone);

    [Fact]
    public void Contacts_typed_into_the_wrong_field()
    {
        var swapped = Read(("phone", "olga@mail.ru"), ("email", "89161234567"));
        Assert.Equal(("89161234567", "olga@mail.ru"), (swapped.Phone, swapped.Email));

        var phoneAsName = Read(("name", "89161234567"));
        Assert.Equal((null, "89161234567"), (phoneAsName.Name, phoneAsName.Phone));

        var both = Read(("name", "Ольга 8 916 123-45-67"));
        Assert.Equal(("Ольга", "Ольга 8 916 123-45-67"), (both.Name, both.Phone));

        var plus = Read(("name", "Ольга, +7 (916) 123-45-67"));
        Assert.Equal("Ольга", plus.Name);
    }

    [Fact]
    public void Names_of_parts_are_joined()
    {
        Assert.Equal("Ольга Петровна Иванова", Read(("last_name", "Иванова"), ("first_name", "Ольга"), ("patronymic_name", "Петровна")).Name);
        Assert.Equal("Ольга Иванова", Read(("Имя", "Ольга"), ("Фамилия", "Иванова")).Name);
    }

    [Theory]
    [InlineData("telegram", "@Olga_K", MessengerKind.Telegram, "olga_k")]
    [InlineData("tg", "olga_k", MessengerKind.Telegram, "olga_k")]
    [InlineData("Контакт", "@olga_k", MessengerKind.Telegram, "olga_k")]
    [InlineData("contact", "https://t.me/olga_k", MessengerKind.Telegram, "olga_k")]
    [InlineData("contact", "vk.com/id1", MessengerKind.Vk, "id1")]
    [InlineData("vk", "https://vk.com/olga.k", MessengerKind.Vk, "olga.k")]
    [InlineData("contact", "https://wa.me/79161234567", MessengerKind.WhatsApp, "+79161234567")]
    public void Messengers(string name, string value, MessengerKind kind, string nick)
    {
        var lead = Read(("phone", "+7 903 000-00-02"), (name, value));
        Assert.Equal((kind, nick), (lead.Contact!.Kind, lead.Contact.Value));
    }

    [Fact]
    public void WhatsApp_beside_a_phone_is_a_messenger()
    {
        var lead = Read(("phone", "89030000002"), ("WhatsApp", "8 916 123 45 67"));
        Assert.Equal((MessengerKind.WhatsApp, "+79161234567"), (lead.Contact!.Kind, lead.Contact.Value));
    }

    [Fact]
    public void Elementor_advanced_data_is_read_by_type_and_label()
    {
        var lead = Read(
            ("form[id]", "3a1"), ("form[name]", "Замер"),
            ("fields[field_a][id]", "field_a"), ("fields[field_a][type]", "tel"), ("fields[field_a][title]", "Для связи"),
            ("fields[field_a][value]", "8 916 123-45-67"), ("fields[field_a][raw_value]", "8 916 123-45-67"), ("fields[field_a][required]", "1"),
            ("fields[n][id]", "n"), ("fields[n][type]", "text"), ("fields[n][title]", "Ваше имя"), ("fields[n][value]", "Ольга"), ("fields[n][raw_value]", "Ольга"),
            ("fields[k][type]", "select"), ("fields[k][title]", "Сколько окон"), ("fields[k][value]", "2"),
            ("meta[page_url][title]", "Page URL"), ("meta[page_url][value]", "https://okna.ru/?utm_source=yandex"));
        Assert.Equal(("Ольга", "8 916 123-45-67", "3a1", "Замер"), (lead.Name, lead.Phone, lead.FormId, lead.FormName));
        Assert.Equal("https://okna.ru/?utm_source=yandex", lead.Page);
        Assert.Equal([KeyValuePair.Create("Сколько окон", "2")], lead.Fields);
    }

    [Fact]
    public void Tilda_form()
    {
        var lead = Read(
            ("Name", "Ольга"), ("Phone", "+7 (903) 000-00-01"), ("Email", "o@mail.ru"), ("Comments", "Позвоните"), ("Textarea", "после 18"),
            ("Checkbox", "yes"), ("utm_source", "yandex"), ("utm_campaign", "c_17"), ("tranid", "900001:1700001"), ("formid", "form500001"),
            ("formname", "Шапка"), ("COOKIES", "_ym_uid=1; TILDAUTM=x"), ("tildaspec-formid", "x"), ("referer", "https://okna.ru/"));
        Assert.Equal(("Ольга", "+7 (903) 000-00-01", "o@mail.ru", "Позвоните\nпосле 18"), (lead.Name, lead.Phone, lead.Email, lead.Comment));
        Assert.Equal(("form500001", "Шапка", "https://okna.ru/", true), (lead.FormId, lead.FormName, lead.Page, lead.ConsentGiven));
        Assert.Equal([KeyValuePair.Create("utm_source", "yandex"), KeyValuePair.Create("utm_campaign", "c_17")], lead.Tags);
        Assert.Equal([KeyValuePair.Create("tranid", "900001:1700001")], lead.Fields);
        Assert.Equal("_ym_uid=1; TILDAUTM=x", lead.Cookies);
        Assert.Equal(["tildaspec-formid"], lead.Dropped);
    }

    [Theory]
    [InlineData("utm_source", "utm_source")]
    [InlineData("UTM_SOURCE", "utm_source")]
    [InlineData("utmSource", "utm_source")]
    [InlineData("utm-source", "utm_source")]
    [InlineData("utm[source]", "utm_source")]
    [InlineData("extra[utm][term]", "utm_term")]
    [InlineData("data_utm_medium", "utm_medium")]
    [InlineData("UF_CRM_UTM_CONTENT", "utm_content")]
    [InlineData("YCLID", "yclid")]
    [InlineData("gcl_id", "gclid")]
    [InlineData("_openstat", "_openstat")]
    [InlineData("sbjs_current", "sbjs_current")]
    public void Tags_by_any_spelling(string name, string tag) =>
        Assert.Equal([KeyValuePair.Create(tag, "v")], Read((name, "v")).Tags);

    [Theory]
    [InlineData("on", true, null)]
    [InlineData("Да", true, null)]
    [InlineData("0", false, null)]
    [InlineData("Согласен на обработку данных", true, "Согласен на обработку данных")]
    public void Consent(string value, bool given, string? text)
    {
        var lead = Read(("agree", value));
        Assert.Equal((given, text), (lead.ConsentGiven, lead.ConsentText));
        Assert.Null(Read(("phone", "89161234567")).ConsentGiven);
    }

    [Fact]
    public void Machinery_is_dropped_with_its_secrets()
    {
        var lead = Read(("_wpcf7_unit_tag", "a"), ("csrfmiddlewaretoken", "b"), ("g-recaptcha-response", "c"), ("sessid", "d"), ("password", "e"));
        Assert.Empty(lead.Fields);
        Assert.Equal(5, lead.Dropped.Count);
    }

    [Fact]
    public void A_filled_trap_shows()
    {
        Assert.True(Read(("_gotcha", "spam")).HoneypotFilled);
        Assert.False(Read(("_gotcha", " "), ("name", "Ольга")).HoneypotFilled);
    }

    [Fact]
    public void The_owner_s_map_wins()
    {
        var map = new Dictionary<string, string> { ["input_5"] = "phone", ["name"] = "Товар", ["1.3"] = "Name", ["secret_code"] = "ignore", ["q"] = "comment" };
        var lead = Read(map, ("Input_5", "8916"), ("name", "Окно ПВХ"), ("1.3", "Ольга"), ("secret_code", "x"), ("q", "Когда?"), ("phone", "89161234567"));
        Assert.Equal(("Ольга", "Когда?"), (lead.Name, lead.Comment));
        Assert.Contains(KeyValuePair.Create("Товар", "Окно ПВХ"), lead.Fields);
        Assert.Equal(["secret_code"], lead.Dropped);
    }

    [Fact]
    public void Repeated_names_are_kept_in_order() =>
        Assert.Equal(["окна", "двери"], Read(("services[]", "окна"), ("services[]", "двери")).Fields.Select(field => field.Value));

    [Fact]
    public void Referrer_and_page_are_told_apart()
    {
        var lead = Read(("referer", "https://ya.ru/"), ("page_url", "https://okna.ru/"));
        Assert.Equal(("https://okna.ru/", "https://ya.ru/"), (lead.Page, lead.Referrer));
    }

    [Fact]
    public void A_product_s_name_is_not_a_person() => Assert.Null(Read(("product[name]", "Окно"), ("product_name", "Дверь")).Name);

    [Fact]
    public void The_trackers_hidden_fields_are_understood()
    {
        var lead = Read(("phone", "+7 916 123-45-67"), ("leadingest_visitor", "v1"), ("leadingest_visit", "v2"), ("leadingest_landing", "https://okna-plus.ru/?utm_source=yandex"),
            ("leadingest_referrer", "https://yandex.ru/"), ("leadingest_seconds", "41.5"));

        Assert.Equal(("v1", "v2", "https://okna-plus.ru/?utm_source=yandex", "https://yandex.ru/", 41.5),
            (lead.VisitorId, lead.VisitId, lead.LandingPage, lead.LandingReferrer, lead.FilledInSeconds));
        Assert.Empty(lead.Fields);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-3")]
    [InlineData("soon")]
    [InlineData("1e400")]
    public void Seconds_that_are_none_are_passed_over(string seconds) =>
        Assert.Null(Read(("phone", "+7 916 123-45-67"), ("leadingest_seconds", seconds)).FilledInSeconds);
}
