import { plainToInstance, Transform } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateBy,
  validateSync,
} from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { parseDateTime } from '../openstack/date-time.js';
import { BadRequest } from '../openstack/faults.js';
import { MAX_TAG_BYTES, type Tag } from '../tasks/tag.js';
import { isSearch, SEARCH_RULE, type TaskFilter } from '../tasks/task.filter.js';
import { TASK_STATES, type TaskState } from '../tasks/task.states.js';
import type { Page } from '../tasks/tasks.service.js';
import { type AskedWait, askedWait, LONGEST_WAIT_S, WAIT_RULE } from '../tasks/waiting/asked-wait.js';
import { queryPairs, splitUrl, toText } from '../url/percent-encoding.js';

/** The longest page, and the length without `limit`; Nova's own default. */
const MAX_LIMIT = 1000;

const NO_TIME = 'It must be a date and time, such as 2026-01-31T12:00:00Z.';

const TRUE = ['1', 'true', 'True'];
const FALSE = ['0', 'false', 'False'];

const WAIT = { message: `It must be ${WAIT_RULE}.` };

/** The query parameter of all look-ups. Values are kept as the client wrote them until they are checked. */
class LookUpQuery {
  @IsOptional()
  @Transform(wholeNumber)
  @IsInt(WAIT)
  @Min(0, WAIT)
  @Max(LONGEST_WAIT_S, WAIT)
  wait?: number;
}

/** The query parameters of all lists of tasks. */
class ListQuery extends LookUpQuery {
  @IsOptional()
  @Transform(wholeNumber)
  @IsInt({ message: 'It must be a whole number.' })
  @Min(0, { message: 'It must not be negative.' })
  limit?: number;

  @IsOptional()
  @IsUUID(undefined, { message: 'It must be the uuid of a task.' })
  marker?: string;

  @IsOptional()
  @IsIn(TASK_STATES, { each: true, message: `It must be one of ${TASK_STATES.join(', ')}.` })
  state?: TaskState[];

  @IsOptional()
  @Length(1, 64, { message: 'It must be the name of a task, such as create.' })
  task?: string;

  @IsOptional()
  @IsISO8601({ strict: true }, { message: NO_TIME })
  'changes-since'?: string;
}

/** The parameters of `GET /tasks`, which covers all servers. */
class ProjectListQuery extends ListQuery {
  @IsOptional()
  @ValidateBy(
    { name: 'isSearch', validator: { validate: isSearchText } },
    { message: `It must have ${SEARCH_RULE}.` },
  )
  q?: string;

  @IsOptional()
  @IsISO8601({ strict: true }, { message: NO_TIME })
  since?: string;

  @IsOptional()
  @IsISO8601({ strict: true }, { message: NO_TIME })
  until?: string;

  @IsOptional()
  @IsIn(['true', 'false'], { message: 'It must be true or false.' })
  counts?: string;

  @IsOptional()
  @Length(1, MAX_TAG_BYTES, { message: `It must have 1 to ${MAX_TAG_BYTES} bytes.` })
  tag?: Tag;

  @IsOptional()
  @Length(1, 64, { message: 'It must be a request id, such as req-….' })
  request_id?: string;

  @IsOptional()
  @IsUUID(undefined, { message: 'It must be the id of a server.' })
  server?: string;

  @IsOptional()
  @IsIn([...TRUE, ...FALSE], { message: 'It must be 1 or 0.' })
  all_tenants?: string;
}

/** A list request's filter and page, without the project, which comes from the token. */
export interface TaskQuery {
  filter: Omit<TaskFilter, 'projectId'>;
  page: Page;
  /** How long to wait first; `null`: not at all. */
  wait: AskedWait | null;
  allTenants: boolean;
  /** Whether tasks are to be counted by their states. */
  counts: boolean;
}

/** Reads the query of `GET /servers/{tag-or-id}/tasks`. */
export function readListQuery(request: FastifyRequest): TaskQuery {
  return toTaskQuery(request, read(request, ListQuery));
}

/**
 * Reads the query of `GET /tasks`. A wait needs a tag or a server: a whole project has no end.
 *
 * @throws BadRequest also for a wait that cannot end
 */
