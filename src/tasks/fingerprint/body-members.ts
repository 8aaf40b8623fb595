import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** The most members that are kept of a body. */
const MOST = 60;

/** The longest name of one, in characters. */
const LONGEST = 64;

/** The members of a body, or of the only object in it, each by one byte of its hash in hexadecimal. */
export type BodyMembers = Readonly<Record<string, string>>;

/** The members of a JSON body; none of any other body. */
export function bodyMembers(body: Buffer): BodyMembers {
  const members = new Map<string, string>();
  for (const [name, value] of Object.entries(only(parsed(body)))) {
    if (members.size >= MOST || name.length > LONGEST) continue;
    members.set(name, hash('sha256', canonicalJson(Buffer.from(JSON.stringify(value)))).slice(0, 2));
  }
  return Object.fromEntries(members);
}

/** The names of the members in which two bodies differ, as far as that is known. */
export function differingMembers(one: BodyMembers, other: BodyMembers): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => one[name] !== other[name],
  );
}

/** The object that holds the members: in `{"server": {…}}` the inner one. */
function only(value: unknown): object {
  if (!isObject(value)) return {};
  const [inner, ...others] = Object.values(value) as unknown[];
  return others.length === 0 && isObject(inner) ? inner : value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
