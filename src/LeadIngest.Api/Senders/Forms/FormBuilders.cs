using LeadIngest.Api.Senders.Forms.Builders;

namespace LeadIngest.Api.Senders.Forms;

/// <summary>All form builders that are read, by hand. Each has a page in api-spec/senders.</summary>
internal static class FormBuilders
{
    public static IReadOnlyList<IFormBuilder> All { get; } =
    [
        new Tilda(),
        new ContactForm7(),
        new Elementor(),
        new PluginForms("wpforms", "WPForms"),
        new GravityForms(),
        new PluginForms("ninja", "Ninja Forms"),
        new Marquiz(),
        new Flexbe(),
        new Creatium(),
        new GoogleLeadForm(),
        new VkLeadForm(),
        new FacebookLead(),
        new Jivo(),
        new Generic(),
    ];

    private static readonly Dictionary<string, IFormBuilder> ByName = All.ToDictionary(b => b.Name, StringComparer.OrdinalIgnoreCase);

    public static IFormBuilder? Find(string name) => ByName.GetValueOrDefault(name);
}
