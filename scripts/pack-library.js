// Packs the library for its hosts, as npm would publish it, and prints where it is.
//
//   npm run pack:library                 into library/
//   npm run pack:library -- <folder>     elsewhere
//
// Of dist/, only what the entry points reach goes in: the server and what it depends on stay out.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import './build-if-needed.js';

const root = join(import.meta.dirname, '..');
const library = join(root, 'library');
const into = resolve(process.argv[2] ?? library);

const { exports } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'));
const entryPoints = Object.values(exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : Object.values(entry),
);

const stage = mkdtempSync(join(tmpdir(), 'tasktag-library-'));
try {
  for (const name of ['package.json', 'README.md', 'CHANGELOG.md']) {
    copyFileSync(join(library, name), join(stage, name));
  }
  copyFileSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  for (const file of reachable(entryPoints.map((path) => join(root, path)))) copy(file);
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

/** The files that some files import, directly or not, and they themselves. */
function reachable(files) {
  const found = new Set(files);
  for (const file of found) {
    const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
    for (const { fileName } of importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const imported = join(dirname(file), fileName);
      found.add(file.endsWith('.d.ts') ? imported.replace(/\.js$/, '.d.ts') : imported);
    }
  }
  return found;
}

/** Without the link to a source map, which is not packed. */
function copy(file) {
  const target = join(stage, relative(root, file));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
}
