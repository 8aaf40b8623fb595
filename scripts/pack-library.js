// Packs the library for its hosts, as npm would publish it, and prints where it is.
//
//   npm run pack:library                 into library/
//   npm run pack:library -- <folder>     elsewhere
//
// Of dist/, the library's rooms go in, as eslint.rooms.js names them: the server and what it depends on stay out.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { LIBRARY_ROOMS } from '../eslint.rooms.js';
import './build-if-needed.js';

const root = join(import.meta.dirname, '..');
const library = join(root, 'library');
const into = resolve(process.argv[2] ?? library);

const stage = mkdtempSync(join(tmpdir(), 'tasktag-library-'));
try {
  for (const name of ['package.json', 'README.md', 'CHANGELOG.md']) {
    copyFileSync(join(library, name), join(stage, name));
  }
  copyFileSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  for (const file of libraryFiles()) copy(file);
  mkdirSync(into, { recursive: true });
  const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', into], {
    cwd: stage,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  console.log(join(into, name.trim()));
} finally {
  rmSync(stage, { recursive: true });
}

/** What was built of the library: its rooms, and its public face. */
function libraryFiles() {
  const dist = join(root, 'dist');
  const inRooms = Object.keys(LIBRARY_ROOMS).flatMap((room) =>
    readdirSync(join(dist, room), { recursive: true }).map((name) => join(dist, room, name)),
  );
  return [...inRooms, join(dist, 'index.js'), join(dist, 'index.d.ts')].filter((name) =>
    /\.(js|d\.ts)$/.test(name),
  );
}

/** Without the link to a source map, which is not packed. */
function copy(file) {
  const target = join(stage, relative(root, file));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
}
