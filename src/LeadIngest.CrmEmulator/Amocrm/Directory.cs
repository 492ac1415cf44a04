namespace LeadIngest.CrmEmulator.Amocrm;

internal sealed record Status(long Id, string Name, int Sort, bool IsIncoming);

internal sealed record Pipeline(long Id, string Name, int Sort, bool IsMain, Status[] Statuses)
{
    public long FirstStatusId => Statuses.First(s => !s.IsIncoming).Id;

    /// <summary>The only working stage that is left, else 0.</summary>
    public long LastWorkingId => Statuses.Where(s => !s.IsIncoming && s.Id is not (Directory.Won or Directory.Lost)).ToArray() is [var only] ? only.Id : 0;
}

internal sealed record User(long Id, string Name, string Email, bool IsAdmin, bool IsActive = true);

/// <summary>What an account has besides records: pipelines, people, reasons of loss. All accounts share one until somebody changes theirs.</summary>
internal sealed record Directory
{
    public const long Won = 142;
    public const long Lost = 143;

    public static readonly Directory Standard = new();

    public Pipeline[] Pipelines { get; init; } =
    [
        new(9100, "Воронка", 1, true,
        [
            new(9101, "Неразобранное", 10, true), new(9102, "Первичный контакт", 20, false), new(9103, "Переговоры", 30, false),
            new(9104, "Принимают решение", 40, false), new(9105, "Согласование договора", 50, false),
            new(Won, "Успешно реализовано", 10000, false), new(Lost, "Закрыто и не реализовано", 11000, false),
        ]),
        new(9200, "Повторные продажи", 2, false,
        [
            new(9201, "Неразобранное", 10, true), new(9202, "Новая", 20, false), new(9203, "В работе", 30, false),
            new(Won, "Успешно реализовано", 10000, false), new(Lost, "Закрыто и не реализовано", 11000, false),
        ]),
    ];

    public User[] Users { get; init; } =
    [
        new(31, "Анна Администратор", "anna@emulator.local", true), new(32, "Борис Менеджер", "boris@emulator.local", false),
        new(33, "Вера Менеджер", "vera@emulator.local", false),
    ];

    public (long Id, string Name)[] LossReasons { get; init; } = [(61, "Слишком дорого"), (62, "Пропала потребность"), (63, "Выбрали других")];

    public Pipeline Main => Pipelines[0];

    public Pipeline? Pipeline(long id) => Array.Find(Pipelines, p => p.Id == id);

    public bool HasUser(long id) => Array.Exists(Users, u => u.Id == id);

    /// <summary>A user who may not come in any more; deals stay theirs.</summary>
    public Directory WithDismissed(long id) => this with { Users = [.. Users.Select(u => u.Id == id ? u with { IsActive = false } : u)] };

    public Directory WithoutUser(long id) => this with { Users = [.. Users.Where(u => u.Id != id)] };

    /// <summary>The last pipeline stays: an account always has one.</summary>
    public Directory WithoutPipeline(long id) => Pipelines.Length < 2 ? this : this with { Pipelines = [.. Pipelines.Where(p => p.Id != id)] };

    /// <summary>Won, lost, incoming and the last working stage cannot be removed, as with the vendor.</summary>
    public Directory WithoutStatus(long id) => this with
    {
        Pipelines = [.. Pipelines.Select(p => p with { Statuses = [.. p.Statuses.Where(s => s.Id != id || s.IsIncoming || id is Won or Lost || id == p.LastWorkingId)] })],
    };
}
