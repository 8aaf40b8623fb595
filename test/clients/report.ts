import { type Cell, isAsWanted } from './cell.js';
import { type Client, type ClientName, CLIENTS } from './clients.js';
import { SETTINGS, type SettingName } from './settings.js';
import { TROUBLES, type TroubleName } from './troubles.js';

/** What was tried. */
export interface Matrix {
  clients: ClientName[];
  settings: SettingName[];
  troubles: TroubleName[];
  cells: Cell[];
  /** Versions of the clients, and of what they met. */
  versions: Map<string, string>;
}

const INTRODUCTION = `# What clients do when an answer is lost

In each cell of the tables below, one client creates one server, through a [gateway](gateway.md) in front of a real
Nova. The client is unmodified, as Debian or npm has it. Once, the answer to the create gets lost, in one of these ways.
Its request has always reached Nova by then.`;

const HOW_TO_READ = `A cell says how many servers there are in Nova when all is quiet again, and how the client ended: \`ok\`, or its error
in a word. After an error, or when the client was killed, it is run again with the same input, as a person or a program
would do: that is the second line. In the end the client deletes the server that it knows; if that fails, the cell says
so.

\`npm run test:clients\` plays all this and writes this page ([CONTRIBUTING.md](../CONTRIBUTING.md)). How to tag requests
with your client is in [clients.md](clients.md#how-to-send-a-tag); what the settings do is in
[settings.md](settings.md#tags-and-tasks).`;

/** The page docs/clients-matrix.md. */
export function page(matrix: Matrix): string {
  const { settings, troubles, versions } = matrix;
  return `${[
    INTRODUCTION,
    lines([
      '| the answer | what happens |',
      '|---|---|',
      ...troubles.map((trouble) => `| ${TROUBLES[trouble].title} | ${TROUBLES[trouble].text} |`),
    ]),
    HOW_TO_READ,
    lines([
      '| at the gateway | cells | one server | several servers | the client has its server |',
      '|---|---|---|---|---|',
      ...settings.map((setting) => sum(matrix, setting)),
    ]),
    ...settings.map((setting) => table(matrix, setting)),
    ...notes(matrix),
    '## Versions',
    `${[...versions].map((titleAndVersion) => titleAndVersion.join(' ')).join(', ')}.`,
  ].join('\n\n')}\n`;
}

function lines(all: string[]): string {
  return all.join('\n');
}

function sum({ cells }: Matrix, setting: SettingName): string {
  const played = cells.filter((cell) => cell.setting === setting && cell.none === null);
  const lasts = played.map(({ steps }) => steps.at(-1));
  const one = lasts.filter((last) => last?.servers === 1).length;
  const several = lasts.filter((last) => (last?.servers ?? 0) > 1).length;
  const has = lasts.filter((last) => last?.end === 'ok').length;
  return `| ${SETTINGS[setting].title} | ${played.length} | ${one} | ${several} | ${has} |`;
}

function table({ clients, troubles, cells }: Matrix, setting: SettingName): string {
  const row = (client: ClientName) => {
    const of = (trouble: TroubleName) =>
      cells.find((cell) => cell.client === client && cell.setting === setting && cell.trouble === trouble);
    return `| ${CLIENTS[client].title} | ${troubles.map((trouble) => inACell(of(trouble))).join(' | ')} |`;
  };
  return lines([
    `## ${SETTINGS[setting].title}`,
    '',
    SETTINGS[setting].text,
    '',
    `| client | ${troubles.map((trouble) => TROUBLES[trouble].title).join(' | ')} |`,
    `|---|${troubles.map(() => '---|').join('')}`,
    ...clients.map(row),
  ]);
}

/** A cell as text; `1 ConnectFailure<br>**2** ok` is an error, and two servers after the second try. */
export function inACell(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (cell.none !== null) return '-';
  const steps = cell.steps.map(({ servers, end }) => `${servers === 1 ? servers : `**${servers}**`} ${end}`);
  if (cell.removed !== null && cell.removed !== 'ok') steps.push(`delete: ${cell.removed}`);
  return `${steps.join('<br>')}${isAsWanted(cell) ? '' : ' ✗'}`;
}

/** Why some cells are empty, and what is odd about some others. */
function notes({ cells, clients }: Matrix): string[] {
  const all = [...cells.map(({ none }) => none), ...clients.map((name) => (CLIENTS[name] as Client).note)];
  const items = [...new Set(all)].filter((note) => typeof note === 'string').map((note) => `- ${note}.`);
  return items.length === 0 ? [] : ['## Notes', lines(items)];
}
