import type { Answer } from '../network/http.js';

/** A request, and how Nova answers it: asked of a real one, and held to it by `same-as-nova.gateway-spec.ts`. */
export interface NovaAnswer {
  /** An ordinary member of a project, or an administrator. */
  by: 'member' | 'admin';
  request: [method: string, path: string, body?: object];
  version: string;
  /** Of an error its text; else the first name in the answer's object, empty for an answer without a body. */
  answer: [status: number, said: string];
}

export const ABSENT = '11111111-2222-4333-8444-555555555555';

type Row = [...NovaAnswer['request'], NovaAnswer['answer']] | [string, string, NovaAnswer['answer']];

const NOT_FOUND = 'The resource could not be found.';
const GONE = 'This resource is no longer available. No forwarding address is given.';

function policy(action: string): NovaAnswer['answer'] {
  return [403, `Policy doesn't allow os_compute_api:${action} to be performed.`];
}

function query(name: string, value: string, complaint: string): NovaAnswer['answer'] {
  return [400, `Invalid input for query parameters ${name}. Value: ${value}. ${complaint}`];
}

function rows(by: NovaAnswer['by'], versions: string[], all: Row[]): NovaAnswer[] {
  return all.flatMap((row) => {
    const answer = row.at(-1) as NovaAnswer['answer'];
    const request = row.slice(0, -1) as NovaAnswer['request'];
    return versions.map((version) => ({ by, request, version, answer }));
  });
}

const create = (more: object) => ({
  server: { name: 'as nova', imageRef: '{image}', flavorRef: '{flavor}', networks: 'none', ...more },
});

const SORT_KEYS =
  "['access_ip_v4', 'access_ip_v6', 'auto_disk_config', 'availability_zone', 'config_drive', 'created_at', " +
  "'display_description', 'display_name', 'host', 'hostname', 'image_ref', 'instance_type_id', 'kernel_id', " +
  "'key_name', 'launch_index', 'launched_at', 'locked_by', 'node', 'power_state', 'progress', 'project_id', " +
  "'ramdisk_id', 'root_device_name', 'task_state', 'terminated_at', 'updated_at', 'user_id', 'uuid', 'vm_state', " +
  "'architecture', 'cell_name', 'cleaned', 'default_ephemeral_device', 'default_swap_device', 'deleted', " +
  "'deleted_at', 'disable_terminate', 'ephemeral_gb', 'ephemeral_key_uuid', 'id', 'key_data', 'launched_on', " +
  "'locked', 'memory_mb', 'os_type', 'reservation_id', 'root_gb', 'shutdown_terminate', 'user_data', 'vcpus', " +
  "'vm_mode']";
const FLAVOR_SORT_KEYS =
  "['created_at', 'description', 'disabled', 'ephemeral_gb', 'flavorid', 'id', 'is_public', 'memory_mb', 'name', " +
  "'root_gb', 'rxtx_factor', 'swap', 'updated_at', 'vcpu_weight', 'vcpus']";
const DIRECTION = "Invalid input received: Unknown sort direction, must be 'desc' or 'asc'";
const BOOLEANS = "'0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'";

