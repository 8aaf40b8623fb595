const CODE = String.raw`x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4}`;

/** One element of a pattern. */
const ELEMENT = new RegExp(
  [
    String.raw`(?<comment>\(\?#[^)]*\))`,
    String.raw`(?<group>\((?!\?)|\(\?P<[^\W\d]\w*>)`,
    String.raw`(?<open>\(\?(?:[:>=!]|<[=!]|\(\w+\)|[aimsux]+:|[aimsux]*-[imsx]+:))`,
    String.raw`(?<close>\))`,
    String.raw`(?<set>\[(?:\^(?:\\.|[^\\])|\\.|[^\\^])(?:\\.|[^\\\]])*\])`,
    String.raw`(?<repeat>(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d*\})[?+]?)`,
    String.raw`(?<anchor>[\^$|]|\\[AbBZ])`,
    String.raw`\\(?<reference>[1-9]\d?)`,
    String.raw`(?<one>\\(?:${CODE}|[dDsSwWafnrtv]|0[0-7]{0,2}|[^\da-zA-Z])|\(\?P=\w+\)|[^\\[()*+?])`,
  ].join('|'),
  'suy',
);

const FLAGS = /^(?:\(\?[aimsux]+\))*/;

/** A member of a set, or a range of two. */
const MEMBER = String.raw`(\\(?:${CODE}|[dDsSwWabfnrtv]|[0-7]{1,3}|[^\da-zA-Z])|[^\\])`;
const RANGE = new RegExp(`${MEMBER}(?:-${MEMBER})?`, 'suy');

/**
 * Whether Python's `re` accepts a text, as Nova checks patterns in queries. The contents of look-behinds and the
 * existence of named groups are not checked. Nothing is executed: a user's own expression could keep this process busy
 * for hours.
 */
export function isPythonRegex(pattern: string): boolean {
  ELEMENT.lastIndex = FLAGS.exec(pattern)?.[0].length ?? 0;
  let depth = 0;
  let groups = 0;
  let repeatable = false;
  while (ELEMENT.lastIndex < pattern.length) {
    const element = ELEMENT.exec(pattern)?.groups;
    if (element === undefined) return false;
    const { comment, group, open, close, set, repeat, anchor, reference } = element;
    if (comment !== undefined) continue;
    if (group !== undefined) groups += 1;
    if (group !== undefined || open !== undefined) depth += 1;
    if (close !== undefined) depth -= 1;
    if (depth < 0 || Number(reference ?? 0) > groups) return false;
    if (repeat !== undefined && !(repeatable && rises(repeat))) return false;
    if (set !== undefined && !isSet(set)) return false;
    repeatable = [group, open, repeat, anchor].every((kind) => kind === undefined);
  }
  return depth === 0;
}

/** `{2,1}` is invalid. */
function rises(repeat: string): boolean {
  const [, least = '', most = ''] = /^\{(\d+),(\d+)\}/.exec(repeat) ?? [];
  return Number(least) <= Number(most);
}

/** `[z-a]` is invalid, and so is an escape without a meaning. */
function isSet(set: string): boolean {
  const end = set.length - 1;
  RANGE.lastIndex = set.startsWith('[^') ? 2 : 1;
  while (RANGE.lastIndex < end) {
    const at = RANGE.lastIndex;
    const [found, from = '', to] = RANGE.exec(set) ?? [];
    if (found === undefined) return false;
    // The bracket at the end is not a member: `[a-]` has two.
    if (at + found.length > end) RANGE.lastIndex = at + from.length;
    else if (to !== undefined && !isRange(from, to)) return false;
  }
  return true;
}

function isRange(from: string, to: string): boolean {
  if (/^\\[dswDSW]$/.test(from) || /^\\[dswDSW]$/.test(to)) return false;
  const [first, last] = [from, to].map((end) => (/^\\[^a-z0-9]$/i.test(end) ? end.slice(1) : end));
  // By their escapes they are not compared.
  if (first?.startsWith('\\') || last?.startsWith('\\')) return true;
  return (first?.codePointAt(0) ?? 0) <= (last?.codePointAt(0) ?? 0);
}
