import { accessSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the Chromium of this machine, without a window. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumInPath(), args: FLAGS });
}

/** Chromium as the machine has it: none is downloaded. */
function chromiumInPath(): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'chromium');
    try {
      accessSync(path);
      return path;
    } catch {
      // Then in the next one.
    }
  }
  throw new Error('There is no chromium in PATH.');
}
