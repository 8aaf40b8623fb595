import { dirname, relative, resolve, sep } from 'node:path';

/**
 * The rooms that ship to hosts, and which other rooms each may use. None may use a room of the server:
 * `scripts/pack-library.js` takes these, `index.ts`, and nothing else; `scripts/pack-client.js` takes `client` alone.
 */
export const LIBRARY_ROOMS = {
  errors: [],
  http: [],
  url: [],
  storage: [],
  tasks: ['errors', 'http', 'storage', 'url'],
  openapi: ['tasks'],
  client: [],
};

/** The rooms of the server alone. `gateway` and `simulator` are its wings: they never use each other. */
const SERVER_ROOMS = {
  config: [],
  cluster: ['config'],
  database: ['config', 'storage'],
  health: ['database', 'storage'],
  operator: ['cluster', 'config', 'health'],
  metrics: ['database', 'operator', 'storage', 'tasks'],
  openstack: ['errors', 'http', 'storage', 'url'],
  identity: ['http', 'openstack', 'url'],
  compute: ['identity', 'openstack', 'tasks'],
  servers: ['compute', 'config', 'http', 'identity', 'openapi', 'openstack', 'tasks', 'url'],
  tracking: ['compute', 'tasks'],
  logging: ['identity', 'openstack', 'operator', 'tasks', 'url'],
  gateway: ['compute', 'config', 'errors', 'health', 'identity', 'openstack', 'servers', 'tasks', 'url'],
  simulator: [
    'compute',
    'config',
    'errors',
    'http',
    'identity',
    'openstack',
    'servers',
    'storage',
    'tasks',
    'url',
  ],
};

const ROOMS = { ...LIBRARY_ROOMS, ...SERVER_ROOMS };

/** These run where there is no Node, as in browsers: they import no package either. */
const ALONE = ['client'];

/**
 * A lint rule: an import between rooms needs an arrow in the tables above; ARCHITECTURE.md draws them. Files at the top
 * of src/ put the rooms together and may use all of them.
 */
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
