import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const DEMO = join(import.meta.dirname, '..', '..', 'scripts', 'demo.js');

describe('npm run demo', () => {
  it('tells the story of a lost answer to its end', async () => {
    // It ends with another code than 0, and this fails, when the story did not hold.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [DEMO]);
    expect(stdout).toMatch(/connection lost.*create: success.*409 {2}That request is already accepted/s);
    expect(stderr).toBe('');
  });
});
