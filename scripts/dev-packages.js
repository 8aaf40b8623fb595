// Installs what only tests and tools need, if it is missing: `npm ci` leaves it out (.npmrc).
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const isMissing = (name) => !existsSync(join(root, 'node_modules', name));

if (Object.keys(devDependencies).some(isMissing)) {
  console.error('tasktag: installing what only tests and tools need …');
  const options = ['--include=dev', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', ...options], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
