import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Build, THIS } from '../builds.js';
import { atMost, type Row } from '../report/row.js';
import { rowOf } from './once.js';

/** What `npm ci` reads. */
const FILES = ['package.json', 'package-lock.json', '.npmrc'];

const WANTED = atMost(0.6);

/** What a newcomer's `npm ci` installs, and how long it takes, with packages that npm has loaded before. */
export function comparePackages(other: Build): Row[] {
  // The first ones fill npm's cache.
  for (const build of [other, THIS]) install(build);
  const own = [install(THIS), install(THIS)];
  const others = [install(other), install(other)];
  const seconds = own.map((one) => one.seconds);
  return [
    rowOf({
      ...{ id: 'packages', ours: '`npm ci`', figure: 'packages', target: WANTED },
      own: own.map(({ packages }) => packages),
      others: others.map(({ packages }) => packages),
      inUnits: String,
    }),
    rowOf({
      ...{ id: 'install', ours: '`npm ci`', figure: 'seconds', target: WANTED },
      own: seconds,
      others: others.map((one) => one.seconds),
      inUnits: (value) => `${value.toFixed(0)} s`,
    }),
  ];
}

function install({ title, root }: Build): { packages: number; seconds: number } {
  const folder = mkdtempSync(join(tmpdir(), 'tasktag-npm-ci-'));
  try {
    for (const file of FILES) if (existsSync(join(root, file))) cpSync(join(root, file), join(folder, file));
    const begin = performance.now();
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: folder,
      env: environment(),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`npm ci of ${title} failed.`);
    const seconds = (performance.now() - begin) / 1000;
    const installed = readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8');
    const { packages } = JSON.parse(installed) as { packages: object };
    return { packages: Object.keys(packages).length, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without what the npm that runs the benchmark was told itself. */
function environment(): NodeJS.ProcessEnv {
  const told = ([name]: [string, unknown]) => name === 'NODE_ENV' || /^npm_/i.test(name);
  return Object.fromEntries(Object.entries(process.env).filter((entry) => !told(entry)));
}
