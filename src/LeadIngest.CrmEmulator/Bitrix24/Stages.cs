namespace LeadIngest.CrmEmulator.Bitrix24;

/// <param name="Semantics">Null while open, <c>S</c> won, <c>F</c> lost.</param>
internal sealed record StatusRow(int Id, string EntityId, string StatusId, string Name, int Sort, string? Semantics, int? CategoryId)
{
    private static readonly string[] OpenColors = ["#39A8EF", "#2FC6F6", "#55D0E0", "#47E4C2", "#FFA900"];

    /// <summary>Of a stage, as portals give it to new ones; null for what is none.</summary>
    public string? Color => EntityId != "STATUS" && !EntityId.StartsWith("DEAL_STAGE", StringComparison.Ordinal) ? null
        : Semantics switch { "S" => "#7BD500", "F" => "#FF5752", _ => OpenColors[Id % OpenColors.Length] };
}

/// <summary>The portal's dictionaries: stages of leads and of both pipelines, sources and the like.</summary>
internal sealed class Stages
{
    public const int SecondCategory = 4;

    private readonly Dictionary<(string EntityId, string StatusId), StatusRow> _byKey = [];

    public static readonly Stages Standard = new();

    private Stages(Stages from)
    {
        Categories = [.. from.Categories];
        All = [.. from.All];
        foreach (var row in All)
            _byKey[(row.EntityId, row.StatusId)] = row;
    }

    private Stages()
    {
        Add("STATUS", null, ("NEW", "Не обработан", null), ("IN_PROCESS", "В работе", null), ("PROCESSED", "Обработан", null),
            ("JUNK", "Некачественный лид", "F"), ("CONVERTED", "Качественный лид", "S"));
        Add("DEAL_STAGE", 0, ("NEW", "Новая", null), ("PREPARATION", "Подготовка документов", null), ("PREPAYMENT_INVOICE", "Cчёт на предоплату", null),
            ("EXECUTING", "В работе", null), ("FINAL_INVOICE", "Финальный счёт", null), ("WON", "Сделка успешна", "S"), ("LOSE", "Сделка провалена", "F"), ("APOLOGY", "Анализ причины провала", "F"));
        Add("DEAL_STAGE_4", SecondCategory, ("C4:NEW", "Новая", null), ("C4:EXECUTING", "В работе", null), ("C4:WON", "Успешна", "S"), ("C4:LOSE", "Провалена", "F"));
        Add("SOURCE", null, ("CALL", "Звонок", null), ("EMAIL", "Электронная почта", null), ("WEB", "Веб-сайт", null), ("ADVERTISING", "Реклама", null), ("PARTNER", "Существующий клиент", null),
            ("RECOMMENDATION", "По рекомендации", null), ("TRADE_SHOW", "Выставка", null), ("WEBFORM", "CRM-форма", null), ("CALLBACK", "Обратный звонок", null),
            ("RC_GENERATOR", "Генератор продаж", null), ("STORE", "Интернет-магазин", null), ("OTHER", "Другое", null));
        Add("DEAL_TYPE", null, ("SALE", "Продажа", null), ("SERVICES", "Услуги", null));
        Add("CONTACT_TYPE", null, ("CLIENT", "Клиенты", null), ("OTHER", "Другое", null));
        Add("COMPANY_TYPE", null, ("CUSTOMER", "Клиент", null), ("OTHER", "Другое", null));
    }

    public List<StatusRow> All { get; } = [];

    public List<(int Id, string Name)> Categories { get; } = [(0, "Общая"), (SecondCategory, "Повторные продажи")];

    /// <summary>Without an entry; null when there is none, or when it is the last of its dictionary.</summary>
    public Stages? Without(string entityId, string statusId)
    {
        if (Find(entityId, statusId) is not { } row || All.Count(s => s.EntityId == entityId) < 2)
            return null;
        var less = new Stages(this);
        less.All.Remove(row);
        less._byKey.Remove((entityId, statusId));
        return less;
    }

    /// <summary>Without a pipeline and its stages; the first pipeline cannot be removed.</summary>
    public Stages? WithoutCategory(long id)
    {
        if (id == 0 || !HasCategory(id))
            return null;
        var less = new Stages(this);
        less.Categories.RemoveAll(c => c.Id == id);
        foreach (var row in less.All.Where(s => s.EntityId == $"DEAL_STAGE_{id}").ToList())
        {
            less.All.Remove(row);
            less._byKey.Remove((row.EntityId, row.StatusId));
        }
        return less;
    }

    public bool HasCategory(long id) => Categories.Exists(c => c.Id == id);

    public static string Dictionary(int type, long category) => type == Schema.Lead ? "STATUS" : category == 0 ? "DEAL_STAGE" : $"DEAL_STAGE_{category}";

    public string First(string entityId) => All.First(s => s.EntityId == entityId).StatusId;

    public StatusRow? Find(string entityId, string? statusId) => statusId is null ? null : _byKey.GetValueOrDefault((entityId, statusId));

    /// <summary><c>P</c> open, <c>S</c> won, <c>F</c> lost; null for what has no stages.</summary>
    public string? Semantic(Item item) => item.Type > Schema.Deal ? null : SemanticOf(item.Type, item.Stage, item.Category);

    public string SemanticOf(int type, string? stage, long category) => Find(Dictionary(type, category), stage)?.Semantics ?? "P";

    private void Add(string entityId, int? category, params (string StatusId, string Name, string? Semantics)[] rows)
    {
        foreach (var (statusId, name, semantics) in rows)
        {
            var row = new StatusRow(All.Count + 1, entityId, statusId, name, (All.Count + 1) * 10, semantics, category);
            All.Add(row);
            _byKey[(entityId, statusId)] = row;
        }
    }
}
