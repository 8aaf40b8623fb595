import { isRow, type Row } from '../api/task-row.js';
import { UsageError } from '../command.errors.js';
import { type CloudFiles, merge } from './config-files.js';

/** The members of `auth`, as Keystone's clients call them. */
export type Auth = Readonly<Partial<Record<string, string>>>;

/** How to reach a cloud. */
export interface CloudConfig {
  /** The type of `auth`, such as `v3password`; empty: it follows from what `auth` has. */
  authType: string;
  auth: Auth;
  region: string | null;
  interface: string;
  /** The compute endpoint, whatever the catalogue says. */
  computeEndpoint: string | null;
  cacert: string | null;
  cert: string | null;
  key: string | null;
  verify: boolean;
}

/** What the command line says of the cloud. */
export interface CloudOptions {
  cloud?: string | undefined;
  region?: string | undefined;
  interface?: string | undefined;
  cacert?: string | undefined;
  insecure?: boolean;
}

/** Members that belong into `auth`, also where a file or a variable has them outside. */
const AUTH_MEMBERS = [
  ...['auth_url', 'username', 'user_id', 'password', 'token', 'user_domain_id', 'user_domain_name'],
  ...['project_id', 'project_name', 'project_domain_id', 'project_domain_name', 'domain_id', 'domain_name'],
  ...['application_credential_id', 'application_credential_name', 'application_credential_secret'],
  ...['system_scope', 'trust_id', 'endpoint', 'url'],
];

/** Old names, and the current ones. */
const ALIASES: Readonly<Record<string, string>> = {
  tenant_name: 'project_name',
  tenant_id: 'project_id',
  user_name: 'username',
  auth_token: 'token',
  auth_plugin: 'auth_type',
  endpoint_type: 'interface',
  compute_endpoint: 'compute_endpoint_override',
};

/**
 * Puts together how to reach the cloud, with the precedence of the `openstack` command: the command line, then `OS_*`,
 * then the cloud of `clouds.yaml`, the values of its region first, then its profile.
 *
 * @throws UsageError when the cloud or its region is not there, or nothing says which cloud
 */
export function cloudConfig(files: CloudFiles, env: NodeJS.ProcessEnv, options: CloudOptions): CloudConfig {
  const variables = fromEnvironment(env);
  const names = Object.keys(files.clouds);
  const isNoneInVariables = Object.keys(variables).every((name) => name === 'region_name');
  const theOnlyOne = isNoneInVariables && names.length === 1 ? names[0] : undefined;
  const name = options.cloud || env['OS_CLOUD'] || theOnlyOne;
  if (name === undefined && isNoneInVariables) throw noCloud(names);
  const file = name === undefined ? {} : fileConfig(files, name);
  const region = options.region || textAt(variables, 'region_name') || undefined;
  const inRegion = regionOf(file, name ?? '', region);
  const given = {
    ...(inRegion.name !== undefined && { region_name: inRegion.name }),
    ...(options.interface && { interface: options.interface }),
    ...(options.cacert && { cacert: options.cacert }),
    ...(options.insecure && { verify: false }),
  };
  return settled([file, inRegion.values, variables, given].map(flat).reduce(merge), env);
}

function fileConfig({ clouds, profiles }: CloudFiles, name: string): Row {
  const cloud = clouds[name];
  if (cloud === undefined)
    throw new UsageError(
      `There is no cloud ${name} in clouds.yaml. It has ${Object.keys(clouds).join(', ') || 'none'}.`,
    );
  const profile = cloud['profile'] ?? cloud['cloud'];
  if (typeof profile !== 'string') return cloud;
  const known = profiles[profile];
  if (known === undefined)
    throw new UsageError(`The profile ${profile} of the cloud ${name} is not in clouds-public.yaml.`);
  return merge(known, cloud);
}

/** The asked region of a cloud, or its first, and the values that are of it alone. */
function regionOf(file: Row, cloud: string, asked: string | undefined): { name?: string; values: Row } {
  const listed =
    file['regions'] ?? (typeof file['region_name'] === 'string' ? file['region_name'].split(',') : []);
  const regions = (Array.isArray(listed) ? listed : []).map((one: unknown) =>
    isRow(one)
      ? { name: textAt(one, 'name') ?? '', values: isRow(one['values']) ? one['values'] : {} }
      : { name: String(one).trim(), values: {} },
  );
  if (regions.length === 0) return { ...(asked !== undefined && { name: asked }), values: {} };
  const region = asked === undefined ? regions[0] : regions.find(({ name }) => name === asked);
  if (region === undefined)
    throw new UsageError(
      `The cloud ${cloud} has no region ${asked}. It has ${regions.map(({ name }) => name).join(', ')}.`,
    );
  return region;
}