/** By what a list can be asked for. */
const LISTS = [
  ...rows(
    'member',
    ['2.1', '2.60'],
    [
      ['GET', '/servers?sort_key=nope', query('sort_key', 'nope', `'nope' is not one of ${SORT_KEYS}`)],
      ['GET', '/servers/detail?sort_key=', query('sort_key', '', `'' is not one of ${SORT_KEYS}`)],
      ['GET', '/servers?sort_key=host', [403, 'Only administrators can sort servers by host']],
      ['GET', '/servers?sort_key=locked', [200, 'servers']],
      ['GET', '/servers?sort_dir=up', [400, DIRECTION]],
      ['GET', '/servers?sort_dir=ASC', [400, DIRECTION]],
      [
        'GET',
        '/servers?sort_dir=asc&sort_dir=asc',
        [400, 'Invalid input received: Sort direction size exceeds sort key size'],
      ],
      [
        'GET',
        '/servers?all_tenants=foo',
        [400, `Unrecognized value 'foo', acceptable values are: ${BOOLEANS}`],
      ],
      ['GET', '/servers?all_tenants=', policy('servers:index:get_all_tenants')],
      ['GET', '/servers/detail?all_tenants=yes', policy('servers:detail:get_all_tenants')],
      ['GET', '/servers?all_tenants=no', [200, 'servers']],
      ['GET', '/servers?status=deleted', [403, 'Only administrators may list deleted instances']],
      ['GET', '/servers?status=active&status=bogus', [200, 'servers']],
      ['GET', '/servers?status=migrating', [200, 'servers']],
      ['GET', '/servers?name=%5B', query('name', '[', "'[' is not a 'regex'")],
      ['GET', '/servers?name=', query('name', '', "'' is not a 'regex'")],
      ['GET', '/servers?name=a%2B%2B', [200, 'servers']],
      ['GET', '/servers?ip=10.%5B', query('ip', '10.[', "'10.[' is not a 'regex'")],
      ['GET', '/servers?ip6=%28', query('ip6', '(', "'(' is not a 'regex'")],
      ['GET', '/servers?host=nope', [200, 'servers']],
      ['GET', '/servers?metadata=x', [200, 'servers']],
      ['GET', '/servers?marker=', [200, 'servers']],
      ['GET', '/servers?limit=', query('limit', '', "'' is too short")],
      ['GET', '/servers?changes-since=x', query('changes-since', 'x', "'x' is not a 'date-time'")],
      ['GET', '/servers?name=%FF', [400, 'Query string is not UTF-8 encoded']],
      [
        'GET',
        '/flavors?sort_key=nope',
        query('sort_key', 'nope', `'nope' is not one of ${FLAVOR_SORT_KEYS}`),
      ],
      ['GET', '/flavors/detail?sort_dir=up', query('sort_dir', 'up', "'up' is not one of ['asc', 'desc']")],
      ['GET', '/flavors?limit=x', query('limit', 'x', "'x' does not match '^[0-9]*$'")],
      ['GET', '/flavors?marker=nope', [400, 'marker [nope] not found']],
      ['GET', '/flavors/1/os-extra_specs/x', [404, 'Flavor 1 has no extra specs with key x.']],
    ],
  ),
  ...rows(
    'member',
    ['2.1'],
    [
      ['GET', '/servers?status=BOGUS', [200, 'servers']],
      ['GET', '/images?limit=x', query('limit', 'x', "'x' does not match '^[0-9]*$'")],
      ['GET', '/images/detail?marker=', [200, 'images']],
      ['GET', '/images/detail?marker=nope', [400, 'HTTP 400 Bad Request: No image found with ID nope']],
    ],
  ),
  ...rows(
    'member',
    ['2.60'],
    [
      ['GET', '/servers?status=BOGUS', [400, 'Invalid status value']],
      ['GET', '/servers/detail?status=', [400, 'Invalid status value']],
      ['GET', '/servers?tags=', query('tags', '', "'' is not a 'regex'")],
      ['GET', '/os-keypairs?limit=x', query('limit', 'x', "'x' does not match '^[0-9]*$'")],
      [
        'GET',
        '/servers/{server}/os-instance-actions?foo=1',
        [400, "Additional properties are not allowed ('foo' was unexpected)"],
      ],
      [
        'GET',
        '/servers/{server}/os-instance-actions?limit=1&limit=2',
        query('limit', "['1', '2']", "['1', '2'] is too long"),
      ],
      ['GET', '/servers/{server}/os-instance-actions/nope', [404, 'Action nope not found']],
    ],
  ),
  ...rows(
    'admin',
    ['2.60'],
    [
      ['GET', '/servers?metadata=x', [400, 'Invalid filter field: metadata.']],
      ['GET', '/servers?_x=1', [400, 'Invalid filter field: _x.']],
      ['GET', '/servers?status=deleted', [200, 'servers']],
      ['GET', '/servers?sort_key=host', [200, 'servers']],
      ['GET', '/flavors?is_public=foo', [400, 'Invalid is_public filter [foo]']],
    ],
  ),
];

