import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common';
import { Pool } from 'undici';
import { Settings } from '../../../config/settings.js';
import { KeystoneSession } from '../../keystone/keystone-session.js';
import { KeystoneUnavailable } from '../../keystone/keystone.errors.js';
import { type Offset, offsetOfDate } from '../clock/offset.js';
import { boundedBody, type ReaderAnswer } from './bounded-body.js';
import { inTime } from './in-time.js';
import { NovaSlow, NovaUnavailable } from './nova-reader.errors.js';
import { fields, text } from './nova-views.js';

/** Injects the clock, in epoch milliseconds; by default the system's. */
export const READER_CLOCK = Symbol('READER_CLOCK');

/** Time limit of one GET in milliseconds, including Keystone's part. */
const TIME_LIMIT_MS = 10_000;

/** The same for the version document. */
const PROBE_MS = 2000;

/** The most connections; Nova's operators need not expect more at a time. */
const CONNECTIONS = 4;

/** How often Nova is contacted when nothing else does so, in milliseconds. */
const BEAT_MS = 10_000;

/** Silence after which this process must have been stopped, in milliseconds: Nova's work in that time is unknown. */
const LONGEST_GAP_MS = 60_000;

/** How long Nova's version counts as known, in milliseconds: an upgrade changes it. */
const VERSION_MS = 300_000;

/** Queries Nova as this server's own user. It only reads. */
@Injectable()
export class NovaReader implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly pool: Pool;
  private readonly prefix: string;
  private readonly now: () => number;
  private dated: Offset | null = null;
  private answered: { since: number; last: number } | null = null;
  private version: { minor: number; until: number } | null = null;
  private beat: NodeJS.Timeout | undefined;

  constructor(
    { NOVA_URL }: Settings,
    private readonly keystone: KeystoneSession,
    @Optional() @Inject(READER_CLOCK) now?: () => number,
  ) {
    const { origin, pathname } = new URL(NOVA_URL);
    this.prefix = pathname.replace(/\/+$/, '');
    this.now = now ?? Date.now;
    this.pool = new Pool(origin, { connections: CONNECTIONS, connect: { timeout: TIME_LIMIT_MS } });
  }

  /**
   * Since when Nova has answered this process without interruption, in epoch milliseconds; `null` when it does not.
   * A frozen Nova may still hold requests that it received before: so waiting for them counts from here.
   */
  get answeringSince(): number | null {
    return this.answered === null || this.now() - this.answered.last > LONGEST_GAP_MS
      ? null
      : this.answered.since;
  }

  /** Nova's clock according to the `Date` of its last answer; `null` if that had none, as under uWSGI. */
  get dateOffset(): Offset | null {
    return this.dated;
  }

  /** The minor number of Nova's highest microversion as last seen; `null` before that. It waits for nothing. */
  get lastKnownMicroversion(): number | null {
    return this.version?.minor ?? null;
  }

  /** Every replica must notice an interruption, also one that has no task to look up. */
  onApplicationBootstrap(): void {
    // By a request that needs Nova's database, as clients' requests do.
    const beat = () => void this.get('/v2.1/servers?limit=1', 1).catch(() => undefined);
    this.beat = setInterval(beat, BEAT_MS).unref();
    beat();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.beat);
    await this.pool.destroy();
  }

  /**
   * One GET. Nova's own refusals are answers too; a token that is no longer valid is renewed, once.
   *
   * @param path below the address of Nova, such as `/v2.1/servers`
   * @param minor of the wanted microversion 2.x; an older Nova is asked under its highest
   * @throws NovaUnavailable; NovaSlow if Nova works but does not answer this
   */
  async get(path: string, minor: number): Promise<ReaderAnswer> {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    let isSent = false;
    try {
      const version = Math.min(minor, await this.maxMicroversion());
      const token = await inTime(this.keystone.token(), signal);
      isSent = true;
      const answer = await this.ask(path, signal, { version, token });
      if (answer.status !== 401) return this.heard(answer);
      this.keystone.discard(token);
      const again = await this.ask(path, signal, {
        version,
        token: await inTime(this.keystone.token(), signal),
      });
      if (again.status === 401) throw new NovaUnavailable('it refuses the token of this server');
      return this.heard(again);
    } catch (error) {
      const lost = this.lost(error);
      if (isSent && isTimeout(error) && (await this.answersAtAll()))
        throw new NovaSlow(path.replace(/\?.*/, ''));
      throw lost;
    }
  }

  /**
   * The minor number of Nova's highest microversion, such as 93 for 2.93.
   *
   * @throws NovaUnavailable
   */
  async maxMicroversion(): Promise<number> {
    return this.version !== null && this.now() < this.version.until ? this.version.minor : this.readVersion();
  }

  /** By a request that needs no database. */
  private async answersAtAll(): Promise<boolean> {
    return this.ask('/v2.1', AbortSignal.timeout(PROBE_MS), {}).then(
      () => true,
      () => false,
    );
  }

  private async readVersion(): Promise<number> {
    try {
      const { body } = await this.ask('/v2.1', AbortSignal.timeout(TIME_LIMIT_MS), {});
      const version = text(fields(fields(body)['version'])['version']) ?? '';
      const minor = /^2\.(\d{1,5})$/.exec(version)?.[1];
      if (minor === undefined) throw new NovaUnavailable('there is no compute API 2.1');
      this.version = { minor: Number(minor), until: this.now() + VERSION_MS };
      this.heard();
      return this.version.minor;
    } catch (error) {
      throw this.lost(error);
    }
  }

  private async ask(
    path: string,
    signal: AbortSignal,
    { version, token }: { version?: number; token?: string },
  ): Promise<ReaderAnswer> {
    const asked = this.now();
    const { statusCode, headers, body } = await this.pool.request({
      method: 'GET',
      path: this.prefix + path,
      headers: {
        accept: 'application/json',
        ...(version !== undefined && { 'openstack-api-version': `compute 2.${version}` }),
        ...(token !== undefined && { 'x-auth-token': token }),
      },
      signal,
    });
    const answered = this.now();
    const answer = { status: statusCode, body: await boundedBody(body) };
    // Without this header it is a load balancer's, and 503 is keystonemiddleware's.
    const isNovas = headers['x-compute-request-id'] !== undefined || (path === '/v2.1' && statusCode === 200);
    if (!isNovas || statusCode > 500) throw new NovaUnavailable(`${path} was answered ${statusCode}`);
    this.dated = offsetOfDate(headers['date'], asked, answered);
    return answer;
  }

  private heard<T>(answer?: T): T {
    const now = this.now();
    this.answered = { since: this.answeringSince ?? now, last: now };
    return answer as T;
  }

  private lost(error: unknown): NovaUnavailable {
    this.answered = null;
    return error instanceof NovaUnavailable ? error : new NovaUnavailable(causeOf(error));
  }
}

function isTimeout(error: unknown): boolean {
  return (error as { name?: string }).name === 'TimeoutError';
}

/** Only the code of a failure: its text may quote the request. */
function causeOf(error: unknown): string {
  if (error instanceof KeystoneUnavailable) return `Keystone: ${error.reason}`;
  const { name, code } = error as { name?: string; code?: string };
  return name === 'TimeoutError' ? `no answer in ${TIME_LIMIT_MS} ms` : (code ?? name ?? 'unknown');
}
