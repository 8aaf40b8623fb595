import type { Unsimulated } from './unsimulated.js';

/** The last microversions with actions that were later replaced by other requests. */
const CONSOLES = { until: 5 };
const NETWORK_PROXIES = { until: 43 };

/** Actions of `POST /servers/{id}/action` that Nova has, by the key of the body. */
export const UNSIMULATED_ACTIONS: Readonly<Record<string, Unsimulated>> = {
  createBackup: {},
  trigger_crash_dump: { since: 17 },
  addSecurityGroup: {},
  removeSecurityGroup: {},
  addFixedIp: NETWORK_PROXIES,
  removeFixedIp: NETWORK_PROXIES,
  addFloatingIp: NETWORK_PROXIES,
  removeFloatingIp: NETWORK_PROXIES,
  'os-getConsoleOutput': {},
  'os-getVNCConsole': CONSOLES,
  'os-getSPICEConsole': CONSOLES,
  'os-getRDPConsole': CONSOLES,
  'os-getSerialConsole': CONSOLES,
  migrate: { policy: 'os-migrate-server:migrate' },
  'os-migrateLive': { policy: 'os-migrate-server:migrate_live' },
  'os-resetState': { policy: 'os-admin-actions:reset_state' },
  evacuate: { policy: 'os-evacuate' },
  injectNetworkInfo: { policy: 'os-admin-actions:inject_network_info' },
  resetNetwork: { gone: true },
};