export function readProjectListQuery(request: FastifyRequest): TaskQuery {
  const query = toTaskQuery(request, read(request, ProjectListQuery));
  const { filter, allTenants, wait } = query;
  const mayWait = !allTenants && (filter.tag !== undefined || filter.subject !== undefined);
  if (mayWait || wait === null) return query;
  // A preference that cannot be met is ignored (RFC 7240).
  if (wait.isPreferred) return { ...query, wait: null };
  throw new BadRequest(
    'Invalid input for query parameters wait. It needs a tag or a server to wait for, and no all_tenants.',
  );
}

/** Reads how long to wait from the query of one task, which takes no other parameter, and ignores them. */
export function readWait(request: FastifyRequest): AskedWait | null {
  return askedWait(read(request, LookUpQuery, ['wait']).wait, request.headers.prefer);
}

/**
 * @param only the parameters that count; others are ignored. @default all, and there are no others
 * @throws BadRequest for a parameter that is unknown, repeated, or invalid: silently ignoring a filter would show tasks
 *   that were not asked for
 */
function read<Query extends LookUpQuery>(
  request: FastifyRequest,
  type: new () => Query,
  only?: readonly string[],
): Query {
  const [, query] = splitUrl(request.originalUrl);
  // Most look-ups have no parameters.
  if (query === '') return new type();
  const given: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of queryPairs(query)) {
    if (only?.includes(name) === false) continue;
    // class-transformer skips names that every object has, so they would pass unchecked.
    if (name in Object.prototype) throw unexpected(name);
    if (name === 'state') given[name] = [...(given[name] ?? []), value];
    else if (name in given)
      throw new BadRequest(`Invalid input for query parameters ${toText(name)}. It was given twice.`);
    else given[name] = name === 'tag' || name === 'q' ? value : toText(value);
  }
  const checked = plainToInstance(type, { ...given });
  const [error] = validateSync(checked, { whitelist: true, forbidNonWhitelisted: true });
  if (error === undefined) return checked;
  const name = toText(error.property);
  if (error.constraints?.['whitelistValidation'] !== undefined) throw unexpected(name);
  const [rule] = Object.values(error.constraints ?? {});
  throw new BadRequest(
    `Invalid input for query parameters ${name}. Value: ${toText(String(error.value))}. ${rule}`,
  );
}

function unexpected(name: string): BadRequest {
  return new BadRequest(`Additional properties are not allowed ('${name}' was unexpected)`);
}

function isSearchText(value: unknown): boolean {
  return typeof value === 'string' && isSearch(value);
}

function wholeNumber({ value }: { value: string }): number | string {
  return /^\d{1,9}$/.test(value) ? Number(value) : value;
}

function toTaskQuery(request: FastifyRequest, query: ListQuery & Partial<ProjectListQuery>): TaskQuery {
  const changesSince = query['changes-since'];
  const { since, until } = query;
  const [from, to] = [since && epochOf('since', since), until && epochOf('until', until)];
  if (typeof from === 'number' && typeof to === 'number' && from > to)
    throw new BadRequest(
      `Invalid input for query parameters since. Value: ${since}. It is later than until.`,
    );
  return {
    filter: {
      ...(query.tag !== undefined && { tag: query.tag }),
      ...(query.server !== undefined && { subject: query.server.toLowerCase() }),
      ...(query.request_id !== undefined && { requestId: query.request_id }),
      ...(query.state !== undefined && { states: query.state }),
      ...(query.task !== undefined && { task: query.task }),
      ...(changesSince !== undefined && { changesSince: epochOf('changes-since', changesSince) }),
      ...(query.q !== undefined && { search: query.q }),
      ...(typeof from === 'number' && { since: from }),
      ...(typeof to === 'number' && { until: to }),
    },
    page: {
      limit: Math.min(query.limit ?? MAX_LIMIT, MAX_LIMIT),
      ...(query.marker !== undefined && { marker: query.marker.toLowerCase() }),
    },
    wait: askedWait(query.wait, request.headers.prefer),
    allTenants: query.all_tenants !== undefined && TRUE.includes(query.all_tenants),
    counts: query.counts === 'true',
  };
}

/** ISO 8601 has forms that this program does not read, such as `2026-W05`. */
function epochOf(name: string, text: string): number {
  const time = parseDateTime(text);
  if (time !== null) return time;
  throw new BadRequest(`Invalid input for query parameters ${name}. Value: ${text}. ${NO_TIME}`);
}
