import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { onceInARunSync } from '../once-in-a-run.js';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** By which a program finds an entry point: Node by `module-sync`, for `import` and for `require()` alike. */
export type Condition = 'module-sync' | 'import' | 'require' | 'default';

/** What a package says of itself. */
export interface Manifest {
  engines: { node: string };
  bin: Record<string, string>;
  exports: Record<string, string | Record<Condition, { types: string; default: string }>>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

/** What packs the library, and the client kit. */
const LIBRARY = 'pack-library.js';
const CLIENT = 'pack-client.js';

/** Where packages are kept for the other files of this run of tests (scripts/jest/). */
const KEPT = join(tmpdir(), `tasktag-packed-${process.env['TASKTAG_TEST_RUN']}`);

/** Puts the packed library into a folder, and gives the path of the package. It is packed once in a run of tests. */
export const packLibrary = (into: string) => packedBy(LIBRARY, into);

/** The same with the client kit. */
export const packClient = (into: string) => packedBy(CLIENT, into);

/** Packs the library, or the client kit, into a folder once more. */
export const packLibraryAnew = (into: string) => packBy(LIBRARY, into);
export const packClientAnew = (into: string) => packBy(CLIENT, into);

function packBy(script: string, into: string): string {
  return execFileSync(process.execPath, [join(ROOT, 'scripts', script), into], { encoding: 'utf8' }).trim();
}

function packedBy(script: string, into: string): string {
  const kept = onceInARunSync(join(KEPT, script), (folder) => packBy(script, folder));
  const [name = ''] = readdirSync(kept);
  mkdirSync(into, { recursive: true });
  copyFileSync(join(kept, name), join(into, name));
  return join(into, name);
}

/** Puts a package into a `node_modules`, as installing it does; gives its folder there. */
export function unpack(tarball: string, modules: string, name: string): string {
  mkdirSync(modules, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', modules]);
  renameSync(join(modules, 'package'), join(modules, name));
  return join(modules, name);
}

/**
 * A project that has the packed library installed, and beside it what the library declares that it needs, from this
 * repository. What it does not declare is not there.
 */
export class LibraryProject {
  /** The project's own folder. */
  readonly folder = mkdtempSync(join(tmpdir(), 'tasktag-project-'));
  readonly tarball: string;
  /** Where the library is installed. */
  readonly library: string;
  readonly manifest: Manifest;

  /** @param others packages of this repository that the project has besides */
  constructor(others: string[] = []) {
    this.tarball = packLibrary(this.folder);
    const modules = join(this.folder, 'node_modules');
    this.library = unpack(this.tarball, modules, 'tasktag');
    this.manifest = JSON.parse(readFileSync(join(this.library, 'package.json'), 'utf8')) as Manifest;
    const { dependencies, peerDependencies } = this.manifest;
    for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), ...others]) {
      const place = join(modules, name);
      mkdirSync(dirname(place), { recursive: true });
      if (!existsSync(place)) symlinkSync(join(ROOT, 'node_modules', name), place);
    }
  }

  /** The library's files, as paths in it. */
  get files(): string[] {
    return readdirSync(this.library, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.library, join(entry.parentPath, entry.name)))
      .sort();
  }

  /** The text of one of the library's files. */
  read(file: string): string {
    return readFileSync(join(this.library, file), 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
