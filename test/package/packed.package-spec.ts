import { execFileSync, spawnSync } from 'node:child_process';
import { builtinModules } from 'node:module';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import {
  type Condition,
  LibraryProject,
  type Manifest,
  packLibraryAnew,
  ROOT,
} from '../support/library/packed-library.js';

/** A file that declares types only. */
const isEmpty = (code: string) =>
  ['export {};', '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });'].includes(
    code.trim(),
  );

describe('the packed library', () => {
  let project: LibraryProject;
  beforeAll(() => {
    project = new LibraryProject();
  });
  afterAll(() => project.remove());

  /** The entry points, as the package names them. */
  const entries = () => Object.keys(project.manifest.exports).filter((entry) => entry !== './package.json');

  const importsOf = (file: string) =>
    ts.preProcessFile(project.read(file), true, true).importedFiles.map(({ fileName }) => fileName);

  /** A file that another one of the library imports. */
  const imported = (from: string, name: string) => {
    const path = posix.join(dirname(from), name);
    return from.endsWith('.d.ts') ? path.replace(/\.js$/, '.d.ts') : path;
  };

  /** What an entry point imports of other packages, directly or not, and the files that it is made of. */
  const reach = (entry: string, kind: 'types' | 'default', by: Condition = 'import') => {
    const exported = project.manifest.exports[entry] as Exclude<Manifest['exports'][string], string>;
    return reachOf(exported[by][kind]);
  };

  const reachOf = (first: string) => {
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

  /** The command `tasktag`. */
  const program = () => reachOf(project.manifest.bin['tasktag'] as string);

  /** All files that the entry points reach: what runs, and what it is declared as. */
  const reached = (by: Condition) => {
    const files = entries().flatMap((entry) => [
      ...reach(entry, 'types', by).files,
      ...reach(entry, 'default', by).files,
    ]);
    return [...new Set(files)];
  };

  it('has the library rooms, of which its entry points and its command reach all that does something, and is small', () => {
    const isCode = (file: string) => file.endsWith('.js') && !isEmpty(project.read(file));
    const all = new Set([...reached('import'), ...reached('require'), ...program().files]);
    expect(project.files.filter(isCode)).toEqual([...all].filter(isCode).sort());
    const others = project.files.filter((file) => !/^(dist|cjs|docs|schematics)\//.test(file));
    expect(others).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
    expect(statSync(project.tarball).size).toBeLessThan(600_000);
  });

  it('has the same code in both forms, of which Node takes the ES modules alone', () => {
    const inDist = reached('import').map((file) => file.replace(/^dist\//, ''));
    expect(
      reached('require')
        .map((file) => file.replace(/^cjs\//, ''))
        .sort(),
    ).toEqual(inDist.sort());
    for (const entry of ['.', './openapi', './client', './testing']) {
      const exported = project.manifest.exports[entry] as Exclude<Manifest['exports'][string], string>;
      expect(Object.keys(exported)[0]).toBe('module-sync');
      expect(exported['module-sync']).toEqual(exported.import);
    }
  });

  it('is found right by every kind of resolution, as are its types', () => {
    const attw = join(ROOT, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');
    const check = spawnSync(
      process.execPath,
      [attw, '--format', 'table-flipped', '--no-color', project.tarball],
      {
        encoding: 'utf8',
      },
    );
    expect(check.stdout).toMatch(/No problems found/);
    expect(check.status).toBe(0);
  });

  it('has the pages for hosts, which link to nothing that is not in it', () => {
    const pages = project.files.filter((file) => file.endsWith('.md'));
    expect(pages).toEqual(
      expect.arrayContaining(['README.md', 'docs/guide.md', 'docs/testing.md', 'docs/server/clients.md']),
    );
    const links = pages.flatMap((page) =>
      [...project.read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !/^https?:/.test(link))
        .map((link) => posix.join(dirname(page), link)),
    );
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !project.files.includes(link))).toEqual([]);
  });

  it('is the same file each time it is packed', () => {
    const other = join(project.folder, 'again');
    expect(readFileSync(packLibraryAnew(other)).equals(readFileSync(project.tarball))).toBe(true);
  });

  it('imports nothing but what it declares', () => {
    const { dependencies, peerDependencies } = project.manifest;
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    const known = [...declared, ...builtinModules.map((name) => `node:${name}`)];
    const undeclared = [...reached('import'), ...reached('require'), ...program().files]
      .flatMap((file) => importsOf(file).map((name) => ({ file, name })))
      .filter(({ name }) => !name.startsWith('.') && !known.includes(name));
    expect(undeclared).toEqual([]);
  });

  it.each(['types', 'default'] as const)('has no platform, Swagger or OpenStack in its %s', (kind) => {
    const { files, packages } = reach('.', kind);
    expect(packages.filter((name) => /fastify|express|swagger|transactional|amqp|undici/.test(name))).toEqual(
      [],
    );
    // What is packed at all is of the library's rooms; of these, some are for other entry points.
    expect(files.filter((file) => !project.files.includes(file))).toEqual([]);
    expect(files.filter((file) => /^dist\/(openapi|client|transactions|testing)\//.test(file))).toEqual([]);
  });

  it('needs Swagger for tasktag/openapi alone', () => {
    expect(reach('./openapi', 'default').packages).toEqual(['@nestjs/common', '@nestjs/swagger']);
  });

  it('needs a transaction package for its own entry point alone, and not for its types', () => {
    for (const [entry, name] of [
      ['./nestjs-cls', '@nestjs-cls/transactional'],
      ['./typeorm-transactional', 'typeorm-transactional'],
    ] as const) {
      expect(reach(entry, 'default').packages).toEqual([name]);
      expect(reach(entry, 'types').packages).toEqual(['typeorm']);
    }
  });

  it('imports nothing for tasktag/client', () => {
    for (const kind of ['types', 'default'] as const) {
      const { files, packages } = reach('./client', kind);
      expect(packages).toEqual([]);
      expect(files.filter((file) => !file.startsWith('dist/client/'))).toEqual([]);
    }
  });

  it('has a command that needs nothing of Nest, and no types or CommonJS for it', () => {
    expect(program().packages.filter((name) => !name.startsWith('node:'))).toEqual(['yaml']);
    const files = project.files.filter((file) => file.includes('/command/'));
    expect(files.filter((file) => !/^dist\/.*\.js$/.test(file))).toEqual([]);
  });

  it('is the same for a CommonJS host, which requires it, as for an ES module', () => {
    const names = entries().map((entry) => entry.replace('.', 'tasktag'));
    writeFileSync(
      join(project.folder, 'host.cjs'),
      `const names = ${JSON.stringify(names)};
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
    expect(output).toBe([...names.map((name) => `${name} true`), 'tasktag', ''].join('\n'));
  });

  it('is whole in its CommonJS form, which Jest takes', () => {
    const main = join(project.library, 'cjs', 'index.js');
    const names = `import('tasktag').then((esm) => {
      const cjs = require(${JSON.stringify(main)});
      const missing = Object.keys(esm).filter((name) => typeof cjs[name] !== typeof esm[name]);
      console.log(Object.keys(cjs).length > 30, missing, cjs.TasksModule !== esm.TasksModule);
    })`;
    const output = execFileSync(process.execPath, ['-e', names], { cwd: project.folder, encoding: 'utf8' });
    expect(output).toBe('true [] true\n');
  });

  it('shows nothing of its inside', () => {
    const deep = `import('tasktag/dist/tasks/task.recorder.js').catch(({ code }) => console.log(code))`;
    const output = execFileSync(process.execPath, ['-e', deep], { cwd: project.folder, encoding: 'utf8' });
    expect(output.trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
