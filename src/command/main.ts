#!/usr/bin/env node
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from './exit-codes.js';
import { run } from './run.js';

const interrupt = new AbortController();
// A second one ends the process at once.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort());

// The reader has gone: nobody is there to be told.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', ({ code }: NodeJS.ErrnoException) =>
    process.exit(code === 'EPIPE' ? EXIT.noReader : EXIT.defect),
  );

const { argv, env, stdin, stdout, stderr } = process;
const program = realpathSync(argv[1] as string);
const manifest = readFileSync(join(program, '..', '..', '..', 'package.json'), 'utf8');
const { version } = JSON.parse(manifest) as { version: string };
const { signal } = interrupt;

void run({ args: argv.slice(2), env, cwd: process.cwd(), stdin, stdout, stderr, signal, version }).then(
  (code) => {
    process.exitCode = code;
    // Nothing else may keep the process: a read of stdin, a connection.
    stdin.destroy();
  },
);
