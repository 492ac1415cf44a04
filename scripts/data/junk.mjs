// Turns crawler-user-agents.json of src/LeadIngest.Core/Junk/Data into the list that Core embeds: kind, how to compare, text.
// Run after replacing the upstream file (`make data`), then commit both forms. BotsTests re-reads the upstream file and fails
// when the list says something else.
import { readFileSync, writeFileSync } from 'node:fs'

const data = new URL('../../src/LeadIngest.Core/Junk/Data/', import.meta.url)

// What people read or post with: browsers inside apps, an Android build, servers of sites and automation services that bring leads.
const notBots = new Set([
  'Viber', 'WhatsApp', 'MetaIAB Facebook', 'Valve\\/Steam', 'Notion\\/', 'Tumblr\\/', 'Bluesky\\/', 'Fluid', '^Silk\\/', 'Code\\/1\\.',
  'AP3A\\.240617\\.008', 'mail\\.ru', 'Hello World', 'WordPress\\/', 'Zapier', 'Make\\/', 'Salesforce\\.com', 'HubSpot', 'Sonic', 'Synapse',
])

// Upstream's other groups (seo, advertising, feed-reader) gather whatever has a name, webhooks of shops and services among it; and a library is
// how any server posts a lead. Of those only what calls itself a crawler is taken.
const groups = ['search-engine', 'monitoring', 'scanner', 'ai-crawler', 'archiver', 'academic', 'browser-automation', 'social-preview']

const rows = JSON.parse(readFileSync(new URL('crawler-user-agents.json', data), 'utf8')).flatMap(({ pattern, tags = [] }) => {
  if (notBots.has(pattern) || tags.includes('http-library')) return []
  const automation = tags.includes('browser-automation')
  const crawler = /bot|crawl|spider|slurp/i.test(pattern.replace(/[[\]]/g, '')) && !automation
  if (!crawler && !groups.some(group => tags.includes(group))) return []
  const literal = !/[\\^$.|?*+()[\]{}]/.test(pattern.replace(/\\([^\w\s])/g, ''))
  return [[crawler ? 'crawler' : 'automated', literal ? 'text' : 'regex', literal ? pattern.replace(/\\([^\w\s])/g, '$1') : pattern].join('\t')]
})
writeFileSync(new URL('agents.txt', data), rows.join('\n') + '\n')