const CREATES = rows(
  'member',
  ['2.60'],
  [
    [
      'POST',
      '/servers',
      create({ availability_zone: 'nozone' }),
      [400, 'The requested availability zone is not available'],
    ],
    [
      'POST',
      '/servers',
      create({ availability_zone: 'NOVA' }),
      [400, 'The requested availability zone is not available'],
    ],
    ['POST', '/servers', create({ availability_zone: 'nova:host' }), policy('servers:create:forced_host')],
    [
      'POST',
      '/servers',
      create({ availability_zone: 'nova:host:node' }),
      policy('servers:create:forced_host'),
    ],
    [
      'POST',
      '/servers',
      create({ availability_zone: 'a:b:c:d' }),
      [400, 'Invalid input received: Unable to parse availability_zone'],
    ],
    ['POST', '/servers', create({ imageRef: undefined }), [400, 'Missing imageRef attribute']],
    ['POST', '/servers', create({ imageRef: '' }), [400, 'Missing imageRef attribute']],
    ['POST', '/servers', create({ imageRef: ABSENT }), [400, 'Can not find requested image']],
    [
      'POST',
      '/servers',
      create({ security_groups: [{ name: 'nosg' }] }),
      [400, "Unable to find security_group with name or id 'nosg'"],
    ],
    [
      'POST',
      '/servers',
      create({ networks: [{ fixed_ip: '10.0.0.1' }] }),
      [400, "Bad network format: missing 'uuid'"],
    ],
    [
      'POST',
      '/servers',
      { ...create({}), 'os:scheduler_hints': { group: ABSENT } },
      [400, `Instance group ${ABSENT} could not be found.`],
    ],
    [
      'POST',
      '/servers',
      { ...create({}), 'os:scheduler_hints': { group: 'nope' } },
      [
        400,
        "Invalid input for field/attribute group. Value: nope. 'nope' is not valid under any of the given schemas",
      ],
    ],
    ['DELETE', `/servers/${ABSENT}`, [404, `Instance ${ABSENT} could not be found.`]],
  ],
);

const action = (key: string, value: unknown = null): [string, string, object] => [
  'POST',
  '/servers/{server}/action',
  { [key]: value },
];

