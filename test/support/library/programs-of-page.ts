/**
 * The programs of a page: each block of `ts` is one, and those marked `ts continues` go on with the one before. Lines keep
 * their numbers, so that the compiler tells where on the page something is wrong.
 *
 * @param mark of blocks that need packages which this repository does not have: `web` for `ts web`
 */
export function programsOf(page: string, mark = ''): string[] {
  const programs: string[][] = [];
  let program: string[] | null = null;
  for (const [index, line] of page.split('\n').entries()) {
    const [, marked] = /^```ts(?: (\w+))?$/.exec(line) ?? [null, null];
    if (marked !== null) {
      const isNew = (marked ?? '') === mark;
      if (isNew) programs.push([]);
      program = isNew || marked === 'continues' ? (programs.at(-1) ?? null) : null;
    } else if (line === '```') program = null;
    else if (program !== null) program[index] = line;
  }
  return programs.map((lines) => Array.from(lines, (line) => line ?? '').join('\n'));
}

/**
 * The files of a page: blocks of `ts` that are marked with a name, such as `ts src/main.ts`. They may import each other.
 */
export function filesOf(page: string): Map<string, string> {
  const blocks = page.matchAll(/^```ts (\S+\.ts)\n([^]*?)^```$/gm);
  return new Map([...blocks].map(([, file = '', text = '']) => [file, text]));
}
