import { paging, querySchema, text } from './query.js';

/** The query of `GET /flavors` (nova/api/openstack/compute/schemas/flavors.py, `index_query`). */
export const flavorListSchema = querySchema({
  is_public: text,
  minRam: text,
  minDisk: text,
  sort_key: {
    type: 'string',
    enum: [
      ...[
        'created_at',
        'description',
        'disabled',
        'ephemeral_gb',
        'flavorid',
        'id',
        'is_public',
        'memory_mb',
      ],
      ...['name', 'root_gb', 'rxtx_factor', 'swap', 'updated_at', 'vcpu_weight', 'vcpus'],
    ],
  },
  sort_dir: { type: 'string', enum: ['asc', 'desc'] },
  ...paging,
});
