import { dirname, relative, resolve, sep } from 'node:path';

/**
 * The rooms of src/, and which other rooms each may use. Arrows point one way; ARCHITECTURE.md draws them. Files at
 * the top of src/ put the rooms together and may use all.
 */
const ROOMS = {
  errors: [],
  url: [],
  config: [],
  cluster: ['config'],
  database: ['config'],
  tasks: ['database', 'errors', 'url'],
  openstack: ['errors', 'url'],
  identity: ['config', 'database', 'errors', 'health', 'openstack', 'url'],
  compute: ['config', 'database', 'errors', 'health', 'identity', 'openstack', 'tasks', 'url'],
  servers: ['compute', 'identity', 'openapi', 'openstack', 'tasks', 'url'],
  tracking: ['compute', 'tasks'],
  health: ['database'],
  operator: ['cluster', 'config', 'health'],
  metrics: ['database', 'operator', 'tasks'],
  logging: ['identity', 'openstack', 'operator', 'tasks', 'url'],
  openapi: ['tasks'],
};

/** A lint rule: an import between rooms needs an arrow in the table above. */
export const rooms = {
  rules: {
    arrows: {
      create(context) {
        const source = resolve(context.cwd, 'src');
        const roomOf = (file) => relative(source, file).split(sep);
        const [room, ...inside] = roomOf(context.filename);
        if (room === '..' || inside.length === 0) return {};
        return {
          ImportDeclaration(node) {
            if (!node.source.value.startsWith('.')) return;
            const [other] = roomOf(resolve(dirname(context.filename), node.source.value));
            if (other === room || ROOMS[room]?.includes(other)) return;
            context.report({
              node,
              message: `There is no arrow from ${room}/ to ${other}/; see eslint.rooms.js.`,
            });
          },
        };
      },
    },
  },
};
