import { defineTexts } from '../../app/texts';

const texts = defineTexts(
  {
    title: 'по названию', noTitle: 'без названия', notUsed: 'не используется', said: 'как вы указали', same: 'не используется: то же самое взято из «{{a}}»',
    empty: 'Файл пуст.', header: 'Ни одна строка не называет столбцы: нужны столбец сумм (Расход, Cost…) и столбец дней (Дата, Date…).', metrica: 'Файл расходов Яндекс Метрики: только десятичные точки, суммы без НДС.', comma: 'По другим числам таблицы дробная часть — через запятую.', point: 'По другим числам таблицы дробная часть — через точку.',
    dayFirst: 'По другим датам таблицы сначала идёт день.', monthFirst: 'По другим датам таблицы сначала идёт месяц.', noDays: 'Столбца дней нет: каждая сумма делится поровну между днями периода.', needDays: 'Нет ни столбца дней, ни периода в строках над таблицей: укажите под «Уточнить», за какие дни файл.',
    vat: 'В таблице не сказано, с НДС ли суммы: считаем, что с НДС. Иначе выберите «Суммы без НДС» под «Уточнить».', whole: 'Не целое число.', currency: 'Не валюта: нужен код вроде RUB.', metricaComma: 'Запятая: в файлах Метрики дробная часть — через точку.', ambiguous: 'Тысячи или дробь? Выберите дробную часть под «Уточнить».', great: 'Слишком большая сумма.',
    notNumber: 'Не число.', notComma: 'Не число с дробной частью через запятую.', notPoint: 'Не число с дробной частью через точку.', noDay: 'Нет дня.', notDay: 'Не день.', order: '«{{a}}»: сначала день или месяц? Выберите порядок под «Уточнить».', impossible: '«{{a}}»: такого дня нет или дни перепутаны.',
  },
  {
    title: 'by its title', noTitle: 'no title', notUsed: 'not used', said: 'as you said', same: 'not used: the same is taken from “{{a}}”',
    empty: 'The file is empty.', header: 'No row names the columns: a column of amounts (Cost, …) and one of days (Date, …) are needed.', metrica: 'An expenses file of Yandex Metrica: decimal points only, amounts without VAT.', comma: 'Other numbers of the table show that the decimal mark is a comma.', point: 'Other numbers of the table show that the decimal mark is a point.',
    dayFirst: 'Other dates of the table show that the day comes first.', monthFirst: 'Other dates of the table show that the month comes first.', noDays: 'There is no column of days: every amount is spread evenly over the period.', needDays: 'There is no column of days and no period above the table: say under “More” which days the file is for.',
    vat: 'The table does not say whether VAT is in the amounts: they are taken with VAT. Choose “Without VAT” under “More” if not.', whole: 'Not a whole number.', currency: 'Not a currency: a code like RUB is needed.', metricaComma: 'A comma: files of Metrica write amounts with a point.', ambiguous: 'Thousands or a fraction? Choose the decimal mark under “More”.', great: 'Too great for an amount.',
    notNumber: 'Not a number.', notComma: 'Not a number with a decimal comma.', notPoint: 'Not a number with a decimal point.', noDay: 'No day.', notDay: 'Not a day.', order: '“{{a}}”: the day or the month first? Choose the order under “More”.', impossible: '“{{a}}”: there is no such day, or the range is wrong.',
  },
);

type Key = Parameters<typeof texts.say>[0];

/** What the service says of a table, by how it begins. It speaks English only; the page says it in the reader's language, and where to mend it here. */
const known: readonly (readonly [RegExp, Key])[] = [
  [/^by its title$/, 'title'], [/^no title$/, 'noTitle'], [/^not used$/, 'notUsed'], [/^as you said$/, 'said'], [/^not used: «(.*)» is taken/, 'same'], [/^The file is empty/, 'empty'], [/^No row names the columns/, 'header'], [/^An expenses file of Yandex Metrica/, 'metrica'],
  [/^Other numbers .* a comma/, 'comma'], [/^Other numbers .* a point/, 'point'], [/^Other dates .* the day/, 'dayFirst'], [/^Other dates .* the month/, 'monthFirst'], [/^There is no column of days: every/, 'noDays'], [/^There is no column of days and no period/, 'needDays'], [/^The table does not say whether VAT/, 'vat'],
  [/^Not a whole number/, 'whole'], [/^Not a currency/, 'currency'], [/^A comma: files of Yandex Metrica/, 'metricaComma'], [/^May be thousands/, 'ambiguous'], [/^Too great/, 'great'], [/^Not a number\.$/, 'notNumber'], [/^Not a number with a decimal comma/, 'notComma'], [/^Not a number with a decimal point/, 'notPoint'],
  [/^No day/, 'noDay'], [/^Not a day/, 'notDay'], [/^«(.*)» may begin/, 'order'], [/^«(.*)»: there is no such day/, 'impossible'],
];

/** In the page's language where the page knows the words, else as the service says them. */
export function useTableWords(): (words: string) => string {
  const t = texts.use();
  return (words) => {
    for (const [pattern, key] of known) {
      const found = pattern.exec(words);
      if (found) return t(key, { a: found[1] ?? '' });
    }
    return words;
  };
}
