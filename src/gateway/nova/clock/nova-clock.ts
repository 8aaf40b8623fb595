import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common';
import { NovaSlow, NovaUnavailable } from '../reader/nova-reader.errors.js';
import { NovaReader, READER_CLOCK } from '../reader/nova-reader.js';
import { askOffset } from './ask-offset.js';
import { hullOf, type Offset, reachOf } from './offset.js';

/**
 * The source of Nova's time: Nova itself, which was asked whether a time has passed; the `Date` of its answers, which
 * may be the time of a proxy before it; or none.
 */
export type TimeSource = 'nova' | 'date' | 'none';

/** How long a measured offset is reused, in milliseconds. */
const FRESH_MS = 60_000;

/** How often its age is checked, in milliseconds. */
const BEAT_MS = 10_000;

/** How long it is allowed for, in milliseconds: Nova's records were written by its clock as it was then. */
const REMEMBERED_MS = 3_600_000;

/** A difference that is worth a warning, in milliseconds. */
const NOTABLE_MS = 5000;

/** A project that does not exist, so that Nova has no usage to add up. */
const NOBODY = 'tasktag-clock';

/**
 * The difference between Nova's clock and this one. A Nova under uWSGI sends no `Date`. But every Nova reveals whether
 * a time lies ahead of it: it refuses a usage that begins then with 400 (`_get_datetime_range` of
 * nova/api/openstack/compute/simple_tenant_usage.py). The same process uses the same clock to write down when it
 * accepted a request.
 */
@Injectable()
export class NovaClock implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(NovaClock.name);
  private readonly now: () => number;
  private readonly measured: { at: number; offset: Offset }[] = [];
  private asking: Promise<void> | null = null;
  private askedAt = -Infinity;
  private current: TimeSource = 'none';
  private said: string | null = null;
  private beat: NodeJS.Timeout | undefined;

  constructor(
    @Inject(NovaReader) private readonly reader: Pick<NovaReader, 'get' | 'dateOffset'>,
    @Optional() @Inject(READER_CLOCK) now?: () => number,
  ) {
    this.now = now ?? Date.now;
  }

  onApplicationBootstrap(): void {
    const beat = () => void this.known();
    this.beat = setInterval(beat, BEAT_MS).unref();
    beat();
  }

  onModuleDestroy(): void {
    clearInterval(this.beat);
  }

  /** The last source. */
  get source(): TimeSource {
    return this.offset === null ? 'none' : this.current;
  }

  /** How far Nova's clock is, or within the last hour was, ahead of this one; `null` if unknown. */
  get offset(): Offset | null {
    const since = this.now() - REMEMBERED_MS;
    return hullOf(this.measured.filter(({ at }) => at >= since).map(({ offset }) => offset));
  }

  /** The same, measured again if it is older than a minute. It never fails: without an answer the result is unknown. */
  async known(): Promise<Offset | null> {
    if (this.now() - this.askedAt >= FRESH_MS) {
      this.asking ??= this.ask().finally(() => (this.asking = null));
      await this.asking;
    }
    return this.offset;
  }

  private async ask(): Promise<void> {
    try {
      const told = await askOffset((time) => this.hasPassed(time), this.now);
      const offset = told ?? this.reader.dateOffset;
      this.askedAt = this.now();
      if (offset !== null) {
        this.current = told === null ? 'date' : 'nova';
        this.measured.push({ at: this.askedAt, offset });
      }
    } catch (error) {
      // A Nova that does not answer has not refused to answer: it is asked again with the next beat.
      if (!(error instanceof NovaUnavailable || error instanceof NovaSlow)) this.logger.warn(error);
      return;
    }
    const since = this.askedAt - REMEMBERED_MS;
    while ((this.measured[0]?.at ?? Infinity) < since) this.measured.shift();
    this.tell();
  }

  private async hasPassed(time: number): Promise<boolean | null> {
    const start = new Date(time).toISOString().slice(0, -1);
    const { status } = await this.reader.get(`/v2.1/os-simple-tenant-usage/${NOBODY}?start=${start}`, 1);
    if (status === 200) return true;
    return status === 400 ? false : null;
  }

  /** Logs a line at the start, and when the message would change. */
  private tell(): void {
    const { offset, source } = this;
    const isNotable = offset !== null && reachOf(offset) > NOTABLE_MS;
    const kind = `${source} ${isNotable}`;
    if (kind === this.said) return;
    this.said = kind;
    if (offset === null) {
      this.logger.warn(
        "Nova's clock is not known: Nova does not show the usage of projects to this server's user, and its answers " +
          'have no Date. Requests that leave no trace in Nova stay unknown',
      );
      return;
    }
    const from =
      source === 'nova' ? 'its own answers' : 'the Date of its answers, which may be that of a proxy';
    const line = `Nova's clock is known from ${from}: it is ${inSeconds(offset)} ahead of this server's`;
    if (isNotable) this.logger.warn(`The clocks of Nova and of this server differ. ${line}`);
    else this.logger.log(line);
  }
}

function inSeconds({ earliest, latest }: Offset): string {
  const [least, most] = [earliest, latest].map((ms) => (ms / 1000).toFixed(1));
  return `${least} to ${most} s`;
}
