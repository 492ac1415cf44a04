// Builds dist/ and says what the first load weighs.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { inTurn, installPackages, isStale, run } from '../../scripts/front-build.mjs';

/** Bytes, gzipped: everything that the overview loads before its charts. */
const firstLoadLimit = 350 * 1024;
const built = 'dist/.vite/manifest.json';
const description = '../../api-spec/openapi.json';
/** Beside src: sentences of the service in Russian, and names of faults. */
const words = '../words';
const faults = '../LeadIngest.Core/Metrics/Data/tag-faults.csv';

const sources = () => [
  'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'build.mjs', 'index.html', '../../scripts/front-build.mjs', description, faults,
  ...['src', 'public', words].flatMap((folder) => readdirSync(folder, { recursive: true }).map((f) => join(folder, f))),
].filter((path) => !path.endsWith('schema.d.ts') && statSync(path).isFile());

/** What the browser fetches for a page: the entry, the page and whatever both import at once, styles too. */
function weightOf(page) {
  const manifest = JSON.parse(readFileSync(built, 'utf8'));
  const files = new Set();
  const take = (key) => {
    const chunk = manifest[key];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const style of chunk.css ?? []) files.add(style);
    for (const other of chunk.imports ?? []) take(other);
  };
  take('index.html');
  take(page);
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join('dist', file)), { level: 9 }).length, 0);
}

/** Once here rather than at every start of the service. */
function compress() {
  for (const file of readdirSync('dist/assets').filter((f) => /\.(js|css|svg)$/.test(f))) {
    const content = readFileSync(join('dist/assets', file));
    writeFileSync(join('dist/assets', `${file}.gz`), gzipSync(content, { level: 9 }));
    writeFileSync(join('dist/assets', `${file}.br`), brotliCompressSync(content));
  }
}

const tool = (path, ...args) => run(process.execPath, [`node_modules/${path}`, ...args], { NODE_ENV: 'production' });

process.chdir(dirname(fileURLToPath(import.meta.url)));
inTurn(() => {
  if (isStale(sources(), built)) {
    installPackages();
    tool('openapi-typescript/bin/cli.js', description, '-o', 'src/api/schema.d.ts');
    tool('typescript/bin/tsc', '--noEmit');
    tool('vite/bin/vite.js', 'build', '--logLevel=error');
    compress();
  }
  const bytes = weightOf('src/pages/overview/Overview.tsx');
  console.log(`dashboard: ${Math.ceil(bytes / 1024)} KB gzipped at the first load of the overview, before charts`);
  if (bytes > firstLoadLimit) throw new Error(`That is over ${firstLoadLimit / 1024} KB: see what the overview imports.`);
});
