import type { Api, Filter } from '../api/api.js';
import type { Given } from '../arguments/given.js';

/** What the options of a list are called in its URL. */
const PARAMETERS = [
  ...[
    ['query', 'q'],
    ['tag', 'tag'],
    ['request-id', 'request_id'],
    ['task', 'task'],
    ['since', 'since'],
  ],
  ...[
    ['until', 'until'],
    ['changes-since', 'changes-since'],
    ['marker', 'marker'],
  ],
] as const;

/** The parameters of a list that the options ask for. The server checks them. */
export function filterFrom({ address }: Api, given: Given): Filter {
  const filter: Record<string, string | string[]> = {};
  for (const [option = '', parameter = ''] of PARAMETERS) {
    const value = given.text(option);
    if (value !== undefined) filter[parameter] = value;
  }
  const server = given.text('server');
  if (server !== undefined) filter[address.kind === 'host' ? 'subject' : 'server'] = server;
  const states = given.texts('state').flatMap((text) => text.split(','));
  if (states.length > 0) filter['state'] = states;
  if (given.isSet('all-projects')) filter['all_tenants'] = '1';
  return filter;
}
