// Packs the library for its hosts, as npm would publish it, and prints where it is.
//
//   npm run pack:library                 into library/
//   npm run pack:library -- <folder>     elsewhere
//
// From dist/, the library's rooms go in, as eslint.rooms.js lists them: the server and its dependencies stay out. The
// entry points are those of this repository's package.json, so that examples import them here as elsewhere. The
// pages for hosts go in too.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { LIBRARY_ROOMS } from '../eslint.rooms.js';
import { filesOf, pack, readJson, ROOT } from './pack.js';

const about = join(ROOT, 'library');
/** The room of the command `tasktag`, which nobody imports. */
const PROGRAM = 'command';
/** Pages of the server that hosts need, too. */
const SERVER_PAGES = ['clients.md', 'command.md', 'operating.md'];
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

/**
 * The pages for hosts, and those of the server that they lead to. What they link to besides is not packed, so of such a
 * link only the words are left.
 */
function pages() {
  const texts = textsOf('docs', join(ROOT, 'docs', 'library'));
  for (const name of SERVER_PAGES)
    texts[join('docs', 'server', name)] = readFileSync(join(ROOT, 'docs', name), 'utf8');
  const places = new Set(Object.keys(texts));
  return Object.fromEntries(
    Object.entries(texts).map(([place, text]) => [place, withLinks(place, text, places)]),
  );
}

/** Links between pages of the repository become links between those of the package. */
function withLinks(place, text, places) {
  const ofServer = place.includes('/server/');
  return text.replace(/\[([^\]]+)\]\((?!https?:|#)([^)#]*)(#[^)]*)?\)/g, (link, words, path, at = '') => {
    const inDocs = posix.join(ofServer ? 'docs' : 'docs/library', path);
    const target = inDocs.startsWith('docs/library/')
      ? inDocs.replace('docs/library/', 'docs/')
      : inDocs.replace(/^docs\//, 'docs/server/');
    return places.has(target) ? `[${words}](${posix.relative(dirname(place), target)}${at})` : words;
  });
}

/** The files of a folder, by their place in the package. */
function textsOf(place, folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.replace(folder, place), readFileSync(path, 'utf8')]));
}
