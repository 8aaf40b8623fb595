import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Settings } from '../config/settings.js';
import { Dialogue } from './dialogue.js';
import { isWorker } from './worker.js';

/** How long the primary may take to ask all workers, in milliseconds; it waits less for each of them. */
const PATIENCE_MS = 5000;

/** The metrics of the whole server, from any of its processes. */
@Injectable()
export class Figures {
  private readonly primary: Dialogue | null;

  constructor(
    private readonly registry: Registry,
    settings: Settings,
  ) {
    this.primary = isWorker(settings)
      ? new Dialogue(process, { figures: () => registry.getMetricsAsJSON() })
      : null;
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.primary?.ask<string>('figures', PATIENCE_MS) ?? this.registry.metrics();
  }
}
