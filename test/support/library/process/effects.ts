import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, Task } from '../../../../src/index.js';
import type { HostSettings } from './settings.js';

/** Beside the effects that a test looks for: one that says there will be none. */
const PREVENTED = 'prevented';

/** What a host does, as files that a test can see. */
export function effectsIn({ effects, settle: how }: Pick<HostSettings, 'effects' | 'settle'>) {
  /** The work of a task, at most once: the second file of a name cannot be made. */
  const effect = (task: string, what: string): void =>
    writeFileSync(join(effects, task), what, { flag: 'wx' });

  /** What became of a task, as far as can be seen. */
  const settle = ({ uuid }: Task): Outcome | null => {
    const file = join(effects, uuid);
    const isThere = () => existsSync(file) && readFileSync(file, 'utf8') !== PREVENTED;
    if (isThere()) return { state: 'success', resource: { effect: uuid } };
    if (how === 'look') return null;
    try {
      if (!existsSync(file)) effect(uuid, PREVENTED);
      return { state: 'rejected', fault: { code: 503, message: 'it was never begun' } };
    } catch {
      return isThere() ? { state: 'success' } : null;
    }
  };
  return { effect, settle };
}
