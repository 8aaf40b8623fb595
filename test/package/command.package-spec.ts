import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { json, ScriptedApi } from '../support/command/scripted-api.js';
import { packLibrary, ROOT } from '../support/library/packed-library.js';

const run = promisify(execFile);

describe('the command of the packed library, where nothing of Nest is', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tasktag-npx-'));
    const tarball = packLibrary(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'shell', private: true }));
    // What the tarball depends on is taken from here, so that no registry is needed.
    const dependencies = ['uuid', 'yaml'].map((name) => join(ROOT, 'node_modules', name));
    const options = ['--offline', '--legacy-peer-deps', '--install-links', '--ignore-scripts', '--no-audit'];
    execFileSync('npm', ['install', ...options, tarball, ...dependencies], { cwd: folder });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const npx = (...args: string[]) => ['--offline', 'tasktag', ...args];

  it('runs by npx, and shows its help and the version', () => {
    const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages).toEqual(['tasktag', 'uuid', 'yaml']);
    const help = spawnSync('npx', npx('--help'), { cwd: folder, encoding: 'utf8' });
    expect(help).toMatchObject({ status: 0, stderr: '' });
    for (const command of ['ls', 'show', 'wait', 'create-once', 'abandon', 'resolve', 'export']) {
      expect(help.stdout).toContain(`  ${command} `);
      const own = spawnSync(process.execPath, [join('node_modules', '.bin', 'tasktag'), command, '-h'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(own.stdout).toMatch(new RegExp(`^usage: tasktag ${command} `));
    }
    const version = execFileSync('npx', npx('--version'), { cwd: folder, encoding: 'utf8' });
    expect(version).toBe('tasktag 0.1.0\n');
  });

  it('asks an API', async () => {
    const api = await ScriptedApi.start((_, response) => json(response, { tasks: [] }));
    try {
      const { stdout } = await run('npx', npx('ls', '--url', `${api.url}/tasks`), { cwd: folder });
      expect(stdout).toBe('[]\n');
    } finally {
      await api.close();
    }
  });
});
