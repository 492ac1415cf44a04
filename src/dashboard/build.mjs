// Builds dist/ and says what the first load weighs. Two builds at once (of two projects that need it) take turns; the second finds nothing to do.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const patience = 10 * 60 * 1000;
/** Bytes, gzipped: everything that the overview loads before its charts. */
const firstLoadLimit = 350 * 1024;
const lock = '.building';
const built = 'dist/.vite/manifest.json';
const description = '../../api-spec/openapi.json';
/** Beside src: sentences of the service in Russian, and names of faults. */
const words = '../words';
const faults = '../LeadIngest.Core/Metrics/Data/tag-faults.csv';

const madeAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const sources = () => [
  'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'build.mjs', 'index.html', description, faults,
  ...['src', 'public', words].flatMap((folder) => readdirSync(folder, { recursive: true }).map((f) => join(folder, f))),
].filter((path) => !path.endsWith('schema.d.ts') && statSync(path).isFile());
const isStale = () => sources().some((path) => madeAt(path) > madeAt(built));

/** A folder is made by one process only; it holds the maker's id, so that what a killed build left behind is known. */
function takeLock() {
  for (const end = Date.now() + patience; ; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch (e) {
      if (e.code !== 'EEXIST') throw e;
      if (!ownerLives() && Date.now() - madeAt(lock) > 2000) rmSync(lock, { recursive: true, force: true });
      else if (Date.now() > end) throw new Error(`Another build holds ${join(process.cwd(), lock)}; remove it if there is none.`);
    }
  }
}

function ownerLives() {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return true;
  } catch (e) {
    return e.code === 'EPERM';
  }
}

const run = (program, ...args) =>
  execFileSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32', env: { ...process.env, NODE_ENV: 'production' } });

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

process.chdir(dirname(fileURLToPath(import.meta.url)));
takeLock();
try {
  if (isStale()) {
    if (madeAt('package-lock.json') > madeAt('node_modules/.package-lock.json')) {
      execFileSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
    }
    run(process.execPath, 'node_modules/openapi-typescript/bin/cli.js', description, '-o', 'src/api/schema.d.ts');
    run(process.execPath, 'node_modules/typescript/bin/tsc', '--noEmit');
    run(process.execPath, 'node_modules/vite/bin/vite.js', 'build', '--logLevel=error');
    compress();
  }
  const bytes = weightOf('src/pages/overview/Overview.tsx');
  console.log(`dashboard: ${Math.ceil(bytes / 1024)} KB gzipped at the first load of the overview, before charts`);
  if (bytes > firstLoadLimit) throw new Error(`That is over ${firstLoadLimit / 1024} KB: see what the overview imports.`);
} finally {
  rmSync(lock, { recursive: true, force: true });
}
