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
import { bothExports, CJS_MANIFEST, toCommonJs } from './commonjs.js';

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
 * @param manifest the package's package.json; its `exports` are those of the ES modules
 * @param files the files to pack, as paths in dist/
 * @param programs files that only Node runs, and nobody imports: they have no types and no CommonJS form
 * @param base the folder of dist/ that becomes the package's dist/, and in CommonJS its cjs/
 * @param texts further files, by their place in the package
 * @param into the folder for the tarball
 */
export function pack({ about, manifest, files, programs = [], base = '.', texts = {}, into }) {
  const stage = mkdtempSync(join(tmpdir(), 'tasktag-pack-'));
  try {
    const exports = bothExports(manifest.exports);
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify({ ...manifest, exports }, null, 2)}\n`);
    for (const name of ['README.md', 'CHANGELOG.md']) copyFileSync(join(about, name), join(stage, name));
    copyFileSync(join(ROOT, 'LICENSE'), join(stage, 'LICENSE'));
    for (const file of files) {
      const code = withoutMap(readFileSync(join(DIST, file), 'utf8'));
      write(join(stage, 'dist', relative(base, file)), code);
      write(join(stage, 'cjs', relative(base, file)), file.endsWith('.js') ? toCommonJs(file, code) : code);
    }
    for (const file of programs)
      write(join(stage, 'dist', relative(base, file)), withoutMap(readFileSync(join(DIST, file), 'utf8')));
    write(join(stage, 'cjs', 'package.json'), CJS_MANIFEST);
    for (const [place, text] of Object.entries(texts)) write(join(stage, place), text);
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

/** A file's text without the link to a source map, which is not packed. */
function withoutMap(text) {
  return text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
}

function write(target, text) {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** The JSON of a file. */
export function readJson(...path) {
  return JSON.parse(readFileSync(join(...path), 'utf8'));
}
