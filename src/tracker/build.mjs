// Builds dist/tracker.js and says what it weighs. Two builds at once (of two projects that need it) take turns; the second finds nothing to do.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const patience = 10 * 60 * 1000;
const lock = '.building';
const built = 'dist/tracker.js';

const madeAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const sources = () => ['package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.mjs', 'build.mjs', ...readdirSync('src').map((f) => join('src', f))];
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

const run = (program, ...args) => execFileSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });

process.chdir(dirname(fileURLToPath(import.meta.url)));
takeLock();
try {
  if (isStale()) {
    if (madeAt('package-lock.json') > madeAt('node_modules/.package-lock.json')) run('npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error');
    run(process.execPath, 'node_modules/typescript/bin/tsc');
    run(process.execPath, 'node_modules/vite/bin/vite.js', 'build', '--logLevel=error');
  }
  const script = readFileSync(built);
  console.log(`tracker.js: ${script.length} bytes, ${gzipSync(script, { level: 9 }).length} gzipped`);
} finally {
  rmSync(lock, { recursive: true, force: true });
}