/** What only administrators may do, what Nova has dropped, and what is at some microversions only. */
const POLICIES = [
  ...rows(
    'member',
    ['2.1', '2.60'],
    [
      [...action('migrate'), policy('os-migrate-server:migrate')],
      [...action('os-resetState', { state: 'active' }), policy('os-admin-actions:reset_state')],
      [...action('injectNetworkInfo'), policy('os-admin-actions:inject_network_info')],
      [...action('shelveOffload'), policy('os-shelve:shelve_offload')],
      [...action('resetNetwork'), [410, GONE]],
      [...action('restore'), [409, "Cannot 'restore' instance {server} while it is in vm_state active"]],
      [...action('nope'), [400, 'There is no such action: nope']],
      ['GET', '/os-services', policy('os-services:list')],
      ['GET', '/os-hypervisors', policy('os-hypervisors:list')],
      ['GET', '/os-hypervisors/detail', policy('os-hypervisors:list-detail')],
      ['GET', '/os-aggregates', policy('os-aggregates:index')],
      ['GET', '/os-migrations', policy('os-migrations:index')],
      ['GET', '/os-simple-tenant-usage', policy('os-simple-tenant-usage:list')],
      ['GET', `/os-simple-tenant-usage/${ABSENT}`, policy('os-simple-tenant-usage:show')],
      ['GET', '/os-quota-class-sets/default', policy('os-quota-class-sets:show')],
      ['GET', '/servers/{server}/diagnostics', policy('os-server-diagnostics')],
      ['GET', '/servers/{server}/os-server-password', [200, 'password']],
      ['GET', '/servers/{server}/consoles', [410, GONE]],
      ['GET', '/servers/{server}/ips/nope', [404, 'Instance is not a member of specified network']],
      ['GET', '/servers/{server}/os-security-groups', [200, 'security_groups']],
      ['DELETE', '/flavors/1', policy('os-flavor-manage:delete')],
      [
        'POST',
        '/flavors/1/os-extra_specs',
        { extra_specs: { a: 'b' } },
        policy('os-flavor-extra-specs:create'),
      ],
      ['GET', `/os-server-groups/${ABSENT}`, [404, `Instance group ${ABSENT} could not be found.`]],
      ['DELETE', `/os-server-groups/${ABSENT}`, [404, `Instance group ${ABSENT} could not be found.`]],
      ['GET', '/os-agents', [410, GONE]],
      ['GET', '/os-cells', [410, GONE]],
      ['OPTIONS', '/servers', [200, '']],
    ],
  ),
  ...rows(
    'member',
    ['2.1'],
    [
      ['GET', '/os-hosts', policy('os-hosts:list')],
      [...action('trigger_crash_dump'), [404, NOT_FOUND]],
      ['GET', '/os-security-groups', [200, 'security_groups']],
      ['GET', '/os-security-groups/nope', [400, 'Security group id should be uuid']],
      ['GET', '/os-floating-ips', [200, 'floating_ips']],
      ['GET', '/os-floating-ips/1', [404, 'Floating IP not found for ID 1']],
      ['POST', '/os-floating-ips', {}, [404, 'Floating IP pool not found.']],
      ['GET', '/os-floating-ip-pools', [200, 'floating_ip_pools']],
      ['GET', '/os-networks', [200, 'networks']],
      ['GET', '/os-networks/nope', [404, 'Network not found']],
      ['GET', '/os-tenant-networks', [200, 'networks']],
    ],
  ),
  ...rows(
    'member',
    ['2.60'],
    [
      [...action('evacuate', {}), policy('os-evacuate')],
      [...action('os-getVNCConsole', { type: 'novnc' }), [404, NOT_FOUND]],
      [...action('addFloatingIp', { address: '10.0.0.1' }), [404, NOT_FOUND]],
      ['GET', '/servers/{server}/migrations', policy('servers:migrations:index')],
      ['GET', '/os-hosts', [404, NOT_FOUND]],
      ['GET', '/os-security-groups', [404, NOT_FOUND]],
      ['GET', '/os-floating-ips', [404, NOT_FOUND]],
      ['GET', '/os-networks', [404, NOT_FOUND]],
      ['PUT', '/flavors/1', { flavor: { description: 'x' } }, policy('os-flavor-manage:update')],
    ],
  ),
];

/** All of them; `{server}`, `{image}` and `{flavor}` stand for ids. */
export const NOVA_ANSWERS: readonly NovaAnswer[] = [...LISTS, ...CREATES, ...POLICIES];

/** The words of other releases, 2022 or 2026, where they have come to say the same otherwise. */
export const OTHER_WORDS: Readonly<Record<string, string>> = {
  "Invalid input for query parameters limit. Value: . '' is too short":
    "Invalid input for query parameters limit. Value: . '' should be non-empty",
  "Invalid input for query parameters limit. Value: x. 'x' does not match '^[0-9]*$'":
    'Invalid input received: limit must be an integer',
  "Invalid input for field/attribute group. Value: nope. 'nope' is not valid under any of the given schemas":
    "Invalid input for field/attribute group. Value: nope. 'nope' is not a 'uuid'",
};

/** What an answer says, as the table has it. */
export function saidBy({ status, text, json }: Answer): NovaAnswer['answer'] {
  const [name = '', content] = text === '' ? [] : (Object.entries(json ?? {})[0] ?? []);
  const { message } = (content ?? {}) as { message?: string };
  return [status, message ?? name];
}

/** A text of the table, or a body, with ids. */
export function withIds<T>(value: T, ids: Readonly<Record<string, string>>): T {
  const text = JSON.stringify(value).replace(/\{(\w+)\}/g, (all, name: string) => ids[name] ?? all);
  return JSON.parse(text) as T;
}
