using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using Npgsql;

namespace LeadIngest.Api.Spend.Cabinets;

/// <summary>What a person sets of a cabinet.</summary>
internal sealed record CabinetSettings
{
    /// <summary>Null: what is stored stays.</summary>
    public CabinetCredentials? Credentials { get; init; }

    public required Uri BaseAddress { get; init; }
    public string? ClientLogin { get; init; }
    public bool OperatorUnits { get; init; }
    public required string Level { get; init; }

    /// <summary>Null: the project's.</summary>
    public string? TimeZone { get; init; }

    public int LoadHour { get; init; } = 6;
    public int RestateDays { get; init; } = 7;
    public DateOnly? LoadFrom { get; init; }
    public bool Paused { get; init; }
    public bool IsDemo { get; init; }
}

/// <summary>Writes a cabinet's settings, and makes its first load when it is new.</summary>
internal sealed class CabinetStore(CredentialsCipher cipher, TimeProvider clock)
{
    /// <summary>Whoever asks the cabinet at this moment loses its lease: what it brings was asked by other settings. New credentials begin anew at once.</summary>
    /// <returns>Why nothing is written, by the field at fault; null: it is.</returns>
    public async Task<(string Field, string Reason)?> WriteAsync(NpgsqlConnection connection, NpgsqlTransaction tx, Guid project, Guid account, CabinetSettings settings, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var known = await connection.QuerySingleOrDefaultAsync<Known>(new CommandDefinition(Find, new { Project = project, Account = account }, tx, cancellationToken: ct));
        if (settings.Credentials is null && known is null) return ("cabinet", "A new cabinet needs its login: `token` of Yandex Direct, `clientId` and `clientSecret` of VK Ads.");
        // Else whoever may change settings could have the login sent to where they like.
        if (settings.Credentials is null && known!.BaseAddress != settings.BaseAddress.AbsoluteUri) return ("cabinet.baseAddress", "Enter the login anew: it was given for another address.");
        var zone = settings.TimeZone ?? await connection.QuerySingleAsync<string>(new CommandDefinition("select time_zone from projects where project_id = @Project", new { Project = project }, tx, cancellationToken: ct));
        var clockOfIt = new CabinetClock(zone);
        var today = clockOfIt.Today(now);
        var oldest = CabinetRow.Oldest(today);
        await connection.ExecuteAsync(new CommandDefinition(Write, new
        {
            Project = project,
            Account = account,
            BaseAddress = settings.BaseAddress.AbsoluteUri,
            Credentials = settings.Credentials is { } given && !IsSame(project, account, given, known?.Credentials) ? cipher.Encrypt(project, account, given.ToBytes()) : null,
            settings.ClientLogin,
            settings.OperatorUnits,
            settings.Level,
            TimeZone = zone,
            settings.LoadHour,
            settings.RestateDays,
            settings.LoadFrom,
            settings.Paused,
            settings.IsDemo,
            ScheduleAt = clockOfIt.Next(settings.LoadHour, now),
            FirstLoad = Guid.CreateVersion7(now),
            FirstDay = settings.LoadFrom is { } from && from > oldest ? from : oldest,
            Yesterday = today.AddDays(-1),
            Now = now,
        }, tx, cancellationToken: ct));
        return null;
    }

    /// <summary>The same keys again keep the token that was got with them: the vendor counts tokens.</summary>
    private bool IsSame(Guid project, Guid account, CabinetCredentials given, byte[]? stored)
    {
        if (stored is null) return false;
        try
        {
            // A refresh token that was used is another one by now.
            var known = CabinetCredentials.FromBytes(cipher.Decrypt(project, account, stored));
            return given.RefreshToken is null && known with { Live = null } == given;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return false;
        }
    }

    private sealed record Known(string BaseAddress, byte[] Credentials);

    private const string Find = "select base_address, credentials from spend_cabinets where project_id = @Project and account_id = @Account for update";

    // A daily load that is overdue stays so.
    private const string Write = """
        insert into spend_cabinets as c (project_id, account_id, base_address, credentials, client_login, operator_units, level, time_zone, load_hour, restate_days, load_from, paused, is_demo, schedule_at)
        select @Project, @Account, @BaseAddress, coalesce(@Credentials::bytea, (select k.credentials from spend_cabinets k where k.project_id = @Project and k.account_id = @Account)), @ClientLogin, @OperatorUnits,
            @Level, @TimeZone, @LoadHour, @RestateDays, @LoadFrom, @Paused, @IsDemo, @ScheduleAt
        on conflict (project_id, account_id) do update set base_address = excluded.base_address, credentials = excluded.credentials, client_login = excluded.client_login,
            operator_units = excluded.operator_units, level = excluded.level, time_zone = excluded.time_zone, load_hour = excluded.load_hour, restate_days = excluded.restate_days,
            load_from = excluded.load_from, paused = excluded.paused, schedule_at = case when c.schedule_at <= @Now then c.schedule_at else excluded.schedule_at end, state = 'active', lease_token = c.lease_token + 1, lease_until = '-infinity', lease_owner = null;
        update spend_loads set next_at = @Now, attempts = 0 where project_id = @Project and account_id = @Account and state = 'waiting';
        insert into spend_loads (project_id, id, account_id, reason, first_day, last_day, next_day, next_at, created_at)
        select @Project, @FirstLoad, @Account, 'first', @FirstDay, @Yesterday, @Yesterday, @Now, @Now
        where @FirstDay::date <= @Yesterday::date and not exists (select 1 from spend_loads where project_id = @Project and account_id = @Account)
        """;
}
