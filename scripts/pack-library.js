// Packs the library for its hosts, as npm would publish it, and prints where it is.
//
//   npm run pack:library                 into library/
//   npm run pack:library -- <folder>     elsewhere
//
// From dist/, the library's rooms go in, as eslint.rooms.js lists them: the server and its dependencies stay out. The
// entry points are those of this repository's package.json, so that examples import them here as elsewhere. The
// pages for hosts go in too.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LIBRARY_ROOMS } from '../eslint.rooms.js';
import { filesOf, pack, readJson, ROOT } from './pack.js';

const about = join(ROOT, 'library');
/** The room of the command `tasktag`, which nobody imports. */
const PROGRAM = 'command';
const rooms = Object.keys(LIBRARY_ROOMS).filter((room) => room !== PROGRAM);
const { exports } = readJson(ROOT, 'package.json');
const tarball = pack({
  about,
  manifest: { ...readJson(about, 'package.json'), typesVersions: typesVersions(exports), exports },
  files: [...rooms.flatMap(filesOf), 'index.js', 'index.d.ts'],
  programs: filesOf(PROGRAM).filter((file) => file.endsWith('.js')),
  texts: { ...textsOf('schematics', join(about, 'schematics')), ...pages() },
  into: resolve(process.argv[2] ?? about),
});
console.log(tarball);

/** Where a compiler that does not read `exports` finds the types of the entry points: it takes everything for CommonJS. */
function typesVersions(exports) {
  const entries = Object.entries(exports).filter(
    ([entry, { types }]) => entry !== '.' && types !== undefined,
  );
  const places = entries.map(([entry, { types }]) => [entry.slice(2), [types.replace('./dist/', './cjs/')]]);
  return { '*': Object.fromEntries(places) };
}

/** The pages for hosts. What they link to beside them is not packed, so of such a link only the words are left. */
function pages() {
  const texts = Object.entries(textsOf('docs', join(ROOT, 'docs', 'library')));
  return Object.fromEntries(
    texts.map(([place, text]) => [place, text.replace(/\[([^\]]+)\]\(\.\.\/[^)]*\)/g, '$1')]),
  );
}

/** The files of a folder, by their place in the package. */
function textsOf(place, folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.replace(folder, place), readFileSync(path, 'utf8')]));
}
