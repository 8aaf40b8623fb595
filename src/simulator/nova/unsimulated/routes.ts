import type { Unsimulated } from './unsimulated.js';

/** A route of Nova's that the simulated cloud does not have. */
export interface UnsimulatedRoute extends Unsimulated {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/v3`. */
  path: string;
  /** Whether all users may ask about their own project, named by `:project`. @default false */
  ownProject?: boolean;
}

/** The last microversion with routes of the network, image and volume services. */
const PROXIES = { until: 35 };
const HOSTS = { until: 42 };

const route = (
  method: UnsimulatedRoute['method'],
  path: string,
  more: Partial<UnsimulatedRoute> = {},
): UnsimulatedRoute => ({ method, path, ...more });

/** A resource that only administrators may see and change, by the names of its policies. */
function adminOnly(
  resource: string,
  policies: Partial<Record<'list' | 'show' | 'create' | 'update' | 'delete' | 'act', string>>,
): UnsimulatedRoute[] {
  const routes = {
    list: route('GET', resource),
    show: route('GET', `${resource}/:id`),
    create: route('POST', resource),
    update: route('PUT', `${resource}/:id`),
    delete: route('DELETE', `${resource}/:id`),
    act: route('POST', `${resource}/:id/action`),
  };
  return Object.entries(policies).map(([kind, policy]) => ({
    ...routes[kind as keyof typeof routes],
    policy: `${resource}:${policy}`,
  }));
}

/** Routes that Nova has dropped answer 410 at every microversion. */
function gone(resource: string): UnsimulatedRoute[] {
  return [resource, `${resource}/:id`, `${resource}/:id/:more`].map((path) =>
    route('GET', path, { gone: true }),
  );
}

export const UNSIMULATED_ROUTES: readonly UnsimulatedRoute[] = [
  ...adminOnly('os-services', { list: 'list', update: 'update', delete: 'delete' }),
  ...adminOnly('os-hypervisors', { list: 'list', show: 'show' }),
  route('GET', 'os-hypervisors/detail', { policy: 'os-hypervisors:list-detail' }),
  route('GET', 'os-hypervisors/statistics', { policy: 'os-hypervisors:statistics' }),
  route('GET', 'os-hypervisors/:id/uptime', { policy: 'os-hypervisors:uptime' }),
  ...adminOnly('os-aggregates', {
    ...{ list: 'index', show: 'show', create: 'create', update: 'update', delete: 'delete' },
    act: 'add_host',
  }),
  ...adminOnly('os-migrations', { list: 'index' }),
  ...adminOnly('os-hosts', { list: 'list', show: 'show' }).map((one) => ({ ...one, ...HOSTS })),
  ...adminOnly('os-baremetal-nodes', { list: 'list', show: 'show' }).map((one) => ({ ...one, ...PROXIES })),
  ...adminOnly('os-quota-class-sets', { show: 'show', update: 'update' }),
  ...adminOnly('os-simple-tenant-usage', { list: 'list' }),
  route('GET', 'os-simple-tenant-usage/:project', {
    policy: 'os-simple-tenant-usage:show',
    ownProject: true,
  }),
  route('GET', 'os-instance_usage_audit_log', { policy: 'os-instance-usage-audit-log:list' }),
  route('GET', 'os-console-auth-tokens/:id', { policy: 'os-console-auth-tokens' }),
  route('POST', 'os-server-external-events', { policy: 'os-server-external-events:create' }),
  route('PUT', 'os-quota-sets/:project', { policy: 'os-quota-sets:update' }),
  route('DELETE', 'os-quota-sets/:project', { policy: 'os-quota-sets:delete' }),

  route('POST', 'flavors', { policy: 'os-flavor-manage:create' }),
  route('PUT', 'flavors/:id', { policy: 'os-flavor-manage:update', since: 55 }),
  route('DELETE', 'flavors/:id', { policy: 'os-flavor-manage:delete' }),
  route('POST', 'flavors/:id/action', { policy: 'os-flavor-access:add_tenant_access' }),
  route('POST', 'flavors/:id/os-extra_specs', { policy: 'os-flavor-extra-specs:create' }),
  route('PUT', 'flavors/:id/os-extra_specs/:key', { policy: 'os-flavor-extra-specs:update' }),
  route('DELETE', 'flavors/:id/os-extra_specs/:key', { policy: 'os-flavor-extra-specs:delete' }),

  route('GET', 'servers/:id/diagnostics', { policy: 'os-server-diagnostics' }),
  route('GET', 'servers/:id/migrations', { policy: 'servers:migrations:index', since: 23 }),
  route('POST', 'servers/:id/remote-consoles', { since: 6 }),
  route('GET', 'servers/:id/consoles', { gone: true }),
  route('POST', 'servers/:id/consoles', { gone: true }),
  route('GET', 'servers/:id/os-virtual-interfaces', { gone: true }),

  route('DELETE', 'images/:id', { until: 38 }),
  route('GET', 'images/:id/metadata', { until: 38 }),
  route('POST', 'os-security-groups', PROXIES),
  route('PUT', 'os-security-groups/:id', PROXIES),
  route('DELETE', 'os-security-groups/:id', PROXIES),
  route('POST', 'os-security-group-rules', PROXIES),
  route('DELETE', 'os-security-group-rules/:id', PROXIES),
  ...['os-volumes', 'os-snapshots'].flatMap((volumes) => [
    route('GET', volumes, PROXIES),
    route('GET', `${volumes}/detail`, PROXIES),
    route('GET', `${volumes}/:id`, PROXIES),
    route('POST', volumes, PROXIES),
    route('DELETE', `${volumes}/:id`, PROXIES),
  ]),
  route('POST', 'os-networks', { gone: true }),
  route('POST', 'os-tenant-networks', { gone: true }),

  ...gone('os-agents'),
  ...gone('os-cells'),
  ...gone('os-certificates'),
  ...gone('os-cloudpipe'),
  ...gone('os-fixed-ips'),
  ...gone('os-floating-ip-dns'),
  ...gone('os-floating-ips-bulk'),
  ...gone('os-fping'),
  ...gone('os-security-group-default-rules'),
];
