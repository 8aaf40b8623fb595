// Packs the built code as npm would publish it.
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
import { dirname, join, relative } from 'node:path';
import './build-if-needed.js';

export const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

/** The built files of a room, as paths in dist/: the code, and its types. */
export function filesOf(room) {
  return readdirSync(join(DIST, room), { recursive: true })
    .filter((name) => /\.(js|d\.ts)$/.test(name))
    .map((name) => join(room, name));
}

/**
 * Packs some of dist/, and returns the path of the tarball.
 *
 * @param about the folder with the package's own README.md and CHANGELOG.md
 * @param manifest the package's package.json
 * @param files the files to pack, as paths in dist/
 * @param base the folder of dist/ that becomes the package's dist/
 * @param into the folder for the tarball
 */
export function pack({ about, manifest, files, base = '.', into }) {
  const stage = mkdtempSync(join(tmpdir(), 'tasktag-pack-'));
  try {
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    for (const name of ['README.md', 'CHANGELOG.md']) copyFileSync(join(about, name), join(stage, name));
    copyFileSync(join(ROOT, 'LICENSE'), join(stage, 'LICENSE'));
    for (const file of files) copy(join(DIST, file), join(stage, 'dist', relative(base, file)));
    mkdirSync(into, { recursive: true });
    const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', into], {
      cwd: stage,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return join(into, name.trim());
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** Copies a file without the link to a source map, which is not packed. */
function copy(file, target) {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
}

/** The JSON of a file. */
export function readJson(...path) {
  return JSON.parse(readFileSync(join(...path), 'utf8'));
}
