import { type Cell, isAsWanted } from './cell.js';
import { type ClientName, CLIENTS } from './clients.js';
import { SETTINGS, type SettingName } from './settings.js';
import { TROUBLES, type TroubleName } from './troubles.js';

/** What was tried. */
export interface Matrix {
  clients: ClientName[];
  settings: SettingName[];
  troubles: TroubleName[];
  cells: Cell[];
  /** Versions of the clients, and of what they met. */
  versions: Record<string, string>;
}

/** The page docs/clients-matrix.md. */
export function page(matrix: Matrix): string {
  const { settings, troubles, versions } = matrix;
  const wrong = matrix.cells.filter((cell) => !isAsWanted(cell));
  return [
    '# What clients do when an answer is lost',
    '',
    'Each cell is one client, unmodified, which creates one server through a gateway in front of a real Nova. Something',
    'happens to the answer of the create, once. The number says how many servers of that name Nova has when all is quiet',
    'again. Behind it is how the client ended: `ok`, or its error.',
    '',
    'If it ended with an error, or was killed, whoever runs it does so again, with the same input: that is the second',
    'line of a cell. At the end the client deletes the server that it knows. `npm run test:clients` wrote this page;',
    'each cell that is not as it should be is marked ✗.',
    '',
    '| what happens to the answer | |',
    '|---|---|',
    ...troubles.map((trouble) => `| ${TROUBLES[trouble].title} | ${TROUBLES[trouble].text} |`),
    '',
    ...settings.flatMap((setting) => ['', ...table(matrix, setting)]),
    '',
    '## Why some cells are empty',
    '',
    ...reasons(matrix).map((reason) => `- ${reason}.`),
    '',
    '## Versions',
    '',
    `${Object.entries(versions)
      .map(([title, version]) => `${title} ${version}`)
      .join(', ')}.`,
    '',
    wrong.length === 0 ? '' : `${wrong.length} of ${matrix.cells.length} cells are not as they should be.\n`,
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\n+$/, '\n');
}

function table({ clients, troubles, cells }: Matrix, setting: SettingName): string[] {
  const row = (client: ClientName) => {
    const of = (trouble: TroubleName) =>
      cells.find((cell) => cell.client === client && cell.setting === setting && cell.trouble === trouble);
    return `| ${CLIENTS[client].title} | ${troubles.map((trouble) => inACell(of(trouble))).join(' | ')} |`;
  };
  return [
    `## ${SETTINGS[setting].title}`,
    '',
    `| client | ${troubles.map((trouble) => TROUBLES[trouble].title).join(' | ')} |`,
    `|---|${troubles.map(() => '---|').join('')}`,
    ...clients.map(row),
  ];
}

/** A cell as text; `1 ConnectFailure<br>2 ok` is an error, and two servers after the second try. */
export function inACell(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (cell.none !== null) return '-';
  const steps = cell.steps.map(({ servers, end }) => `${servers} ${end}`);
  if (cell.removed !== null && cell.removed !== 'ok') steps.push(`delete: ${cell.removed}`);
  return `${steps.join('<br>')}${isAsWanted(cell) ? '' : ' ✗'}`;
}

function reasons({ cells }: Matrix): string[] {
  return [...new Set(cells.map(({ none }) => none).filter((none) => none !== null))];
}
