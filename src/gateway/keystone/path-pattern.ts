/** `**`, a name, `*`; or a run of other characters, which match themselves. */
const PART = /\*\*|\{[^{}]*\}|\*|[^{*]+|\{/g;

/**
 * Whether a path matches the path of an access rule: `*` and `{name}` match one segment or a part of it, `**` anything
 * (keystonemiddleware, auth_token, `_path_matches`). Users write these patterns, and a regular expression made from one
 * could run for ever; this takes at most the product of both lengths.
 */
export function pathMatches(path: string, pattern: string): boolean {
  let ends = [true, ...Array<boolean>(path.length).fill(false)];
  for (const part of pattern.match(PART) ?? []) ends = endsAfter(path, part, ends);
  return ends[path.length] === true;
}

/**
 * One step further: the positions in the path where a match may end.
 *
 * @param starts for each position, whether the preceding parts may end there
 */
function endsAfter(path: string, part: string, starts: readonly boolean[]): boolean[] {
  const ends: boolean[] = [];
  for (let at = 0; at <= path.length; at++) ends.push(endsAt(path, part, at, starts, ends));
  return ends;
}

function endsAt(
  path: string,
  part: string,
  at: number,
  starts: readonly boolean[],
  ends: readonly boolean[],
): boolean {
  const goesOn = starts[at - 1] === true || ends[at - 1] === true;
  if (part === '**') return starts[at] === true || goesOn;
  if (part === '*' || /^\{.*\}$/.test(part)) return goesOn && path[at - 1] !== '/';
  return starts[at - part.length] === true && path.startsWith(part, at - part.length);
}
