import { dirname, relative, resolve, sep } from 'node:path';

/**
 * The rooms that ship to hosts, and which other rooms each may use. None may use a room of the server:
 * `scripts/pack-library.js` takes these, `index.ts`, and nothing else; `scripts/pack-client.js` takes `client` alone.
 * `command` is a program: it ships, and nobody imports it.
 */
export const LIBRARY_ROOMS = {
  errors: [],
  http: [],
  url: [],
  storage: [],
  tasks: ['errors', 'http', 'storage', 'url'],
  openapi: ['tasks'],
  transactions: [],
  client: [],
  command: ['client'],
  testing: ['errors', 'tasks'],
  'task-metrics': ['storage', 'tasks'],
  terminus: ['storage', 'tasks'],
  console: ['client', 'http'],
};

/** The rooms of the server alone. `gateway` and `simulator` are its wings: they never use each other. */
const SERVER_ROOMS = {
  config: [],
  cluster: ['config'],
  database: ['config', 'storage'],
  health: ['database', 'storage'],
  operator: ['cluster', 'config', 'health'],
  metrics: ['database', 'health', 'operator', 'task-metrics', 'tasks'],
  openstack: ['errors', 'http', 'storage', 'url'],
  identity: ['http', 'openstack', 'url'],
  compute: ['identity', 'openstack', 'tasks'],
  servers: ['compute', 'config', 'http', 'identity', 'openapi', 'openstack', 'tasks', 'url'],
  tracing: ['http', 'operator', 'tasks'],
  audit: ['compute', 'config', 'gateway', 'identity', 'openstack', 'tasks', 'url'],
  tracking: ['compute', 'tasks'],
  logging: ['identity', 'openstack', 'operator', 'tasks', 'tracing', 'url'],
  gateway: [
    'compute',
    'config',
    'errors',
    'health',
    'identity',
    'openstack',
    'servers',
    'tasks',
    'tracing',
    'url',
  ],
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

const mayImport = (room, name) => PACKAGES[room]?.some((known) => name.startsWith(known)) ?? true;

const ROOMS = { ...LIBRARY_ROOMS, ...SERVER_ROOMS };

/**
 * The packages of rooms that may not import just any: `client` runs where there is no Node, as in browsers, and
 * `command` where nothing of Nest is installed.
 */
const PACKAGES = { client: [], command: ['yaml', 'node:'] };

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
          const isAllowed = name.startsWith('.') ? ROOMS[room]?.includes(other) : mayImport(room, name);
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
