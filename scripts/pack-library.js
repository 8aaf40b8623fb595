// Packs the library for its hosts, as npm would publish it, and prints where it is.
//
//   npm run pack:library                 into library/
//   npm run pack:library -- <folder>     elsewhere
//
// From dist/, the library's rooms go in, as eslint.rooms.js lists them: the server and its dependencies stay out. The
// entry points are those of this repository's package.json, so that examples import them here as elsewhere.
import { join, resolve } from 'node:path';
import { LIBRARY_ROOMS } from '../eslint.rooms.js';
import { filesOf, pack, readJson, ROOT } from './pack.js';

const about = join(ROOT, 'library');
const { exports } = readJson(ROOT, 'package.json');
const tarball = pack({
  about,
  manifest: { ...readJson(about, 'package.json'), exports },
  files: [...Object.keys(LIBRARY_ROOMS).flatMap(filesOf), 'index.js', 'index.d.ts'],
  into: resolve(process.argv[2] ?? about),
});
console.log(tarball);
