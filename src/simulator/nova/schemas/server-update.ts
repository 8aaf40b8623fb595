import { byMicroversion } from './by-microversion.js';
import { closedObject, envelope } from './closed-object.js';
import * as types from './parameter-types.js';

/** The body of `PUT /servers/{id}`; 2.19 adds the description. */
export const serverUpdateSchema = byMicroversion([19], (version) =>
  envelope(
    'server',
    closedObject({
      name: { ...types.name, description: 'Name of the server.' },
      'OS-DCF:diskConfig': types.diskConfig,
      accessIPv4: types.accessIPv4,
      accessIPv6: types.accessIPv6,
      ...(version >= 19 && { description: types.description }),
    }),
  ),
);
