import { execFileSync } from 'node:child_process';
import { builtinModules } from 'node:module';
import { statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { LibraryProject } from '../support/library/packed-library.js';

describe('the packed library', () => {
  let project: LibraryProject;
  beforeAll(() => {
    project = new LibraryProject();
  });
  afterAll(() => project.remove());

  const importsOf = (file: string) =>
    ts.preProcessFile(project.read(file)).importedFiles.map(({ fileName }) => fileName);

  /** A file that another one of the library imports. */
  const imported = (from: string, name: string) => {
    const path = posix.join(dirname(from), name);
    return from.endsWith('.d.ts') ? path.replace(/\.js$/, '.d.ts') : path;
  };

  /** What an entry point imports of other packages, directly or not, and the files that it is made of. */
  const reach = (entry: string, kind: 'types' | 'default') => {
    const { [kind]: first } = project.manifest.exports[entry] as { types: string; default: string };
    const files = new Set([posix.normalize(first)]);
    const packages = new Set<string>();
    for (const file of files) {
      for (const name of importsOf(file)) {
        if (name.startsWith('.')) files.add(imported(file, name));
        else packages.add(name);
      }
    }
    return { files: [...files], packages: [...packages].sort() };
  };

  /** All files that the entry points reach: what runs, and what it is declared as. */
  const reached = () => {
    const entries = Object.keys(project.manifest.exports).filter((entry) => entry !== './package.json');
    const files = entries.flatMap((entry) => [
      ...reach(entry, 'types').files,
      ...reach(entry, 'default').files,
    ]);
    return [...new Set(files)];
  };

  it('has the library rooms, of which its entry points reach all that does something, and is small', () => {
    const isCode = (file: string) => file.endsWith('.js') && project.read(file).trim() !== 'export {};';
    expect(project.files.filter(isCode)).toEqual(reached().filter(isCode).sort());
    const others = project.files.filter((file) => !file.startsWith('dist/'));
    expect(others).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
    expect(statSync(project.tarball).size).toBeLessThan(220_000);
  });

  it('imports nothing but what it declares', () => {
    const { dependencies, peerDependencies } = project.manifest;
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    const known = [...declared, ...builtinModules.map((name) => `node:${name}`)];
    const undeclared = reached()
      .flatMap((file) => importsOf(file).map((name) => ({ file, name })))
      .filter(({ name }) => !name.startsWith('.') && !known.includes(name));
    expect(undeclared).toEqual([]);
  });

  it.each(['types', 'default'] as const)('has no platform, Swagger or OpenStack in its %s', (kind) => {
    const { files, packages } = reach('.', kind);
    expect(packages.filter((name) => /fastify|express|swagger|amqp|undici/.test(name))).toEqual([]);
    // What is packed at all is of the library's rooms; of these, two are for other entry points.
    expect(files.filter((file) => !project.files.includes(file))).toEqual([]);
    expect(files.filter((file) => /^dist\/(openapi|client)\//.test(file))).toEqual([]);
  });

  it('needs Swagger for tasktag/openapi alone', () => {
    expect(reach('./openapi', 'default').packages).toEqual(['@nestjs/common', '@nestjs/swagger']);
  });

  it('imports nothing for tasktag/client', () => {
    for (const kind of ['types', 'default'] as const) {
      const { files, packages } = reach('./client', kind);
      expect(packages).toEqual([]);
      expect(files.filter((file) => !file.startsWith('dist/client/'))).toEqual([]);
    }
  });

  it('is the same for a CommonJS host, which requires it, as for an ES module', () => {
    writeFileSync(
      join(project.folder, 'host.cjs'),
      `const names = ['tasktag', 'tasktag/openapi', 'tasktag/client'];
       (async () => {
         for (const name of names) {
           const required = require(name);
           const imported = await import(name);
           const keys = Object.keys(required);
           console.log(name, keys.length > 0 && keys.every((key) => required[key] === imported[key]));
         }
         console.log(require('tasktag/package.json').name);
       })();`,
    );
    // No experimental warning either: hosts need no flag.
    const output = execFileSync(process.execPath, ['host.cjs'], {
      cwd: project.folder,
      encoding: 'utf8',
    });
    expect(output).toBe('tasktag true\ntasktag/openapi true\ntasktag/client true\ntasktag\n');
  });

  it('shows nothing of its inside', () => {
    const deep = `import('tasktag/dist/tasks/task.recorder.js').catch(({ code }) => console.log(code))`;
    const output = execFileSync(process.execPath, ['-e', deep], { cwd: project.folder, encoding: 'utf8' });
    expect(output.trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
