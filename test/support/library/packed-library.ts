import { execFileSync } from 'node:child_process';
import {
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

/** Packs the library into a folder, and gives the path of the package. */
export const packLibrary = (into: string) => packBy('pack-library.js', into);

/** Packs the client kit into a folder, and gives the path of the package. */
export const packClient = (into: string) => packBy('pack-client.js', into);

function packBy(script: string, into: string): string {
  return execFileSync(process.execPath, [join(ROOT, 'scripts', script), into], { encoding: 'utf8' }).trim();
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
