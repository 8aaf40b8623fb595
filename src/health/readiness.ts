import {
  Inject,
  Injectable,
  Logger,
  ServiceUnavailableException,
  type OnModuleDestroy,
} from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { DEPENDENCY_CHECKS, type DependencyCheck } from './dependency-check.js';

/** How long a dependency may take to answer, in milliseconds. */
const PATIENCE_MS = 2000;

/** How long a dependency's answer is reused, in milliseconds, so that health requests do not wear it out. */
const FRESH_MS = 1000;

/** The answer of `GET /readyz`. */
export interface ReadinessReport {
  status: 'ready' | 'not_ready' | 'shutting_down';
  /** Each dependency by its name, and nothing more about it, since no token is needed to read this. */
  checks: Record<string, 'up' | 'down'>;
  /** Further information from some of them, by their names. */
  about?: Record<string, object>;
}

/** Whether the server can do its work now. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private readonly logger = new Logger(Readiness.name);
  private readonly down = new Set<string>();
  private readonly running = new Map<string, Promise<void>>();
  private stopping = false;

  constructor(
    @Inject(DEPENDENCY_CHECKS) private readonly checks: DependencyCheck[],
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /** First step of a shutdown: a load balancer should look elsewhere. */
  onModuleDestroy(): void {
    this.stopping = true;
  }

  /** Asks all dependencies, at the same time, for two seconds at most. */
  async report(): Promise<ReadinessReport> {
    if (this.stopping) return { status: 'shutting_down', checks: {} };
    const { details } = await this.results();
    const checks = Object.fromEntries(
      Object.entries(details).map(([name, { status }]) => [name, status === 'down' ? 'down' : 'up'] as const),
    );
    this.logChanges(checks, details);
    const isMissing = this.checks.some(({ name, isOptional }) => !isOptional && checks[name] === 'down');
    const told = this.checks.flatMap((check) => {
      const about = check.about?.();
      return about === undefined ? [] : [[check.name, about] as const];
    });
    return {
      status: isMissing ? 'not_ready' : 'ready',
      checks,
      ...(told.length > 0 && { about: Object.fromEntries(told) }),
    };
  }

  /** Terminus throws its answer when something is down. */
  private async results(): Promise<HealthCheckResult> {
    try {
      return await this.health.check(
        this.checks.map(
          (check) => () =>
            this.indicators
              .check(check.name)
              .attempt(() => this.ask(check))
              .withTimeout(PATIENCE_MS)
              .cacheFor(FRESH_MS),
        ),
      );
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }

  /** One check at a time: a dependency that hangs must not gather checks, each on a connection of its own. */
  private ask(check: DependencyCheck): Promise<void> {
    const running = this.running.get(check.name);
    if (running !== undefined) return running;
    const asked = check.check().finally(() => this.running.delete(check.name));
    this.running.set(check.name, asked);
    return asked;
  }

  /** One line when a dependency goes down and one when it is back, not one for each check. */
  private logChanges(checks: ReadinessReport['checks'], details: HealthCheckResult['details']): void {
    for (const [name, status] of Object.entries(checks)) {
      if (status === 'down' && !this.down.has(name)) {
        this.down.add(name);
        this.logger.warn(`Not ready: ${name} is down: ${String(details[name]?.['message'])}`);
      } else if (status === 'up' && this.down.delete(name)) {
        this.logger.log(`${name} is up again`);
      }
    }
  }
}
