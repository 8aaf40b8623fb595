import { type Candidate, CANDIDATES } from './candidates.js';
import { type CaseName, CASES } from './cases.js';

/** What a command of one candidate and one case is asked for. */
export interface Asked {
  name: string;
  candidate: Candidate;
  kind: CaseName;
  others: string[];
}

/** Reads the command line: a candidate, a case, and others. With none or an unknown one, it says what there is, and ends. */
export function asked(usage: string, defaultCase = ''): Asked {
  const [name = '', kind = defaultCase, ...others] = process.argv.slice(2);
  if (isOne(CANDIDATES, name) && isOne(CASES, kind))
    return { name, candidate: CANDIDATES[name], kind, others };
  console.log(`${usage}
candidates: ${Object.keys(CANDIDATES).join(', ')}
cases: ${Object.keys(CASES).join(', ')}`);
  process.exit(1);
}

function isOne<Names extends object>(names: Names, name: string): name is keyof Names & string {
  return name in names;
}
