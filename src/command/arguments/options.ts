/** An option of the command line. */
export interface OptionSpec {
  type: 'string' | 'boolean';
  /** What it does. */
  help: string;
  /** What its value is called in the help. */
  value?: string;
  short?: string;
  /** Whether it may be given several times. */
  multiple?: boolean;
}

export type OptionSpecs = Record<string, OptionSpec>;

/** Options that every command has, before or after its name. */
export const COMMON_OPTIONS: OptionSpecs = {
  'os-cloud': { type: 'string', value: 'NAME', help: 'the cloud in clouds.yaml (OS_CLOUD)' },
  'os-region-name': { type: 'string', value: 'NAME', help: 'its region (OS_REGION_NAME)' },
  'os-interface': { type: 'string', value: 'KIND', help: 'public, internal or admin (OS_INTERFACE)' },
  'os-cacert': { type: 'string', value: 'FILE', help: 'certificates to trust (OS_CACERT)' },
  insecure: { type: 'boolean', help: "do not check the server's certificate" },
  url: {
    type: 'string',
    value: 'URL',
    help: 'the API, such as https://cloud:8774/v2.1 or https://host/tasks (TASKTAG_URL)',
  },
  token: {
    type: 'string',
    value: 'TOKEN',
    help: 'the token for --url; better in TASKTAG_TOKEN: other users see command lines',
  },
  api: {
    type: 'string',
    value: 'KIND',
    help: 'openstack, or host for a library host; by default, as --url looks',
  },
  header: {
    type: 'string',
    short: 'H',
    multiple: true,
    value: 'LINE',
    help: 'one more header for each request, such as "X-User: acme/ann"',
  },
  format: {
    type: 'string',
    short: 'f',
    value: 'FORMAT',
    help: 'table, json, csv, yaml or value; by default a table on a terminal, else JSON',
  },
  columns: {
    type: 'string',
    short: 'c',
    multiple: true,
    value: 'NAMES',
    help: 'which columns, such as uuid,state,resource.server',
  },
  debug: { type: 'boolean', help: 'say on stderr what is asked and answered; no tokens, no bodies' },
  help: { type: 'boolean', short: 'h', help: 'show this' },
};

/** The options that lists are chosen by. */
export const FILTER_OPTIONS: OptionSpecs = {
  query: {
    type: 'string',
    short: 'q',
    value: 'TEXT',
    help: 'what a tag, a uuid, a server’s, request’s or user’s id begins with',
  },
  tag: { type: 'string', value: 'TAG', help: 'tasks of this tag' },
  server: { type: 'string', value: 'ID', help: 'tasks of this server; of a library host, of this subject' },
  'request-id': { type: 'string', value: 'ID', help: 'the task of this request' },
  task: { type: 'string', value: 'NAME', help: 'such as create' },
  state: {
    type: 'string',
    multiple: true,
    value: 'STATE',
    help: 'pending, processing, unknown, success or failure; may be repeated',
  },
  since: { type: 'string', value: 'TIME', help: 'begun at this time or later, such as 2026-01-31T12:00:00Z' },
  until: { type: 'string', value: 'TIME', help: 'begun before this time' },
  'changes-since': { type: 'string', value: 'TIME', help: 'changed at this time or later' },
  'all-projects': { type: 'boolean', help: 'of all projects (administrators)' },
  marker: { type: 'string', value: 'UUID', help: 'those that come after this task' },
};
