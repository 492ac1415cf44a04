// Writes test vectors: numbers in several spellings with the E.164 form and country that libphonenumber-js itself reads from them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/max'

const require = createRequire(import.meta.url)
const metadata = require('libphonenumber-js/metadata.max.json')
const mobiles = require('libphonenumber-js/examples.mobile.json')
const target = join(dirname(fileURLToPath(import.meta.url)), '../../../tests/LeadIngest.Core.Tests/Identities/Data')

// The package has examples of mobile numbers only. One fixed number is spelled out from the fixed-line pattern: the first
// alternative of every group, the middle member of every class, the most repetitions.
function spellOut(pattern) {
  let at = 0
  function alternatives() {
    const first = sequence()
    while (pattern[at] === '|') { at++; sequence() }
    return first
  }
  function sequence() {
    let text = ''
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') {
      const piece = atom()
      let times = 1
      if (pattern[at] === '{') {
        const end = pattern.indexOf('}', at)
        times = Number(pattern.slice(at + 1, end).split(',').at(-1))
        at = end + 1
      } else if (pattern[at] === '?') {
        times = 0
        at++
      }
      text += piece.repeat(times)
    }
    return text
  }
  function atom() {
    if (pattern.startsWith('(?:', at)) {
      at += 3
      const inside = alternatives()
      at++
      return inside
    }
    if (pattern.startsWith('\\d', at)) { at += 2; return '4' }
    if (pattern[at] === '[') {
      const end = pattern.indexOf(']', at)
      const inside = pattern.slice(at + 1, end)
      at = end + 1
      const members = []
      for (let i = 0; i < inside.length; i++)
        if (inside[i + 1] === '-') {
          for (let d = Number(inside[i]); d <= Number(inside[i + 2]); d++) members.push(String(d))
          i += 2
        } else members.push(inside[i])
      return members[members.length >> 1]
    }
    return pattern[at++]
  }
  return alternatives()
}

const rows = []
let skipped = 0
function add(kind, country, number) {
  const code = metadata.countries[country][0]
  const phone = parsePhoneNumberFromString(`+${code}${number}`)
  // The service takes 7 to 15 digits; some plans go beyond E.164 for numbers of machines.
  const length = phone?.number.length - 1
  if (!phone?.isValid() || length < 7 || length > 15) { skipped++; return }
  const spellings = new Set([
    phone.number,
    phone.formatInternational(),
    phone.formatNational(),
    phone.formatNational().replace(/[\s-]/g, '.'),
    phone.format('RFC3966'),
    [...phone.number].join(' '),
    `${code}${number}`,
  ])
  for (const text of spellings) {
    const read = parsePhoneNumberFromString(text, country)
    // Bare digits can be read as another number of the same country; what the library does not read back is not a vector.
    if (read?.number === phone.number && read.isValid()) rows.push([kind, country, text, read.number, read.country ?? ''])
  }
}

for (const country of getCountries().sort()) {
  if (mobiles[country]) add('mobile', country, mobiles[country])
  const types = metadata.countries[country][11] ?? []
  for (const [kind, index] of [['fixed', 0], ['freephone', 2]])
    if (types[index]?.[0]) add(kind, country, spellOut(types[index][0]))
}

mkdirSync(target, { recursive: true })
writeFileSync(join(target, 'phone-vectors.tsv'),
  ['kind\tdefault country\ttext\tE.164\tcountry', ...rows.map((row) => row.join('\t'))].join('\n') + '\n')
console.log(`${rows.length} vectors of ${new Set(rows.map((row) => row[1])).size} countries, ${skipped} numbers skipped`)
