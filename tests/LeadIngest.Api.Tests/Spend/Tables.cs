using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace LeadIngest.Api.Tests.Spend;

/// <summary>Tables of spend, and how they are sent.</summary>
internal static class Tables
{
    public const string Head = "Дата;№ Кампании;Кампания;Показы;Клики;Расход (руб.)\n";

    public static async Task<JsonElement> ImportAsync(this ApiFixture api, TestProject project, string rows, object? said = null, string account = "Директ")
    {
        var body = JsonSerializer.SerializeToNode(said ?? new { })!.AsObject();
        body["text"] = Head + rows;
        body["account"] ??= account;
        return await (await api.PostAsync(project, "/v1/spend/imports", body)).JsonAsync();
    }

    public static async Task<HttpResponseMessage> SendFileAsync(this ApiFixture api, TestProject project, string path, byte[] file, string name = "spend.csv", params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", name } };
        foreach (var field in fields) form.Add(new StringContent(field.Value), field.Name);
        return await api.SendAsync(project, HttpMethod.Post, path, form);
    }

    /// <summary>What counts, as "01 81234567 1234.56" by day.</summary>
    public static async Task<string[]> CountingAsync(this ApiFixture api, TestProject project) =>
        (await api.ScalarAsync<string[]>("""
            select coalesce(array_agg(to_char(day, 'DD') || ' ' || coalesce(campaign_id, campaign_name, '-') || ' ' || trim_scale(amount) order by day, campaign_id), '{}') from spend
            where project_id = @P and current
            """, new { P = project.ProjectId }))!;

    /// <summary>A workbook of one sheet. Cells are XML as they stand in it.</summary>
    public static byte[] Workbook(params string[] rows)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Part(string path, string xml)
            {
                using var part = new StreamWriter(zip.CreateEntry(path).Open(), new UTF8Encoding(false));
                part.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml);
            }
            Part("[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>""");
            Part("_rels/.rels", """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            Part("xl/_rels/workbook.xml.rels", """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>""");
            Part("xl/workbook.xml", """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>""");
            Part("xl/styles.xml", """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>""");
            Part("xl/worksheets/sheet1.xml", $"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{string.Concat(rows.Select((r, i) => $"<row r=\"{i + 1}\">{r}</row>"))}</sheetData></worksheet>""");
        }
        return bytes.ToArray();
    }

    public static string Texts(params string[] texts) => string.Concat(texts.Select(t => $"<c t=\"inlineStr\"><is><t>{t}</t></is></c>"));
}
