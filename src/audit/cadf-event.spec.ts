import { cadfEvent } from './cadf-event.js';

/** As keystonemiddleware gives them for these requests, with the map for Nova that pycadf brings. */
const SAID = [
  ['POST', '/v3/servers', null, 'create', 'service/compute/servers'],
  ['POST', '/v3/servers/:id/action', 'reboot', 'update/reboot', 'service/compute/servers/server/action'],
  ['DELETE', '/v3/servers/:id', null, 'delete', 'service/compute/servers/server'],
  [
    'POST',
    '/v3/servers/:id/os-volume_attachments',
    null,
    'create',
    'service/compute/servers/server/os-volume_attachments',
  ],
  [
    'PUT',
    '/v3/servers/:id/os-volume_attachments/:volume',
    null,
    'update',
    'service/compute/servers/server/os-volume_attachments/attachment',
  ],
  ['POST', '/v3/servers/:id/os-interface', null, 'update', 'service/compute/servers/server'],
  ['DELETE', '/v3/servers/:id/os-interface/:port', null, 'delete', 'service/compute/servers/server'],
] as const;

describe('an audit event', () => {
  it.each(SAID)('of %s %s (%s) is an action %s on %s', (method, route, action, said, type) => {
    const event = cadfEvent({
      ...{ method, route, action, url: '/v2.1/servers', status: 409, caller: null },
      ...{ client: { address: '::1', agent: undefined }, requestId: 'req-1', globalRequestId: null },
      decision: { decision: 'refused', task: null, tag: null },
    });
    expect([event.action, event.target.typeURI]).toEqual([said, type]);
  });
});
