using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>A whole directory of amoCRM: page after page, for as long as an answer links to a next one.</summary>
internal static class AmocrmPages
{
    private const int PageSize = 250;

    /// <param name="get">Asks for a path with its query.</param>
    /// <param name="path">Of the list; its last part is what the rows are called in the answer.</param>
    /// <param name="most">Pages at most.</param>
    /// <returns>The rows of all pages, or how the first page that failed ended.</returns>
    public static async Task<(List<JsonElement>? Rows, CallEnd? Failure)> ReadAsync(Func<string, Task<CallEnd>> get, string path, int most)
    {
        var (rows, noun) = (new List<JsonElement>(), path.Split('/')[^1]);
        for (var page = 1; page <= most; page++)
        {
            var end = await get($"{path}?limit={PageSize}&page={page}").ConfigureAwait(false);
            if (end is not CallEnd.Ok answer)
            {
                return (null, end);
            }

            rows.AddRange(answer.Body.Get("_embedded").Get(noun).Items());
            if (!AmocrmRows.HasNext(answer.Body))
            {
                break;
            }
        }

        return (rows, null);
    }
}
