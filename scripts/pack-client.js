// Packs the client kit, the code of `tasktag/client`, as a package of its own, and prints where it is.
//
//   npm run pack:client                 into library/client/
//   npm run pack:client -- <folder>     elsewhere
import { join, resolve } from 'node:path';
import { filesOf, pack, readJson, ROOT } from './pack.js';

const about = join(ROOT, 'library', 'client');
const tarball = pack({
  about,
  manifest: readJson(about, 'package.json'),
  files: filesOf('client'),
  base: 'client',
  into: resolve(process.argv[2] ?? about),
});
console.log(tarball);
