// Builds dist/tracker.js and says what it weighs.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { inTurn, installPackages, isStale, run } from '../../scripts/front-build.mjs';

const built = 'dist/tracker.js';
const sources = () => [
  'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.mjs', 'build.mjs', '../../scripts/front-build.mjs', ...readdirSync('src').map((f) => join('src', f)),
];

process.chdir(dirname(fileURLToPath(import.meta.url)));
inTurn(() => {
  if (isStale(sources(), built)) {
    installPackages();
    run(process.execPath, ['node_modules/typescript/bin/tsc']);
    run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel=error']);
  }
  const script = readFileSync(built);
  console.log(`tracker.js: ${script.length} bytes, ${gzipSync(script, { level: 9 }).length} gzipped`);
});
