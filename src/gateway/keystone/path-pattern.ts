/** `**`, a name, `*`; or a run of other characters, which stand for themselves. */
const PART = /\*\*|\{[^{}]*\}|\*|[^{*]+|\{/g;

/**
 * Whether a path is one that the path of an access rule means: `*` and `{name}` stand for one segment or a part of it,
 * `**` for anything (keystonemiddleware, auth_token, `_path_matches`). Users write these patterns, and a regular
 * expression made of one may take for ever; this takes the product of both lengths at most.
 */
export function pathMatches(path: string, pattern: string): boolean {
  let ends = [true, ...Array<boolean>(path.length).fill(false)];
  for (const part of pattern.match(PART) ?? []) ends = endsAfter(path, part, ends);
  return ends[path.length] === true;
}

/**
 * One step further: where in the path a match may end.
 *
 * @param starts whether the parts before may end there, for each position
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
