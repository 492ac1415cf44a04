// Turns the YAML lists of src/LeadIngest.Core/Passports/Data into the compact JSON that Core embeds: Core has no packages,
// so it cannot read YAML. Run after replacing a list: `npm ci && npm run sources` here, then commit both forms.
// SourceListsTests re-reads the YAML and fails when the JSON says something else.
import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'

const data = new URL('../../src/LeadIngest.Core/Passports/Data/', import.meta.url)
const read = name => parse(readFileSync(new URL(name, data), 'utf8'), { intAsBigInt: true })
const write = (name, rows) =>
  writeFileSync(new URL(name, data), `[\n${rows.map(row => JSON.stringify(row)).join(',\n')}\n]\n`)

// Google%2B and its like are percent-encoded upstream.
const display = name => decodeURIComponent(String(name))

const engines = Object.entries(read('matomo-SearchEngines.yml')).flatMap(([name, configs]) =>
  configs.map(({ urls, params, charsets }) => ({
    name: display(name), urls: urls.map(String), params: (params ?? []).map(String), charsets: (charsets ?? []).map(String),
  })))
write('search-engines.json', engines)

for (const [from, to] of [['matomo-Socials.yml', 'socials.json'], ['matomo-AIAssistants.yml', 'ai-assistants.json']])
  write(to, Object.entries(read(from)).map(([name, urls]) => ({ name: display(name), urls: urls.map(String) })))

// Canonical compositions of two code points (Unicode's NFC), as triples "base mark composed". The service runs without ICU,
// where string.Normalize leaves text as it is, so Core composes by this table.
const triples = []
for (let code = 0xC0; code < 0x2000; code++) {
  const composed = String.fromCharCode(code)
  const pair = [...composed.normalize('NFD')]
  if (composed.normalize('NFC') !== composed || pair.length < 2) continue
  const head = pair.slice(0, -1).join('').normalize('NFC')
  // Marks outside U+0300–U+036F belong to scripts whose order rules this table does not know.
  if (head.length === 1 && pair.at(-1) >= "\u0300" && pair.at(-1) <= "\u036F") triples.push(head + pair.at(-1) + composed)
}
writeFileSync(new URL('../../src/LeadIngest.Core/Texts/compositions.txt', import.meta.url), triples.join('\n') + '\n')
