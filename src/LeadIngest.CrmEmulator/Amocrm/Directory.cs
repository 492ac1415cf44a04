namespace LeadIngest.CrmEmulator.Amocrm;

internal sealed record Status(long Id, string Name, int Sort, bool IsIncoming);

internal sealed record Pipeline(long Id, string Name, int Sort, bool IsMain, Status[] Statuses)
{
    public long FirstStatusId => Statuses.First(s => !s.IsIncoming).Id;
}

internal sealed record User(long Id, string Name, string Email, bool IsAdmin);

/// <summary>What an account has before the first lead: pipelines, people, reasons of loss.</summary>
internal static class Directory
{
    public const long AccountId = 30100200;
    public const long Won = 142;
    public const long Lost = 143;

    public static readonly Pipeline[] Pipelines =
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

    public static readonly User[] Users =
    [
        new(31, "Анна Администратор", "anna@emulator.local", true), new(32, "Борис Менеджер", "boris@emulator.local", false),
        new(33, "Вера Менеджер", "vera@emulator.local", false),
    ];

    public static readonly (long Id, string Name)[] LossReasons = [(61, "Слишком дорого"), (62, "Пропала потребность"), (63, "Выбрали других")];

    public static Pipeline Main => Pipelines[0];

    public static Pipeline? Pipeline(long id) => Array.Find(Pipelines, p => p.Id == id);

    public static bool HasUser(long id) => Array.Exists(Users, u => u.Id == id);
}
