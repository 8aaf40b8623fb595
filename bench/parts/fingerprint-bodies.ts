import { NEW_SERVER } from '../requests.js';

/** A body whose fingerprint is timed. */
export interface Body {
  name: string;
  text: string;
}

/** Many small objects, as a list of networks or block devices is; about as long as asked for. */
function manyKeys(length: number): object {
  const one = (n: number) => ({
    uuid: `5f2b1c7e-0d8a-4a53-9d1f-${n.toString(16).padStart(12, '0')}`,
    name: `disk-${n}`,
    boot_index: n,
    volume_size: 20 + (n % 7),
    delete_on_termination: n % 2 === 0,
    tags: ['web', 'billing'],
    metadata: { role: 'web', team: null, release: '2026.1' },
  });
  const each = JSON.stringify(one(0)).length + 2;
  return {
    server: { name: 'web-1', devices: Array.from({ length: Math.round(length / each) }, (_, n) => one(n)) },
  };
}

/** One long text, as `user_data` is. */
function oneString(length: number): object {
  const { server } = JSON.parse(NEW_SERVER) as { server: object };
  return {
    server: { ...server, user_data: Buffer.alloc((length * 3) / 4, 'cloud-config ').toString('base64') },
  };
}

/** As Python's `json.dumps` writes it, with a blank after each comma and colon between values. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}: ${spaced(one)}`)
    .join(', ')}}`;
}

const SHAPES: [string, unknown][] = [
  ['600 B', JSON.parse(NEW_SERVER)],
  ['16 KB, many keys', manyKeys(16_000)],
  ['16 KB, one string', oneString(16_000)],
  ['1 MB, many keys', manyKeys(1_000_000)],
  ['1 MB, one string', oneString(1_000_000)],
];

/** Each shape as JavaScript and as Python write it. */
export const BODIES: Body[] = SHAPES.flatMap(([name, value]) => [
  { name: `${name}, compact`, text: JSON.stringify(value) },
  { name: `${name}, spaced`, text: spaced(value) },
]);
