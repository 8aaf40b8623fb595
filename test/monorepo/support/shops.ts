import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packLibrary, ROOT } from '../../support/library/packed-library.js';
import { bundle } from '../../support/bundle.js';
import { APPS } from './apps.js';
import type { NestVersions } from './nest-versions.js';

/** How long npm and the compiler may take on a busy machine, in milliseconds. */
export const INSTALL_MS = 480_000;

const TEMPLATE = join(ROOT, 'test', 'monorepo', 'shops');

/** Nest 12 loads these by a `require` of its own, which would find a second copy. */
const LOADED_LATER = ['typeorm', 'class-validator', 'class-transformer'];

/** A copy of the monorepo with the packed library, installed, built and bundled as its own team would do it. */
export class Shops {
  readonly folder = mkdtempSync(join(tmpdir(), 'tasktag-shops-'));

  async install(versions: NestVersions): Promise<void> {
    cpSync(TEMPLATE, this.folder, { recursive: true });
    const file = join(this.folder, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
    Object.assign(manifest.dependencies, versions, { tasktag: `file:${packLibrary(this.folder)}` });
    writeFileSync(file, JSON.stringify(manifest));
    // The one script that is needed would load or compile SQLite; it is here, of the same version, for the same Node.
    await this.npm('install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund');
    const sqlite = join('node_modules', 'better-sqlite3', 'build');
    cpSync(join(ROOT, sqlite), join(this.folder, sqlite), { recursive: true });
    await this.npm('run', 'build');
    await Promise.all(APPS.map(({ name }) => this.bundle(join(this.folder, 'apps', name))));
  }

  /** Bundles an application with all that it has installed, as a team may deploy it. */
  private bundle(app: string): Promise<void> {
    const programs = ['main', 'migrate'].map((name) => [name, join(app, 'dist', `${name}.js`)]);
    return bundle({
      files: Object.fromEntries(programs) as Record<string, string>,
      outdir: join(app, 'bundled'),
      conditions: ['module-sync'],
      external: LOADED_LATER,
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private npm(...parameters: string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      execFile('npm', parameters, { cwd: this.folder }, (error, stdout, stderr) => {
        if (error === null) resolve();
        else reject(new Error(`npm ${parameters.join(' ')}: ${stdout}${stderr}`));
      });
    });
  }
}
