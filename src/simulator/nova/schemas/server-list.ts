import { byMicroversion } from './by-microversion.js';
import { paging, pattern, querySchema, text, time } from './query.js';

/** What lists can be sorted by (nova/api/openstack/compute/schemas/servers.py, `VALID_SORT_KEYS`). */
const SORT_KEYS = [
  ...['access_ip_v4', 'access_ip_v6', 'auto_disk_config', 'availability_zone', 'config_drive', 'created_at'],
  ...[
    'display_description',
    'display_name',
    'host',
    'hostname',
    'image_ref',
    'instance_type_id',
    'kernel_id',
  ],
  ...[
    'key_name',
    'launch_index',
    'launched_at',
    'locked_by',
    'node',
    'power_state',
    'progress',
    'project_id',
  ],
  ...['ramdisk_id', 'root_device_name', 'task_state', 'terminated_at', 'updated_at', 'user_id', 'uuid'],
  'vm_state',
];

/** Keys that are accepted but sort nothing. */
export const IGNORED_SORT_KEYS: readonly string[] = [
  ...['architecture', 'cell_name', 'cleaned', 'default_ephemeral_device', 'default_swap_device', 'deleted'],
  ...[
    'deleted_at',
    'disable_terminate',
    'ephemeral_gb',
    'ephemeral_key_uuid',
    'id',
    'key_data',
    'launched_on',
  ],
  ...[
    'locked',
    'memory_mb',
    'os_type',
    'reservation_id',
    'root_gb',
    'shutdown_terminate',
    'user_data',
    'vcpus',
  ],
  'vm_mode',
];

/** Names of related tables: nothing can be filtered by them. */
export const JOINED: readonly string[] = [
  ...['block_device_mapping', 'services', 'metadata', 'system_metadata', 'info_cache', 'security_groups'],
  'pci_devices',
];

const TEXTS = [
  ...['user_id', 'project_id', 'tenant_id', 'launch_index', 'image_ref', 'image', 'vm_state', 'task_state'],
  ...['host', 'uuid', 'sort_dir', 'all_tenants', 'soft_deleted', 'deleted', 'status', ...JOINED],
];

const PATTERNS = [
  ...['kernel_id', 'ramdisk_id', 'hostname', 'key_name', 'power_state', 'node', 'flavor', 'reservation_id'],
  ...['launched_at', 'terminated_at', 'availability_zone', 'name', 'display_name', 'description'],
  ...['display_description', 'locked_by', 'root_device_name', 'config_drive', 'access_ip_v4', 'access_ip_v6'],
  ...['auto_disk_config', 'progress', 'ip', 'ip6', 'created_at'],
];

const TAG_PATTERNS = ['tags', 'tags-any', 'not-tags', 'not-tags-any'];

/** The query of `GET /servers` (nova/api/openstack/compute/schemas/servers.py, `query_params_v21`). */
export const serverListSchema = byMicroversion([26], (version) =>
  querySchema({
    ...Object.fromEntries(TEXTS.map((name) => [name, text])),
    ...Object.fromEntries(
      [...PATTERNS, ...(version >= 26 ? TAG_PATTERNS : [])].map((name) => [name, pattern]),
    ),
    sort_key: { type: 'string', enum: [...SORT_KEYS, ...IGNORED_SORT_KEYS] },
    'changes-since': time,
    ...paging,
  }),
);

/** Whether Nova knows a parameter, or refuses it: others are ignored. */
export function isServerParameter(name: string, version: number): boolean {
  return name.startsWith('_') || Object.hasOwn(serverListSchema(version).properties ?? {}, name);
}