function fromEnvironment(env: NodeJS.ProcessEnv): Row {
  const entries = Object.entries(env)
    .filter(([name, value]) => name.startsWith('OS_') && value !== undefined && value !== '')
    .map(([name, value]): [string, string | undefined] => [name.slice(3).toLowerCase(), value]);
  const known = [...AUTH_MEMBERS, ...Object.keys(ALIASES), ...Object.values(ALIASES), ...OTHERS];
  return Object.fromEntries(entries.filter(([name]) => known.includes(name)));
}

const OTHERS = ['region_name', 'cacert', 'cert', 'key', 'insecure', 'verify'];

/** Current names, in underscores, and everything that belongs into `auth` in there. */
function flat(config: Row): Row {
  const auth: Row = {};
  const rest: Row = {};
  const inside = isRow(config['auth']) ? config['auth'] : {};
  for (const [from, isInside] of [
    [inside, true],
    [config, false],
  ] as const) {
    for (const [written, value] of Object.entries(from)) {
      const underscored = written.replaceAll('-', '_');
      const name = ALIASES[underscored] ?? underscored;
      if (name === 'auth' || value === null || value === undefined) continue;
      if (isInside || AUTH_MEMBERS.includes(name)) auth[name] = value;
      else rest[name] = value;
    }
  }
  return { ...rest, auth };
}

function settled(config: Row, env: NodeJS.ProcessEnv): CloudConfig {
  const auth: Record<string, string> = {};
  for (const [name, value] of Object.entries(config['auth'] as Row))
    if (typeof value === 'string' || typeof value === 'number') auth[name] = String(value);
  if (auth['auth_url'] !== undefined)
    auth['auth_url'] = auth['auth_url'].replace(
      /\{(\w+)\}/g,
      (whole, name: string) => textAt(config, name) ?? whole,
    );
  return {
    authType: textAt(config, 'auth_type') ?? '',
    auth: withDomains(auth, env['OS_DEFAULT_DOMAIN'] || textAt(config, 'default_domain') || 'default'),
    region: textAt(config, 'region_name') ?? null,
    interface: (textAt(config, 'interface') ?? 'public').replace(/URL$/, ''),
    computeEndpoint: textAt(config, 'compute_endpoint_override') ?? null,
    cacert: textAt(config, 'cacert') ?? null,
    cert: textAt(config, 'cert') ?? null,
    key: textAt(config, 'key') ?? null,
    verify: isTrue(config['verify'] ?? true) && !isTrue(config['insecure'] ?? false),
  };
}

/** A domain may be named once for user and project; without one it is the default domain. */
function withDomains(auth: Record<string, string>, defaultDomain: string): Auth {
  const full = { ...auth };
  if (auth['project_id'] !== undefined || auth['project_name'] !== undefined) {
    for (const kind of ['domain_id', 'domain_name']) {
      const value = full[kind];
      delete full[kind];
      if (value === undefined) continue;
      for (const whose of ['user', 'project']) full[`${whose}_${kind}`] ??= value;
    }
  }
  for (const [whose, name] of [
    ['user', 'username'],
    ['project', 'project_name'],
  ] as const) {
    const isNamed = full[`${whose}_domain_id`] !== undefined || full[`${whose}_domain_name`] !== undefined;
    if (full[name] !== undefined && !isNamed) full[`${whose}_domain_id`] = defaultDomain;
  }
  return full;
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && ['true', 'yes', '1'].includes(value.toLowerCase()));
}

function textAt(row: Row, name: string): string | undefined {
  const value = row[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function noCloud(names: string[]): UsageError {
  const which = names.length > 0 ? ` clouds.yaml has ${names.join(', ')}.` : '';
  return new UsageError(
    `Which cloud? Give --os-cloud (OS_CLOUD), the variables OS_AUTH_URL and so on, or --url (TASKTAG_URL).${which}`,
  );
}
