import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from 'prom-client';

/** The metrics of a worker: a registry of prom-client as JSON. */
export type WorkerFigures = MetricObjectWithValues<MetricValue<string>>[];

/** Types of metrics that only grow. */
const GROWING: unknown[] = ['counter', 'histogram'];

/**
 * The metrics of all workers as those of one server; the `aggregator` of each metric says how to combine them.
 *
 * Counters must never shrink: the last values of a worker that has ended, or does not answer, still count. A lower sum
 * would be taken for a restart, and counted again.
 */
export class SumOfFigures {
  private readonly last = new Map<number, WorkerFigures>();
  private ended: WorkerFigures = [];

  /**
   * @param reported by the numbers of the workers; null when one did not answer
   * @returns the sum in the text format of Prometheus
   */
  text(reported: ReadonlyMap<number, WorkerFigures | null>): Promise<string> {
    const all = [this.ended];
    for (const [worker, figures] of reported) {
      all.push(figures ?? this.grown(worker));
      if (figures !== null) this.last.set(worker, figures);
    }
    return AggregatorRegistry.aggregate(all).metrics();
  }

  /** Keeps the last report of a worker that has ended. */
  end(worker: number): void {
    const sum = AggregatorRegistry.aggregate([this.ended, this.grown(worker)]);
    // Plain metrics with their values: `aggregate` has nothing left to collect.
    this.ended = sum.getMetricsAsArray() as WorkerFigures;
    this.last.delete(worker);
  }

  private grown(worker: number): WorkerFigures {
    return (this.last.get(worker) ?? []).filter(({ type }) => GROWING.includes(type));
  }
}
