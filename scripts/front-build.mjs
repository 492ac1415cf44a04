// What the builds of src/dashboard and src/tracker share. Each works in its own folder.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const patience = 10 * 60 * 1000;
const lock = '.building';

/** Milliseconds; 0 of what is not there. */
export const madeAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** Whether one of the files is newer than what was built of them. */
export const isStale = (sources, built) => sources.some((path) => madeAt(path) > madeAt(built));

export const run = (program, args, env = {}) =>
  execFileSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32', env: { ...process.env, ...env } });

/** As package-lock.json has them; what builds is asked for in production, too. */
export function installPackages() {
  if (madeAt('package-lock.json') > madeAt('node_modules/.package-lock.json')) run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Two builds of a folder at once (of two projects that need it) take turns; the second finds nothing to do. */
export function inTurn(build) {
  takeLock();
  try {
    build();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

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
