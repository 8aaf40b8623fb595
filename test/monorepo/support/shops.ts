import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packLibrary, ROOT } from '../../support/library/packed-library.js';
import type { NestVersions } from './nest-versions.js';

/** How long npm and the compiler may take on a busy machine, in milliseconds. */
export const INSTALL_MS = 480_000;

const TEMPLATE = join(ROOT, 'test', 'monorepo', 'shops');

/** A copy of the monorepo with the packed library, installed and built as its own team would do it. */
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
