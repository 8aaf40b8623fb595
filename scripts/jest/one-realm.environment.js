// Jest's environment for Node makes a realm for each file of tests: an `Error` of one is no `Error` of another. Here all
// files run in the worker's own realm, so that they can share what is loaded once: see shared-modules.runtime.js.
import { LegacyFakeTimers, ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

/** Where jest-circus keeps, in the realm, what it tells each event to. */
const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');

export default class OneRealmEnvironment {
  constructor({ projectConfig: config }) {
    this.global = globalThis;
    Object.assign(globalThis, config.globals);
    const moduleMocker = new ModuleMocker(globalThis);
    const timerConfig = { idToRef: (id) => id, refToId: (timer) => timer };
    this.moduleMocker = moduleMocker;
    this.fakeTimers = new LegacyFakeTimers({ config, global: globalThis, moduleMocker, timerConfig });
    this.fakeTimersModern = new ModernFakeTimers({ config, global: globalThis });
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return globalThis;
  }

  // Each file begins with handlers of its own. Those of the files before it would be told of its tests as well: by the
  // 60th file of a worker, an empty test took 30 to 45 ms instead of 2, since there were 242 of them.
  async setup() {
    delete globalThis[EVENT_HANDLERS];
  }

  async teardown() {
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
  }
}
