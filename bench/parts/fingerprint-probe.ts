import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type * as Fingerprint from '../../src/tasks/fingerprint/fingerprint.js';
import { DIST } from '../built.js';
import { type Body, BODIES } from './fingerprint-bodies.js';

/** Times of one body, in milliseconds each. */
export interface FingerprintTimes {
  name: string;
  parse: number;
  fingerprint: number;
}

/** How long one of the two runs at a stretch, in milliseconds. */
const STRETCH_MS = 12;

/** Stretches of each, one after the other; the median counts. */
const STRETCHES = 7;

const { fingerprint } = (await import(
  pathToFileURL(join(DIST, 'tasks', 'fingerprint', 'fingerprint.js')).href
)) as typeof Fingerprint;

/** Times `JSON.parse` of a text in hand, and the fingerprint of a request with its bytes; interleaved. */
function time({ name, text }: Body): FingerprintTimes {
  const bytes = Buffer.from(text);
  const parse = () => JSON.parse(text) as unknown;
  const request = { method: 'POST', url: '/servers', mediaType: 'application/json', body: bytes };
  const print = () => fingerprint(request);
  const times = { parse: [] as number[], fingerprint: [] as number[] };
  for (let n = 0; n < STRETCHES; n += 1) {
    times.parse.push(stretch(parse));
    times.fingerprint.push(stretch(print));
  }
  return { name, parse: middle(times.parse), fingerprint: middle(times.fingerprint) };
}

/** The mean time of one call. */
function stretch(work: () => unknown): number {
  const start = performance.now();
  let calls = 0;
  let now = start;
  while (now - start < STRETCH_MS) {
    work();
    calls += 1;
    now = performance.now();
  }
  return (now - start) / calls;
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

process.on('message', () => process.send?.(BODIES.map(time)));
process.once('disconnect', () => process.exit(0));
