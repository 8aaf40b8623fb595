import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../support/library/packed-library.js';

describe('the public API', () => {
  it('is what library/api/ says, and has no type that hosts cannot name', () => {
    const check = spawnSync(process.execPath, [join(ROOT, 'scripts', 'api-report.js'), '--check'], {
      encoding: 'utf8',
    });
    expect(check.stderr).toBe('');
    expect(check.status).toBe(0);
  });
});
