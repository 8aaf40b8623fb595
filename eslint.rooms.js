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
  database: ['config', 'errors'],
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
  client: [],
};

/** These run where there is no Node, as in browsers: they import no package either. */
const ALONE = ['client'];

/** A lint rule: an import between rooms needs an arrow in the table above. */
export const rooms = {
  rules: {
    arrows: {
      create(context) {
        const source = resolve(context.cwd, 'src');
        const roomOf = (file) => relative(source, file).split(sep);
        const [room, ...inside] = roomOf(context.filename);
        if (room === '..' || inside.length === 0) return {};
        const check = (node) => {
          const name = node.source?.value;
          if (typeof name !== 'string') return;
          const [other] = name.startsWith('.') ? roomOf(resolve(dirname(context.filename), name)) : [name];
          const isAllowed = name.startsWith('.') ? ROOMS[room]?.includes(other) : !ALONE.includes(room);
          if (other === room || isAllowed) return;
          context.report({
            node,
            message: `There is no arrow from ${room}/ to ${other}; see eslint.rooms.js.`,
          });
        };
        return {
          ImportDeclaration: check,
          ExportNamedDeclaration: check,
          ExportAllDeclaration: check,
          ImportExpression: check,
        };
      },
    },
  },
};
