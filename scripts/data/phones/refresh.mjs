// Rewrites the numbering plans that LeadIngest.Core embeds from the pinned libphonenumber-js.
// Run by hand (`npm ci && npm run refresh && npm run vectors`); a build of the service needs no Node.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const metadata = require('libphonenumber-js/metadata.max.json')
const packageFolder = join(dirname(fileURLToPath(import.meta.url)), 'node_modules', 'libphonenumber-js')
const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
const target = join(dirname(fileURLToPath(import.meta.url)), '../../../src/LeadIngest.Core/Identities/Data')

if (metadata.version !== 4) throw new Error(`Layout ${metadata.version} of the metadata is not known to this script.`)

// Positions in a plan's array: METADATA.md of libphonenumber-js. Display formats are left out: nothing here prints numbers.
const [CODE, IDD, PATTERN, LENGTHS, PREFIX, PREFIX_PATTERN, TRANSFORM, LEADING, TYPES] = [0, 1, 2, 3, 5, 7, 8, 10, 11]
const FIXED = 0
const MOBILE = 1

const sorted = (numbers) => [...new Set(numbers)].sort((a, b) => a - b)

function reshape(country, plan) {
  const types = (plan[TYPES] || []).map((type) => type || undefined)
  const ranges = types.filter((type) => type?.[0])
  const people = [types[FIXED], types[MOBILE]].filter((type) => type?.[0])
  const subscriber = sorted(people.flatMap((type) => type[1] ?? plan[LENGTHS]))
  return {
    country,
    code: plan[CODE],
    idd: plan[IDD] || undefined,
    prefix: plan[PREFIX] || undefined,
    prefixPattern: plan[PREFIX_PATTERN] || undefined,
    transform: plan[TRANSFORM] || undefined,
    leading: plan[LEADING] || undefined,
    lengths: plan[LENGTHS],
    subscriber: subscriber.length > 0 ? subscriber : plan[LENGTHS],
    pattern: plan[PATTERN],
    ranges: ranges.length > 0 ? ranges.map((type) => type[0]).join('|') : undefined,
  }
}

const plans = []
// The first country of a shared calling code is its main one, so the order of the source is kept.
for (const countries of Object.values(metadata.country_calling_codes))
  for (const country of countries) plans.push(reshape(country, metadata.countries[country]))
for (const plan of Object.values(metadata.nonGeographic)) plans.push(reshape(undefined, plan))

const lines = plans.map((plan) => '    ' + JSON.stringify(plan))
writeFileSync(join(target, 'numbering-plans.json'),
  `{\n  "source": "libphonenumber-js ${version}, metadata.max.json",\n  "plans": [\n${lines.join(',\n')}\n  ]\n}\n`)
copyFileSync(join(packageFolder, 'LICENSE'), join(target, 'numbering-plans.LICENSE.MIT.txt'))
copyFileSync(join(packageFolder, 'LICENSE.Apache'), join(target, 'numbering-plans.LICENSE.Apache-2.0.txt'))
console.log(`${plans.length} plans from libphonenumber-js ${version}`)
